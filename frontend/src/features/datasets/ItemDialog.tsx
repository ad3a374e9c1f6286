// One item: read, written or changed; JSON is checked while it is typed, against the dataset's schemas too.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { isStatus, messageOf } from '../../api/client'
import type { Dataset, DatasetItem } from '../../api/types'
import { formatDateTime } from '../../lib/format'
import { editable, parseOptional } from '../../lib/jsonText'
import { schemaProblems } from '../../lib/jsonSchema'
import { traceLink } from '../../paths'
import { Badge, Hostile } from '../../ui/Badge'
import { IconButton } from '../../ui/Button'
import { JsonField } from '../../ui/CodeField'
import { CopyButton } from '../../ui/CopyButton'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { InlineError, LoadingState, Notice } from '../../ui/Feedback'
import { Checkbox, TextField } from '../../ui/Field'
import { toast } from '../../ui/Toast'
import { Value } from '../../ui/content/Value'
import styles from './datasets.module.css'
import { experimentItemRunsQuery, itemQuery, useSaveItem } from './queries'

interface ItemDialogProps {
  projectId: string
  dataset: Dataset
  /** `new` for one that is yet to be. */
  id: string
  known: DatasetItem | null
  readOnly: boolean
  neighbours: readonly string[]
  onShow: (id: string) => void
  onClose: () => void
}

export function ItemDialog({ projectId, dataset, id, known, readOnly, neighbours, onShow, onClose }: ItemDialogProps) {
  const isNew = id === 'new'
  const item = useQuery({ ...itemQuery(projectId, id), enabled: !isNew && known == null })
  const shown = known ?? item.data ?? null
  const at = neighbours.indexOf(id)
  const next = neighbours[at + 1]
  const previous = at > 0 ? neighbours[at - 1] : undefined
  return (
    <Dialog title={isNew ? 'New item' : 'Item'} onClose={onClose} width={720} sticky={!readOnly}>
      {!isNew && shown == null ? (
        item.isError ? <InlineError>{isStatus(item.error, 404) ? 'This item is not in the dataset any more.' : messageOf(item.error)}</InlineError> : <LoadingState label="Loading item" />
      ) : (
        <>
          {shown ? (
            <div className={styles.itemHead}>
              <code className={styles.idCell}><Hostile text={shown.id} /></code>
              <CopyButton text={shown.id} label="Copy the item’s id" />
              {shown.status === 'ARCHIVED' ? <Badge tone="amber">archived</Badge> : null}
              <span className={styles.faint}>changed {formatDateTime(shown.updatedAt)}</span>
              {shown.sourceTraceId ? (
                <Link {...traceLink(projectId, shown.sourceTraceId, shown.sourceObservationId ?? undefined)} className={styles.link}>
                  from a trace
                </Link>
              ) : null}
              <span className={styles.gap} />
              {at >= 0 ? (
                <>
                  <IconButton icon="chevronUp" size="sm" label="Previous item" disabled={previous == null} onClick={() => previous != null && onShow(previous)} />
                  <IconButton icon="chevronDown" size="sm" label="Next item" disabled={next == null} onClick={() => next != null && onShow(next)} />
                </>
              ) : null}
            </div>
          ) : null}
          {readOnly && shown ? <ReadItem item={shown} /> : <ItemForm projectId={projectId} dataset={dataset} item={shown} onClose={onClose} />}
          {shown ? <ItemRuns projectId={projectId} item={shown} /> : null}
        </>
      )}
    </Dialog>
  )
}

function ReadItem({ item }: { item: DatasetItem }) {
  return (
    <div className={styles.read}>
      {([['Input', item.input], ['Expected output', item.expectedOutput], ['Metadata', item.metadata]] as const).map(([label, value]) => (
        <section key={label} aria-label={label}>
          <h3 className={styles.readTitle}>{label}</h3>
          {value == null ? <p className={styles.faint}>none</p> : <Value value={value} label={label.toLowerCase()} prose={false} />}
        </section>
      ))}
    </div>
  )
}

export interface ItemDraft {
  input: string
  expectedOutput: string
  metadata: string
}

/** What is wrong with the values by the dataset's schemas; null when nothing can be told. */
export function draftProblem(schema: unknown, text: string): string | null {
  const parsed = parseOptional(text)
  if (!parsed.ok || schema == null || parsed.value === undefined) return null
  const problems = schemaProblems(schema, parsed.value)
  return problems.length > 0 ? `Does not fit the schema: ${problems.join('; ')}` : null
}

function ItemForm({ projectId, dataset, item, onClose }: { projectId: string; dataset: Dataset; item: DatasetItem | null; onClose: () => void }) {
  const save = useSaveItem(projectId)
  const [id, setId] = useState('')
  const [draft, setDraft] = useState<ItemDraft>({ input: editable(item?.input), expectedOutput: editable(item?.expectedOutput), metadata: editable(item?.metadata) })
  const [archived, setArchived] = useState(item?.status === 'ARCHIVED')
  const set = (change: Partial<ItemDraft>) => setDraft((current) => ({ ...current, ...change }))
  const parsed = { input: parseOptional(draft.input), expectedOutput: parseOptional(draft.expectedOutput), metadata: parseOptional(draft.metadata) }
  const inputProblem = draftProblem(dataset.inputSchema, draft.input)
  const outputProblem = draftProblem(dataset.expectedOutputSchema, draft.expectedOutput)
  const missing = item == null && dataset.inputSchema != null && draft.input.trim() === ''
  const emptied = item != null && ((item.input != null && draft.input.trim() === '') || (item.expectedOutput != null && draft.expectedOutput.trim() === '') || (item.metadata != null && draft.metadata.trim() === ''))
  const valid = parsed.input.ok && parsed.expectedOutput.ok && parsed.metadata.ok && !missing && inputProblem == null && outputProblem == null
  const submit = async () => {
    if (!parsed.input.ok || !parsed.expectedOutput.ok || !parsed.metadata.ok) return
    await save.mutateAsync({
      datasetName: dataset.name, id: item?.id ?? (id.trim() === '' ? undefined : id.trim()),
      input: parsed.input.value, expectedOutput: parsed.expectedOutput.value, metadata: parsed.metadata.value, status: archived ? 'ARCHIVED' : 'ACTIVE',
    })
    toast(item ? 'Item saved. Earlier runs keep what they saw.' : 'Item added')
    onClose()
  }
  return (
    <DialogForm submitLabel={item ? 'Save item' : 'Add item'} disabled={!valid} onSubmit={submit} onCancel={onClose}>
      <JsonField label="Input" autoFocus={item == null} value={draft.input} onChange={(input) => set({ input })} problem={inputProblem} minLines={5} maxLines={16} placeholder={'{ "question": "What is the capital of France?" }'} hint={missing ? 'JSON. The dataset’s schema asks for an input.' : 'JSON. A text is written in quotes: "What is …?"'} />
      <JsonField label="Expected output (optional)" value={draft.expectedOutput} onChange={(expectedOutput) => set({ expectedOutput })} problem={outputProblem} minLines={3} maxLines={14} placeholder={'"Paris"'} />
      <JsonField label="Metadata (optional)" value={draft.metadata} onChange={(metadata) => set({ metadata })} minLines={2} maxLines={8} />
      {item ? <Checkbox label="Archived: new runs leave it out" checked={archived} onChange={setArchived} /> : <TextField label="ID (optional)" hint="Made up when empty. An id that is taken changes that item." value={id} onChange={(event) => setId(event.target.value)} />}
      {emptied ? <Notice tone="warning">A field that is left empty keeps its value. To say that there is none, write null.</Notice> : null}
    </DialogForm>
  )
}

function ItemRuns({ projectId, item }: { projectId: string; item: DatasetItem }) {
  const runs = useQuery(experimentItemRunsQuery(projectId, item.id))
  if (!runs.data || runs.data.length === 0) return null
  return (
    <section className={styles.itemRuns} aria-label="Runs of this item">
      <h3 className={styles.readTitle}>In {runs.data.length} {runs.data.length === 1 ? 'run' : 'runs'}</h3>
      <ul>
        {runs.data.slice(0, 10).map((run) => (
          <li key={`${run.experimentId} ${run.traceId} ${run.id}`}>
            <Link {...traceLink(projectId, run.traceId)} className={styles.link}>
              <Hostile text={run.experimentName} />
            </Link>{' '}
            <span className={styles.faint}>{formatDateTime(run.startTime)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
