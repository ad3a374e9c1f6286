// Score configs: which scores people give, and within which limits.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import { messageOf } from '../../api/client'
import { useMayWrite } from '../../api/queries'
import type { ScoreConfig } from '../../api/types'
import { formatDateTime } from '../../lib/format'
import { Badge, Hostile } from '../../ui/Badge'
import { Button, IconButton } from '../../ui/Button'
import { EmptyState, ErrorState, LoadingState } from '../../ui/Feedback'
import { Checkbox } from '../../ui/Field'
import { Lead, PageBody } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { Table, tableStyles } from '../../ui/Table'
import { toast } from '../../ui/Toast'
import { ConfigDialog } from './ConfigDialog'
import { scoreConfigsQuery, useSaveConfig } from './queries'

const route = getRouteApi('/app/project/$projectId/settings/score-configs')

export const TYPE_NAMES: Record<string, string> = { NUMERIC: 'number', BOOLEAN: 'yes / no', CATEGORICAL: 'category', TEXT: 'text' }

export function ScoreConfigsPage() {
  const { projectId } = route.useParams()
  const configs = useQuery(scoreConfigsQuery(projectId))
  const mayWrite = useMayWrite(projectId)
  const [editing, setEditing] = useState<ScoreConfig | 'new' | null>(null)
  const [archived, setArchived] = useState(false)
  const save = useSaveConfig(projectId)
  const rows = (configs.data ?? []).filter((config) => archived || !config.isArchived)
  const hidden = (configs.data ?? []).length - rows.length
  const archive = (config: ScoreConfig) => save.mutate({ id: config.id, body: { isArchived: !config.isArchived } }, { onSuccess: () => toast(config.isArchived ? 'Config active again' : 'Config archived: no new scores with it'), onError: (error) => toast(`Not changed: ${messageOf(error)}`, 'error') })

  return (
    <>
      <PageHeader title="Score configs">
        {mayWrite ? (
          <Button variant="primary" icon="plus" onClick={() => setEditing('new')}>
            New config
          </Button>
        ) : null}
      </PageHeader>
      <PageBody>
        <Lead>A config says what a score may be: a number within limits, yes or no, or one of some categories. People choose from these when they annotate, so that their scores can be compared.</Lead>
        {configs.isPending ? <LoadingState label="Loading configs" />
        : configs.isError ? <ErrorState title="The configs could not be loaded" message={messageOf(configs.error)} onRetry={() => void configs.refetch()} />
        : configs.data.length === 0 ? <EmptyState icon="evaluator" title="No score configs yet" actions={mayWrite ? <Button variant="primary" onClick={() => setEditing('new')}>Create the first config</Button> : null}>For example “correct” as yes / no, or “tone” with the categories friendly, neutral and rude.</EmptyState>
        : (
          <>
            <Table label="Score configs" head={['Name', 'Type', 'Allowed', 'Description', 'Created', { label: 'Actions', hidden: true }]}>
              {rows.map((config) => (
                <tr key={config.id}>
                  <td className={tableStyles.name}>
                    <Hostile text={config.name} /> {config.isArchived ? <Badge tone="amber">archived</Badge> : null}
                  </td>
                  <td>{TYPE_NAMES[config.dataType] ?? config.dataType.toLowerCase()}</td>
                  <td className={tableStyles.wide}>
                    <Allowed config={config} />
                  </td>
                  <td className={tableStyles.wide}>{config.description ? <Hostile text={config.description} /> : <span className={tableStyles.faint}>–</span>}</td>
                  <td>{formatDateTime(config.createdAt).slice(0, 10)}</td>
                  <td className={tableStyles.actions}>
                    {mayWrite ? (
                      <>
                        <IconButton icon="edit" size="sm" label={`Edit ${config.name}`} onClick={() => setEditing(config)} />
                        <IconButton icon="archive" size="sm" label={config.isArchived ? `Make ${config.name} active` : `Archive ${config.name}`} active={config.isArchived} onClick={() => archive(config)} />
                      </>
                    ) : null}
                  </td>
                </tr>
              ))}
            </Table>
            {archived || hidden > 0 ? <Checkbox label={archived ? 'Show archived configs' : `Show archived configs (${hidden})`} checked={archived} onChange={setArchived} /> : null}
          </>
        )}
      </PageBody>
      {editing ? <ConfigDialog projectId={projectId} config={editing === 'new' ? null : editing} onClose={() => setEditing(null)} /> : null}
    </>
  )
}

function Allowed({ config }: { config: ScoreConfig }) {
  if (config.dataType === 'NUMERIC') {
    const { minValue, maxValue } = config
    return <>{minValue == null && maxValue == null ? 'any number' : minValue == null ? `up to ${maxValue ?? ''}` : maxValue == null ? `from ${minValue}` : `${minValue} to ${maxValue}`}</>
  }
  if (config.dataType === 'CATEGORICAL') return <Hostile text={(config.categories ?? []).map((category) => category.label).join(', ')} />
  return <>{config.dataType === 'BOOLEAN' ? 'yes, no' : 'up to 500 characters'}</>
}
