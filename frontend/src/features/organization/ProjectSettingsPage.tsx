// One project: its name, how long traces are kept, and its end.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'

import { messageOf } from '../../api/client'
import { Hostile } from '../../ui/Badge'
import { Button } from '../../ui/Button'
import { CopyButton } from '../../ui/CopyButton'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { InlineError, LoadingState, Notice } from '../../ui/Feedback'
import { TextField } from '../../ui/Field'
import { PageBody, Section } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { toast } from '../../ui/Toast'
import styles from './organization.module.css'
import { projectQuery, useDeleteProject, useOrganization, useRenameProject } from './queries'

const route = getRouteApi('/app/project/$projectId/settings/project')

export function ProjectSettingsPage() {
  const { projectId } = route.useParams()
  const { organization, project, isOwner } = useOrganization(projectId)
  if (!organization || !project) return <LoadingState />
  const mayAdminister = project.role === 'OWNER' || project.role === 'ADMIN'
  return (
    <>
      <PageHeader title="Project" meta={<Hostile text={project.name} />} />
      <PageBody narrow>
        <General key={projectId} organizationId={organization.id} projectId={projectId} name={project.name} mayAdminister={mayAdminister} />
        <Section title="Project id">
          <p className={styles.link}>
            <code>{projectId}</code>
            <CopyButton text={projectId} label="Copy the project’s id" />
          </p>
        </Section>
        {isOwner ? <Danger organizationId={organization.id} projectId={projectId} name={project.name} /> : null}
      </PageBody>
    </>
  )
}

function General({ organizationId, projectId, name, mayAdminister }: { organizationId: string; projectId: string; name: string; mayAdminister: boolean }) {
  const save = useRenameProject(organizationId, projectId)
  const [typed, setTyped] = useState(name)
  const stored = useQuery(projectQuery(projectId))
  const [typedDays, setDays] = useState<string | null>(null)
  const kept = stored.data == null ? null : String(stored.data.retentionDays ?? 0)
  const retention = typedDays ?? kept ?? ''
  const days = typedDays == null || typedDays.trim() === '' || typedDays.trim() === kept ? undefined : Number(typedDays)
  const problem = days !== undefined && (!Number.isInteger(days) || days < 0 || (days > 0 && days < 3) || days > 36_500) ? '0, or at least 3 days' : null
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (problem == null && typed.trim() !== '') save.mutate({ name: typed.trim(), ...(days === undefined ? {} : { retention: days }) }, { onSuccess: () => { toast('Project saved'); setDays(null) } })
  }
  return (
    <Section title="General">
      <form className={styles.form} onSubmit={submit}>
        <TextField label="Name" maxLength={60} value={typed} disabled={!mayAdminister} onChange={(event) => setTyped(event.target.value)} />
        <TextField label="Keep traces for (days)" inputMode="numeric" hint={stored.isError ? `How long is not known: ${messageOf(stored.error)}` : '0 keeps them for ever. Shorter than now deletes older traces for good.'} value={retention} error={problem} disabled={!mayAdminister || stored.isPending} onChange={(event) => setDays(event.target.value)} />
        {days !== undefined && days > 0 && problem == null ? <Notice tone="warning">Traces older than {days} days are deleted, with their observations, scores and files.</Notice> : null}
        {save.isError ? <InlineError>{messageOf(save.error)}</InlineError> : null}
        {mayAdminister ? (
          <div>
            <Button type="submit" variant="primary" busy={save.isPending} disabled={problem != null || typed.trim() === '' || (typed.trim() === name && days === undefined)}>
              Save
            </Button>
          </div>
        ) : null}
      </form>
    </Section>
  )
}

function Danger({ organizationId, projectId, name }: { organizationId: string; projectId: string; name: string }) {
  const remove = useDeleteProject(organizationId, projectId)
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  return (
    <Section title="Delete the project">
      <p className={styles.faint}>All its traces, prompts, datasets, scores, queues and keys are deleted. Nobody can bring them back.</p>
      <div>
        <Button variant="danger" icon="trash" onClick={() => setOpen(true)}>
          Delete project…
        </Button>
      </div>
      {open ? (
        <Dialog title="Delete this project?" onClose={() => setOpen(false)}>
          <DialogForm
            submitLabel="Delete the project"
            danger
            disabled={typed !== name}
            onCancel={() => setOpen(false)}
            onSubmit={async () => {
              await remove.mutateAsync()
              // Everything the page knows is about a project that is gone.
              location.assign('/')
            }}
          >
            <p>Everything in “{name}” is deleted at once for everybody, and cannot be brought back. Programs that send to it are refused.</p>
            <TextField label={`Type the project’s name, ${name}`} autoFocus autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />
          </DialogForm>
        </Dialog>
      ) : null}
    </Section>
  )
}
