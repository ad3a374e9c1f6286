// One version: its messages, what it needs, what it includes, and its config.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { messageOf } from '../../api/client'
import type { PromptVersionRow } from '../../api/types'
import { placeholdersOf, readContent, referencesOf, variablesOf } from '../../lib/prompt'
import { formatDateTime } from '../../lib/format'
import { visibleLine } from '../../lib/visibleText'
import { Hostile } from '../../ui/Badge'
import { ErrorState, InlineError, LoadingState } from '../../ui/Feedback'
import { Segmented } from '../../ui/Tabs'
import { Section } from '../../ui/Page'
import { JsonViewer } from '../../ui/content/JsonViewer'
import { PromptView } from './PromptText'
import styles from './prompts.module.css'
import { promptVersionQuery, resolvedPromptQuery } from './queries'

export function PromptVersion({ projectId, name, row }: { projectId: string; name: string; row: PromptVersionRow }) {
  const version = useQuery(promptVersionQuery(projectId, name, row.version))
  const [view, setView] = useState<'written' | 'resolved'>('written')
  const content = version.data ? readContent(version.data.prompt) : ''
  const references = referencesOf(content)
  const resolved = useQuery({ ...resolvedPromptQuery(projectId, name, row.version), enabled: view === 'resolved' && references.length > 0 })
  if (version.isPending) return <LoadingState label="Loading version" />
  if (version.isError) return <ErrorState title="The version could not be loaded" message={messageOf(version.error)} onRetry={() => void version.refetch()} />

  const variables = variablesOf(content)
  const placeholders = placeholdersOf(content)
  const config: unknown = version.data.config
  const hasConfig = typeof config === 'object' && config !== null ? Object.keys(config).length > 0 : config != null
  return (
    <>
      <p className={styles.said}>
        <strong>Version {row.version}</strong>
        {row.commitMessage ? <> · <Hostile text={row.commitMessage} /></> : null}
        <span className={styles.faint}>
          {' '}· {formatDateTime(row.createdAt)} by <Hostile text={row.createdByName ?? (row.createdBy === 'API' ? 'an API key' : 'someone who is gone')} />
        </span>
      </p>
      {variables.length + placeholders.length > 0 ? (
        <div className={styles.needs}>
          {variables.length > 0 ? <Needs label="Variables" names={variables} /> : null}
          {placeholders.length > 0 ? <Needs label="Placeholders" names={placeholders} /> : null}
        </div>
      ) : null}
      <Section
        title="Prompt"
        actions={references.length > 0 ? <Segmented label="References" choices={[{ value: 'written', label: 'As written' }, { value: 'resolved', label: 'With what it includes' }]} value={view} onChange={setView} /> : null}
      >
        {view === 'resolved' && references.length > 0 ? (
          resolved.isPending ? <LoadingState label="Putting the parts together" />
          : resolved.isError ? <InlineError>It cannot be put together: {messageOf(resolved.error)}</InlineError>
          : <PromptView projectId={projectId} content={readContent(resolved.data.prompt)} />
        ) : <PromptView projectId={projectId} content={content} />}
      </Section>
      <Section title="Config">{hasConfig ? <JsonViewer value={config} label="config" /> : <p className={styles.faint}>No config. Model names, temperature or tools can be kept here beside the text.</p>}</Section>
    </>
  )
}

function Needs({ label, names }: { label: string; names: readonly string[] }) {
  return (
    <span className={styles.need}>
      <span className={styles.faint}>{label}</span>
      {names.slice(0, 40).map((name) => (
        <code key={name} className={styles.variable}>
          {visibleLine(name)}
        </code>
      ))}
    </span>
  )
}
