// Creates a dataset, or changes what is said of one: description, metadata, and the schemas its items must satisfy.
import { useState } from 'react'

import type { Dataset } from '../../api/types'
import { editable, parseOptional } from '../../lib/jsonText'
import { JsonField } from '../../ui/CodeField'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { TextArea, TextField } from '../../ui/Field'
import { useSaveDataset } from './queries'

export function DatasetDialog({ projectId, onClose, onSaved }: { projectId: string; onClose: () => void; onSaved: (dataset: Dataset) => void }) {
  return (
    <Dialog title="New dataset" onClose={onClose} width={560}>
      <DatasetForm projectId={projectId} dataset={null} onCancel={onClose} onSaved={onSaved} />
    </Dialog>
  )
}

export function DatasetForm({ projectId, dataset, onCancel, onSaved }: { projectId: string; dataset: Dataset | null; onCancel: () => void; onSaved: (dataset: Dataset) => void }) {
  const save = useSaveDataset(projectId)
  const [name, setName] = useState(dataset?.name ?? '')
  const [description, setDescription] = useState(dataset?.description ?? '')
  const [metadata, setMetadata] = useState(editable(dataset?.metadata))
  const [inputSchema, setInputSchema] = useState(editable(dataset?.inputSchema))
  const [expectedOutputSchema, setExpectedOutputSchema] = useState(editable(dataset?.expectedOutputSchema))
  const parsed = [metadata, inputSchema, expectedOutputSchema].map(parseOptional)
  const valid = name.trim() !== '' && parsed.every((entry) => entry.ok)
  const value = (index: number) => {
    const entry = parsed[index]
    return entry?.ok ? entry.value : undefined
  }
  const submit = async () => {
    onSaved(await save.mutateAsync({
      name: name.trim(), description: description.trim(), metadata: value(0), inputSchema: value(1) ?? null, expectedOutputSchema: value(2) ?? null,
    }))
  }
  return (
    <DialogForm submitLabel={dataset ? 'Save' : 'Create dataset'} disabled={!valid} onSubmit={submit} onCancel={onCancel}>
      {dataset ? null : <TextField label="Name" autoFocus maxLength={255} placeholder="support/questions" hint="“/” makes folders. The name is what code asks for and cannot be changed later." value={name} onChange={(event) => setName(event.target.value)} />}
      <TextArea label="Description (optional)" value={description} onChange={(event) => setDescription(event.target.value)} />
      <JsonField label="Metadata (optional)" value={metadata} onChange={setMetadata} minLines={2} maxLines={10} placeholder={'{ "owner": "support" }'} />
      <details open={Boolean(dataset?.inputSchema ?? dataset?.expectedOutputSchema)}>
        <summary>Schemas of items</summary>
        <JsonField label="JSON Schema of the input (optional)" value={inputSchema} onChange={setInputSchema} minLines={3} maxLines={14} placeholder={'{ "type": "object", "required": ["question"] }'} hint="New and changed items that do not satisfy it are refused." />
        <JsonField label="JSON Schema of the expected output (optional)" value={expectedOutputSchema} onChange={setExpectedOutputSchema} minLines={3} maxLines={14} />
      </details>
    </DialogForm>
  )
}
