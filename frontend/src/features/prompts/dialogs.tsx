// Duplicating, tagging and deleting a prompt.
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import type { PromptVersionRow } from '../../api/types'
import { plural } from '../../lib/format'
import { nameProblem } from '../../lib/prompt'
import { promptLink } from '../../paths'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { Notice } from '../../ui/Feedback'
import { Checkbox, TextField } from '../../ui/Field'
import { toast } from '../../ui/Toast'
import { TokenField } from '../../ui/TokenField'
import { promptDependentsQuery, promptFacetsQuery, promptVersionUsesQuery, useDeletePrompt, useDuplicatePrompt, useSetTags } from './queries'

export function DuplicateDialog({ projectId, name, version, onClose }: { projectId: string; name: string; version: number; onClose: () => void }) {
  const duplicate = useDuplicatePrompt(projectId, name)
  const navigate = useNavigate()
  const [copy, setCopy] = useState(`${name}-copy`)
  const [all, setAll] = useState(false)
  const problem = nameProblem(copy)
  const submit = async () => {
    const made = await duplicate.mutateAsync({ name: copy.trim(), version: all ? undefined : version })
    toast('Prompt duplicated')
    onClose()
    await navigate(promptLink(projectId, made.name))
  }
  return (
    <Dialog title="Duplicate prompt" onClose={onClose}>
      <DialogForm submitLabel="Duplicate" disabled={copy.trim() === '' || problem != null || copy.trim() === name} onSubmit={submit} onCancel={onClose}>
        <TextField label="Name of the copy" hint="“/” makes folders" autoFocus value={copy} error={problem} onChange={(event) => setCopy(event.target.value)} />
        <Checkbox label={`All versions, not only version ${version}`} checked={all} onChange={setAll} />
      </DialogForm>
    </Dialog>
  )
}

export function TagsDialog({ projectId, name, tags, onClose }: { projectId: string; name: string; tags: readonly string[]; onClose: () => void }) {
  const save = useSetTags(projectId, name)
  const facets = useQuery(promptFacetsQuery(projectId))
  const [values, setValues] = useState([...tags])
  return (
    <Dialog title="Tags of the prompt" onClose={onClose}>
      <DialogForm submitLabel="Save tags" disabled={values.join('\n') === tags.join('\n')} onCancel={onClose} onSubmit={async () => { await save.mutateAsync(values); onClose() }}>
        <TokenField label="Tags" values={values} onChange={setValues} placeholder="support" hint="Tags belong to the prompt, with all its versions." suggestions={facets.data?.tags.map((tag) => tag.value) ?? []} problemOf={(tag) => (tag.length > 200 ? 'At most 200 characters' : null)} />
      </DialogForm>
    </Dialog>
  )
}

/** Names what depends on the version before it goes. */
export function DeletePromptDialog({ projectId, name, version, last, onClose, onDeleted }: { projectId: string; name: string; version: PromptVersionRow | null; last: boolean; onClose: () => void; onDeleted: (whole: boolean) => void }) {
  const remove = useDeletePrompt(projectId, name)
  const dependents = useQuery(promptDependentsQuery(projectId, name))
  const uses = useQuery(promptVersionUsesQuery(projectId, name))
  const whole = version == null || last
  const count = (uses.data ?? []).filter((use) => whole || use.version === version.version).reduce((sum, use) => sum + use.count, 0)
  const including = (dependents.data?.data ?? []).filter((entry) => whole || entry.referencedVersion === version.version || (entry.referencedLabel != null && version.labels.includes(entry.referencedLabel)))
  const labels = version?.labels.filter((label) => label !== 'latest') ?? []
  return (
    <Dialog title={version == null ? 'Delete this prompt?' : `Delete version ${version.version}?`} onClose={onClose} width={480}>
      <DialogForm submitLabel={whole ? 'Delete prompt' : 'Delete version'} danger onCancel={onClose} onSubmit={async () => { await remove.mutateAsync({ version: version?.version, whole }); onDeleted(whole) }}>
        <p>
          {version == null ? <>All versions of <code>{name.slice(0, 200)}</code> are deleted.</> : last ? <>It is the only version: the prompt <code>{name.slice(0, 200)}</code> goes with it.</> : <>Version {version.version} of <code>{name.slice(0, 200)}</code> is deleted.</>} This cannot be undone. Traces that used it stay.
        </p>
        {labels.length > 0 && !whole ? <Notice tone="warning">Programs that ask for {labels.map((label) => `“${label}”`).join(', ')} get an error, or their fallback, until another version has the label.</Notice> : null}
        {whole ? <Notice tone="warning">Programs that ask for this prompt get an error, or their fallback.</Notice> : null}
        {count > 0 ? <Notice tone="warning">{plural(count, 'generation')} of the last 30 days used {whole ? 'it' : 'this version'}.</Notice> : null}
        {including.length > 0 ? <Notice tone="warning">Included by {including.slice(0, 5).map((entry) => `${entry.name} v${entry.version}`).join(', ')}{including.length > 5 ? ` and ${including.length - 5} more` : ''}: they can no longer be put together.</Notice> : null}
      </DialogForm>
    </Dialog>
  )
}
