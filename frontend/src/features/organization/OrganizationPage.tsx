// The organization: its projects, and its own API keys, which may manage projects and members.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'

import { messageOf } from '../../api/client'
import type { ApiKey } from '../../api/types'
import { formatAgo, formatCount, formatDateTime } from '../../lib/format'
import { projectSettingsLink, tracesLink } from '../../paths'
import { Badge, Hostile } from '../../ui/Badge'
import { Button, IconButton } from '../../ui/Button'
import { CopyButton } from '../../ui/CopyButton'
import { Dialog, DialogActions, DialogForm } from '../../ui/Dialog'
import { ErrorState, LoadingState, Notice } from '../../ui/Feedback'
import { TextField } from '../../ui/Field'
import { Lead, PageBody, Section } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { Table, tableStyles } from '../../ui/Table'
import { useNow } from '../../ui/useNow'
import styles from './organization.module.css'
import { organizationKeysQuery, rateLimitsQuery, useCreateOrganizationKey, useOrganization, useRevokeOrganizationKey } from './queries'

const route = getRouteApi('/app/project/$projectId/settings/organization')

export function OrganizationPage() {
  const { projectId } = route.useParams()
  const { organization, isOwner } = useOrganization(projectId)
  if (!organization) return <LoadingState />
  return (
    <>
      <PageHeader title={<Hostile text={organization.name} />} meta="organization" />
      <PageBody>
        <Section title="Projects" meta={String(organization.projects.length)}>
          <Table label="Projects" head={['Name', 'ID', 'Your role', { label: 'Actions', hidden: true }]}>
            {organization.projects.map((project) => (
              <tr key={project.id}>
                <td className={tableStyles.name}>
                  <Link {...tracesLink(project.id)}><Hostile text={project.name} /></Link> {project.id === projectId ? <Badge>this one</Badge> : null}
                </td>
                <td><code className={styles.faint}>{project.id}</code> <CopyButton text={project.id} label={`Copy the id of ${project.name}`} /></td>
                <td>{project.role.toLowerCase()}</td>
                <td className={tableStyles.actions}>
                  <Link {...projectSettingsLink(project.id)} tabIndex={-1}>
                    <IconButton icon="settings" size="sm" label={`Settings of ${project.name}`} />
                  </Link>
                </td>
              </tr>
            ))}
          </Table>
          <p className={styles.faint}>A new project is made in the menu at the top left.</p>
        </Section>
        {isOwner ? <Keys organizationId={organization.id} /> : <Section title="Organization keys"><p className={styles.faint}>Only owners see and make the organization’s own keys.</p></Section>}
        <Limits projectId={projectId} />
      </PageBody>
    </>
  )
}

function Keys({ organizationId }: { organizationId: string }) {
  const keys = useQuery(organizationKeysQuery(organizationId))
  const [creating, setCreating] = useState(false)
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  const now = useNow(30_000)
  return (
    <Section title="Organization keys" actions={<Button icon="plus" onClick={() => setCreating(true)}>Create key</Button>}>
      <Lead>Keys of the organization manage projects, their API keys and members, as Langfuse’s organization keys do. They neither read nor send traces.</Lead>
      {keys.isPending ? <LoadingState label="Loading keys" />
      : keys.isError ? <ErrorState title="The keys could not be loaded" message={messageOf(keys.error)} onRetry={() => void keys.refetch()} />
      : keys.data.length === 0 ? <p className={styles.faint}>No keys yet.</p>
      : (
        <Table label="Organization keys" head={['Name', 'Public key', 'Secret key', 'Last used', 'Created', { label: 'Actions', hidden: true }]}>
          {keys.data.map((key) => (
            <tr key={key.id}>
              <td className={tableStyles.name}>{key.name ?? key.note ? <Hostile text={key.name ?? key.note ?? ''} /> : <span className={styles.faint}>no name</span>}</td>
              <td><code>{key.publicKey}</code> <CopyButton text={key.publicKey} label="Copy public key" /></td>
              <td><code className={styles.faint}>{key.displaySecretKey}</code></td>
              <td>{key.lastUsedAt ? formatAgo(key.lastUsedAt, now) : <span className={styles.faint}>never</span>}</td>
              <td>{formatDateTime(key.createdAt).slice(0, 10)}</td>
              <td className={tableStyles.actions}>
                <IconButton icon="trash" tone="danger" size="sm" label={`Revoke key ${key.name ?? key.publicKey}`} onClick={() => setRevoking(key)} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      {creating ? <CreateKey organizationId={organizationId} onClose={() => setCreating(false)} /> : null}
      {revoking ? <RevokeKey organizationId={organizationId} apiKey={revoking} onClose={() => setRevoking(null)} /> : null}
    </Section>
  )
}

function CreateKey({ organizationId, onClose }: { organizationId: string; onClose: () => void }) {
  const create = useCreateOrganizationKey(organizationId)
  const [name, setName] = useState('')
  const made = create.data
  if (!made) {
    return (
      <Dialog key="form" title="Create organization key" onClose={onClose}>
        <DialogForm submitLabel="Create key" onCancel={onClose} onSubmit={async () => { await create.mutateAsync(name.trim()) }}>
          <TextField label="Name (optional)" autoFocus maxLength={200} placeholder="Terraform" value={name} onChange={(event) => setName(event.target.value)} />
        </DialogForm>
      </Dialog>
    )
  }
  return (
    <Dialog key="made" title="Your new organization key" onClose={onClose} width={620} sticky>
      <div className={styles.made}>
        <Notice tone="warning">Copy the secret key now. It is not stored and cannot be shown again.</Notice>
        {([['Public key', made.publicKey], ['Secret key', made.secretKey]] as const).map(([label, value]) => (
          <div key={label} className={styles.link}>
            <span className={styles.faint}>{label}</span>
            <code>{value}</code>
            <CopyButton text={value} label={`Copy ${label.toLowerCase()}`} size="md" />
          </div>
        ))}
        <DialogActions>
          <Button variant="primary" onClick={onClose}>
            I have copied it
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  )
}

function RevokeKey({ organizationId, apiKey, onClose }: { organizationId: string; apiKey: ApiKey; onClose: () => void }) {
  const revoke = useRevokeOrganizationKey(organizationId)
  return (
    <Dialog title="Revoke this key?" onClose={onClose}>
      <DialogForm submitLabel="Revoke key" danger onCancel={onClose} onSubmit={async () => { await revoke.mutateAsync(apiKey.id); onClose() }}>
        <p>Programs that use <code>{apiKey.publicKey}</code> can no longer manage the organization. This cannot be undone.</p>
      </DialogForm>
    </Dialog>
  )
}

/** What the kit's limits are about; how high they are is a parameter of the deployment. */
const LIMITS = [
  ['ingestion', 'Telemetry', 'sending traces, scores and files', 'RateLimitIngestion'],
  ['prompts', 'Prompts', 'reading prompts, as every process of an application does', 'RateLimitPrompts'],
  ['reads', 'Reads', 'all other reads', 'RateLimitReads'],
  ['others', 'Writes', 'all other changes', 'RateLimitOthers'],
] as const

function Limits({ projectId }: { projectId: string }) {
  const limits = useQuery(rateLimitsQuery(projectId))
  return (
    <Section title="Rate limits">
      <Lead>
        Each API key has an allowance a minute for each kind of request. Beyond it the answer is 429 and says in <code>Retry-After</code> how many seconds to wait, in <code>X-RateLimit-Limit</code> how many are allowed; SDKs and exporters wait and send again by themselves. People signed in here are not limited.
      </Lead>
      {limits.isError ? <ErrorState title="The limits could not be loaded" message={messageOf(limits.error)} onRetry={() => void limits.refetch()} /> : null}
      <Table label="Rate limits" head={['Kind', 'What counts', { label: 'Requests a minute', align: 'end' }, 'Set at deployment by']}>
        {LIMITS.map(([kind, name, what, parameter]) => {
          const limit = limits.data?.find((entry) => entry.kind === kind)
          return (
            <tr key={kind}>
              <td className={tableStyles.name}>{name}</td>
              <td>{what}</td>
              <td className={tableStyles.end}>{limit == null ? '–' : limit.requestsPerMinute == null ? 'no limit' : formatCount(limit.requestsPerMinute)}</td>
              <td>
                <code>{parameter}</code>
              </td>
            </tr>
          )
        })}
      </Table>
    </Section>
  )
}
