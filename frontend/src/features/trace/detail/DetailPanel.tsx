// The right side of a trace's page: everything about the selected observation, or about the trace itself. Texts are asked for
// only when an observation is selected.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { messageOf } from '../../../api/client'
import { useMayWrite } from '../../../api/queries'
import type { ObservationDetail, TraceDetail } from '../../../api/types'
import type { DetailTab, TextFormat, TraceSearch } from '../../../lib/traceSearch'
import { Button } from '../../../ui/Button'
import { ErrorState, LoadingState } from '../../../ui/Feedback'
import { Segmented, Tabs, type Choice } from '../../../ui/Tabs'
import { JsonViewer } from '../../../ui/content/JsonViewer'
import { AddToDatasetDialog, AddToQueueDialog } from '../../traces/lazy'
import { Comments, commentsQuery } from '../../comments/Comments'
import { MediaView } from '../../../ui/content/MediaText'
import { observationQuery } from '../queries'
import type { Node } from '../rows'
import styles from './DetailPanel.module.css'
import { InputOutput } from './InputOutput'
import { MetadataTable } from './MetadataTable'
import { NodeHeader } from './NodeHeader'
import { ScoresTab } from './ScoresTab'
import { UsageTable } from './UsageTable'

const FORMATS: Choice<TextFormat>[] = [
  { value: 'formatted', label: 'Formatted' },
  { value: 'json', label: 'JSON' },
]

interface DetailPanelProps {
  projectId: string
  detail: TraceDetail
  node: Node | null
  tab: DetailTab
  format: TextFormat
  onSearch: (change: Partial<TraceSearch>) => void
  onSelect: (id: string | null) => void
}

export function DetailPanel({ projectId, detail, node, tab, format, onSearch, onSelect }: DetailPanelProps) {
  const { trace } = detail
  const span = node?.span ?? null
  // A running observation changes: its end is part of the key, so that finished texts replace unfinished ones.
  const texts = useQuery({ ...observationQuery(projectId, trace.id, span?.id ?? '', `${span?.endTime ?? ''} ${span?.outputLength ?? ''}`), enabled: span != null })
  const scores = detail.scores.filter((score) => (span ? score.observationId === span.id : true))

  const comments = useQuery(commentsQuery(projectId, span ? 'OBSERVATION' : 'TRACE', span?.id ?? trace.id))

  const tabs: Choice<DetailTab>[] = [
    { value: 'io', label: 'Input & output' },
    { value: 'metadata', label: 'Metadata' },
    ...(!span || span.usage.total > 0 || span.totalCost != null || span.providedModel != null ? [{ value: 'usage' as const, label: 'Usage' }] : []),
    { value: 'scores', label: 'Scores', count: scores.length },
    { value: 'comments', label: 'Comments', count: comments.data?.length },
    { value: 'raw', label: 'Raw' },
  ]
  const shown = tabs.some((choice) => choice.value === tab) ? tab : 'io'
  const body: ObservationDetail | undefined = span ? texts.data : { id: trace.id, input: trace.input, output: trace.output, metadata: trace.metadata }

  return (
    <section className={styles.panel} aria-label={span ? 'Details of the observation' : 'Details of the trace'}>
      <NodeHeader trace={trace} node={node} onSelect={onSelect} />
      <Tabs
        label="Details"
        choices={tabs}
        value={shown}
        onChange={(next) => onSearch({ tab: next === 'io' ? undefined : next })}
      />
      <div className={styles.body} key={span?.id ?? 'trace'} role="tabpanel" aria-label={tabs.find((choice) => choice.value === shown)?.label}>
        {shown === 'usage' ? <UsageTable trace={trace} span={span} observations={detail.observations} /> : null}
        {shown === 'scores' ? <ScoresTab projectId={projectId} traceId={trace.id} observationId={span?.id} scores={scores} observations={detail.observations} onSelect={onSelect} /> : null}
        {shown === 'comments' ? <Comments projectId={projectId} objectType={span ? 'OBSERVATION' : 'TRACE'} objectId={span?.id ?? trace.id} /> : null}
        {shown === 'usage' || shown === 'scores' || shown === 'comments' ? null
        : texts.isError && span ? <ErrorState title="The texts could not be loaded" message={messageOf(texts.error)} onRetry={() => void texts.refetch()} />
        : !body ? <LoadingState />
        : shown === 'metadata' ? <MetadataTable metadata={body.metadata} parameters={body.modelParameters} />
        : shown === 'raw' ? <div className={styles.raw}><MediaView value={null}><JsonViewer value={span ? { ...span, ...body } : { ...trace }} label="raw JSON" fill /></MediaView></div>
        : (
          <>
            <InputOutput input={body.input} output={body.output} type={span?.type ?? 'TRACE'} format={format} statusMessage={span?.statusMessage ?? null} level={span?.level ?? 'DEFAULT'} choice={<Segmented label="Format" choices={FORMATS} value={format} onChange={(next) => onSearch({ format: next === 'formatted' ? undefined : next })} />} />
            {span ? <UseAsItem projectId={projectId} traceId={trace.id} body={body} /> : null}
          </>
        )}
      </div>
    </section>
  )
}

function UseAsItem({ projectId, traceId, body }: { projectId: string; traceId: string; body: ObservationDetail }) {
  const mayWrite = useMayWrite(projectId)
  const [dialog, setDialog] = useState<'dataset' | 'queue' | null>(null)
  if (!mayWrite) return null
  return (
    <div className={styles.useAs}>
      <Button icon="dataset" onClick={() => setDialog('dataset')}>
        Add to dataset
      </Button>
      <Button icon="queue" onClick={() => setDialog('queue')}>
        Add to queue
      </Button>
      {dialog === 'dataset' ? <AddToDatasetDialog projectId={projectId} source={{ traceId, observationId: body.id, input: body.input, output: body.output }} onClose={() => setDialog(null)} /> : null}
      {dialog === 'queue' ? <AddToQueueDialog projectId={projectId} objects={[{ objectId: body.id, objectType: 'OBSERVATION' }]} onClose={() => setDialog(null)} /> : null}
    </div>
  )
}
