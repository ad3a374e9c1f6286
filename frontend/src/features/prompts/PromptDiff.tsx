// What changed between two versions of a prompt.
import { useQueries } from '@tanstack/react-query'

import { messageOf } from '../../api/client'
import type { PromptVersionRow } from '../../api/types'
import { contentText, readContent } from '../../lib/prompt'
import { EmptyState, ErrorState, LoadingState } from '../../ui/Feedback'
import { Select } from '../../ui/Field'
import { DiffView } from '../../ui/content/DiffView'
import styles from './prompts.module.css'
import { promptVersionQuery } from './queries'

export function PromptDiff({ projectId, name, versions, shown, base, onBase }: { projectId: string; name: string; versions: readonly PromptVersionRow[]; shown: number; base: number | null; onBase: (version: number) => void }) {
  const others = versions.filter((row) => row.version !== shown)
  const before = others.find((row) => row.version === base)?.version ?? others.find((row) => row.version < shown)?.version ?? others[0]?.version
  const queries = useQueries({ queries: [before ?? 0, shown].map((version) => ({ ...promptVersionQuery(projectId, name, version), enabled: before != null })) })
  if (before == null) return <EmptyState icon="history" title="Nothing to compare with yet">This is the only version. Save another one to see what changed.</EmptyState>
  const [left, right] = queries
  const failed = queries.find((query) => query.isError)
  return (
    <>
      <div className={styles.compare}>
        <Select label="Compare with" value={String(before)} onChange={(event) => onBase(Number(event.target.value))}>
          {others.map((row) => (
            <option key={row.version} value={row.version}>
              Version {row.version}
              {row.labels.length > 0 ? ` (${row.labels.join(', ')})` : ''}
            </option>
          ))}
        </Select>
        <span className={styles.faint}>Removed lines are version {before}, added lines version {shown}.</span>
      </div>
      {failed ? <ErrorState title="The versions could not be loaded" message={messageOf(failed.error)} onRetry={() => queries.forEach((query) => void query.refetch())} />
      : !left?.data || !right?.data ? <LoadingState label="Loading both versions" />
      : (
        <>
          <DiffView label="Prompt" before={contentText(readContent(left.data.prompt))} after={contentText(readContent(right.data.prompt))} beforeName={`version ${before}`} afterName={`version ${shown}`} />
          <DiffView label="Config" before={JSON.stringify(left.data.config ?? {}, null, 2)} after={JSON.stringify(right.data.config ?? {}, null, 2)} beforeName={`version ${before}`} afterName={`version ${shown}`} />
        </>
      )}
    </>
  )
}
