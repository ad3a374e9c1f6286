// The versions of a prompt, newest first, each with its labels, what its author said, and a way to put labels on it.
import { useState } from 'react'

import { useMayAdminister, useMayWrite } from '../../api/queries'
import type { PromptVersionRow } from '../../api/types'
import { formatAgo, formatDateTime } from '../../lib/format'
import { labelProblem } from '../../lib/prompt'
import { Hostile } from '../../ui/Badge'
import { Button, IconButton } from '../../ui/Button'
import { cx } from '../../ui/cx'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { Notice } from '../../ui/Feedback'
import { TokenField } from '../../ui/TokenField'
import { useNow } from '../../ui/useNow'
import { Labels } from './Labels'
import styles from './prompts.module.css'
import { useSetLabels } from './queries'

interface VersionRailProps {
  projectId: string
  name: string
  versions: readonly PromptVersionRow[]
  shown: number
  protectedLabels: readonly string[]
  labelsInUse: Record<string, number>
  total: number
  onShow: (version: number) => void
  onMore: (() => void) | undefined
  loadingMore: boolean
}

export function VersionRail({ projectId, name, versions, shown, protectedLabels, labelsInUse, total, onShow, onMore, loadingMore }: VersionRailProps) {
  const now = useNow(60_000)
  const mayWrite = useMayWrite(projectId)
  const [labelling, setLabelling] = useState<PromptVersionRow | null>(null)
  const step = (by: number) => {
    const next = versions[versions.findIndex((row) => row.version === shown) + by]
    if (!next) return
    onShow(next.version)
    document.getElementById(`version-${next.version}`)?.focus()
  }
  return (
    <nav className={styles.rail} aria-label="Versions">
      <h2 className={styles.railTitle}>
        Versions <span className={styles.faint}>{total}</span>
      </h2>
      <ol
        className={styles.versions}
        onKeyDown={(event) => {
          const by = event.key === 'ArrowDown' || event.key === 'j' ? 1 : event.key === 'ArrowUp' || event.key === 'k' ? -1 : 0
          if (by === 0) return
          event.preventDefault()
          step(by)
        }}
      >
        {versions.map((row) => (
          <li key={row.version} className={cx(styles.version, row.version === shown && styles.versionShown)}>
            <button type="button" id={`version-${row.version}`} className={styles.versionButton} aria-current={row.version === shown ? 'true' : undefined} onClick={() => onShow(row.version)}>
              <span className={styles.versionTop}>
                <span className={styles.versionNumber}>v{row.version}</span>
                <Labels labels={row.labels} />
              </span>
              {row.commitMessage ? <span className={styles.commit}><Hostile text={row.commitMessage} /></span> : null}
              <span className={styles.by}>
                <time dateTime={row.createdAt} data-tip={formatDateTime(row.createdAt)}>{formatAgo(row.createdAt, now)}</time>
                {' · '}
                <Hostile text={row.createdByName ?? (row.createdBy === 'API' ? 'API' : 'someone')} />
              </span>
            </button>
            {mayWrite ? <IconButton icon="edit" size="sm" className={styles.labelButton} label={`Labels of version ${row.version}`} onClick={() => setLabelling(row)} /> : null}
          </li>
        ))}
      </ol>
      {onMore ? (
        <Button variant="ghost" busy={loadingMore} onClick={onMore}>
          Older versions
        </Button>
      ) : null}
      {labelling ? <LabelsDialog projectId={projectId} name={name} row={labelling} protectedLabels={protectedLabels} labelsInUse={labelsInUse} onClose={() => setLabelling(null)} /> : null}
    </nav>
  )
}

function LabelsDialog({ projectId, name, row, protectedLabels, labelsInUse, onClose }: { projectId: string; name: string; row: PromptVersionRow; protectedLabels: readonly string[]; labelsInUse: Record<string, number>; onClose: () => void }) {
  const save = useSetLabels(projectId, name)
  const mayAdminister = useMayAdminister(projectId)
  const own = row.labels.filter((label) => label !== 'latest')
  const [labels, setLabels] = useState(own)
  const locked = mayAdminister ? [] : [...protectedLabels]
  const moved = labels.filter((label) => !own.includes(label) && labelsInUse[label] != null)
  const dropped = own.filter((label) => !labels.includes(label))
  const problemOf = (label: string) => (locked.includes(label) ? `“${label}” is protected: ask an administrator to move it` : labelProblem(label))
  return (
    <Dialog title={`Labels of version ${row.version}`} onClose={onClose}>
      <DialogForm submitLabel="Save labels" disabled={labels.join() === own.join()} onCancel={onClose} onSubmit={async () => { await save.mutateAsync({ version: row.version, labels }); onClose() }}>
        <TokenField label="Labels" values={labels} onChange={setLabels} problemOf={problemOf} locked={locked} placeholder="production" hint="A label is on one version at a time: programs ask for it instead of a number." suggestions={[...new Set(['production', 'staging', ...Object.keys(labelsInUse)])].filter((label) => label !== 'latest')} />
        {moved.length > 0 ? <Notice tone="warning">{moved.map((label) => `“${label}” leaves version ${labelsInUse[label] ?? ''}`).join('; ')}. Programs that ask for it get version {row.version} within a minute.</Notice> : null}
        {dropped.length > 0 ? <Notice tone="warning">No version will have {dropped.map((label) => `“${label}”`).join(', ')}: programs that ask for it get an error, or their fallback.</Notice> : null}
      </DialogForm>
    </Dialog>
  )
}
