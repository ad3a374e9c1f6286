// Makes a dataset item of a trace or of one of its observations: what went in becomes the input, what came out the expectation.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { messageOf } from '../../api/client'
import { parseJsonText } from '../../lib/chat/recognize'
import { editable, parseOptional } from '../../lib/jsonText'
import { readStored, writeStored } from '../../lib/stored'
import { visibleLine } from '../../lib/visibleText'
import { datasetLink, datasetsLink } from '../../paths'
import { Button } from '../../ui/Button'
import { JsonField } from '../../ui/CodeField'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { EmptyState, InlineError, LoadingState } from '../../ui/Feedback'
import { Select } from '../../ui/Field'
import { toast } from '../../ui/Toast'
import { draftProblem } from './ItemDialog'
import { datasetsQuery, useSaveItem } from './queries'

export interface Source {
  traceId: string
  observationId?: string
  input: unknown
  output: unknown
}

/** Texts that hold JSON are more useful as JSON. */
const asJson = (value: unknown) => editable(typeof value === 'string' ? (parseJsonText(value) ?? value) : value)

export function AddToDatasetDialog({ projectId, source, onClose }: { projectId: string; source: Source; onClose: () => void }) {
  const datasets = useInfiniteQuery(datasetsQuery(projectId, undefined))
  const rows = datasets.data?.pages.flatMap((page) => page.data) ?? []
  const save = useSaveItem(projectId)
  const navigate = useNavigate()
  const [name, setName] = useState(() => readStored('dataset.last', (value) => (typeof value === 'string' ? value : null)) ?? '')
  const chosen = rows.find((row) => row.name === name) ?? rows[0]
  const [input, setInput] = useState(asJson(source.input))
  const [expected, setExpected] = useState(asJson(source.output))
  const [parsedInput, parsedExpected] = [parseOptional(input), parseOptional(expected)]
  const problems = [draftProblem(chosen?.inputSchema, input), draftProblem(chosen?.expectedOutputSchema, expected)]

  const submit = async () => {
    if (!chosen || !parsedInput.ok || !parsedExpected.ok) return
    await save.mutateAsync({ datasetName: chosen.name, input: parsedInput.value, expectedOutput: parsedExpected.value, sourceTraceId: source.traceId, sourceObservationId: source.observationId })
    writeStored('dataset.last', chosen.name)
    toast(`Added to “${chosen.name.slice(0, 80)}”`)
    onClose()
  }
  return (
    <Dialog title="Add to dataset" onClose={onClose} width={640} sticky>
      {datasets.isPending ? <LoadingState label="Loading datasets" />
      : datasets.isError ? <InlineError>{messageOf(datasets.error)}</InlineError>
      : rows.length === 0 ? (
        <EmptyState icon="dataset" title="No datasets yet" actions={<Button variant="primary" onClick={() => { onClose(); void navigate({ ...datasetsLink(projectId), search: { create: '1' } }) }}>Create a dataset</Button>}>
          Create one first, then come back to this trace.
        </EmptyState>
      ) : (
        <DialogForm submitLabel="Add item" disabled={!parsedInput.ok || !parsedExpected.ok || problems.some((problem) => problem != null)} onSubmit={submit} onCancel={onClose}>
          <Select label="Dataset" autoFocus value={chosen?.name ?? ''} onChange={(event) => setName(event.target.value)}>
            {rows.map((row) => (
              <option key={row.id} value={row.name}>
                {visibleLine(row.name)}
              </option>
            ))}
          </Select>
          {datasets.hasNextPage ? <Button variant="ghost" busy={datasets.isFetchingNextPage} onClick={() => void datasets.fetchNextPage()}>More datasets</Button> : null}
          <JsonField label="Input" value={input} onChange={setInput} problem={problems[0]} minLines={4} maxLines={12} />
          <JsonField label="Expected output" value={expected} onChange={setExpected} problem={problems[1]} minLines={4} maxLines={12} hint="What was answered. Correct it to what should have been." />
          {chosen ? <p>The item keeps a link to this {source.observationId ? 'observation' : 'trace'}. <Link {...datasetLink(projectId, chosen.name)}>Open the dataset</Link></p> : null}
        </DialogForm>
      )}
    </Dialog>
  )
}
