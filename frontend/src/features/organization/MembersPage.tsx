// Who belongs to the organization, with which role, and who is invited.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import { isStatus, messageOf } from '../../api/client'
import type { Invitation, Membership, Role } from '../../api/types'
import { formatAgo, formatDateTime } from '../../lib/format'
import { Badge, Hostile } from '../../ui/Badge'
import { Button, IconButton } from '../../ui/Button'
import { CopyButton } from '../../ui/CopyButton'
import { Dialog, DialogActions, DialogForm } from '../../ui/Dialog'
import { EmptyState, ErrorState, LoadingState, Notice } from '../../ui/Feedback'
import { Select, TextField } from '../../ui/Field'
import { Lead, PageBody, Section } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { Table, tableStyles } from '../../ui/Table'
import { toast } from '../../ui/Toast'
import { useNow } from '../../ui/useNow'
import styles from './organization.module.css'
import { invitationsQuery, membersQuery, useInvite, useOrganization, useRemoveMember, useSetMember, useTakeBack } from './queries'

const route = getRouteApi('/app/project/$projectId/settings/members')

const ROLES: { value: Role; label: string; what: string }[] = [
  { value: 'OWNER', label: 'Owner', what: 'everything, organization keys and deletion too' },
  { value: 'ADMIN', label: 'Admin', what: 'members, API keys and settings' },
  { value: 'MEMBER', label: 'Member', what: 'reads and writes in projects' },
  { value: 'VIEWER', label: 'Viewer', what: 'reads only' },
  { value: 'NONE', label: 'None', what: 'no project, until one gives a role of its own' },
]

export function MembersPage() {
  const { projectId } = route.useParams()
  const { organization, me, mayAdminister, isOwner } = useOrganization(projectId)
  const organizationId = organization?.id ?? ''
  const members = useQuery({ ...membersQuery(organizationId), enabled: organizationId !== '' })
  const invitations = useQuery({ ...invitationsQuery(organizationId), enabled: mayAdminister })
  const [dialog, setDialog] = useState<'invite' | null>(null)
  const [removing, setRemoving] = useState<Membership | null>(null)
  const now = useNow(60_000)
  const setRole = useSetMember(organizationId)
  const takeBack = useTakeBack(organizationId)
  const owners = (members.data ?? []).filter((member) => member.role === 'OWNER').length
  const offered = ROLES.filter((role) => isOwner || role.value !== 'OWNER')

  return (
    <>
      <PageHeader title="Members" meta={organization ? <Hostile text={organization.name} /> : undefined}>
        {mayAdminister ? (
          <Button variant="primary" icon="plus" onClick={() => setDialog('invite')}>
            Invite
          </Button>
        ) : null}
      </PageHeader>
      <PageBody>
        <Lead>A role counts in all projects of the organization. {ROLES.slice(0, 4).map((role) => `${role.label}: ${role.what}`).join('. ')}.</Lead>
        {members.isPending ? <LoadingState label="Loading members" />
        : members.isError ? isStatus(members.error, 403) ? <EmptyState icon="users" title="Members are shown to members">Viewers do not see who else is in the organization.</EmptyState> : <ErrorState title="The members could not be loaded" message={messageOf(members.error)} onRetry={() => void members.refetch()} />
        : (
          <Table label="Members" head={['Name', 'Email', 'Role', { label: 'Actions', hidden: true }]}>
            {members.data.map((member) => {
              const self = member.userId === me?.user.id
              const fixed = !mayAdminister || (member.role === 'OWNER' && (!isOwner || owners === 1))
              return (
                <tr key={member.userId}>
                  <td className={tableStyles.name}>
                    <Hostile text={member.name || member.email} /> {self ? <Badge>you</Badge> : null}
                  </td>
                  <td><Hostile text={member.email} /></td>
                  <td>
                    {fixed ? (
                      <span data-tip={mayAdminister && owners === 1 && member.role === 'OWNER' ? 'The last owner stays one' : undefined}>{ROLES.find((role) => role.value === member.role)?.label ?? member.role}</span>
                    ) : (
                      <Select label={`Role of ${member.name || member.email}`} hideLabel value={member.role} disabled={setRole.isPending} onChange={(event) => setRole.mutate({ userId: member.userId, role: event.target.value as Role }, { onSuccess: () => toast('Role changed'), onError: (error) => toast(`Role not changed: ${messageOf(error)}`, 'error') })}>
                        {offered.map((role) => (
                          <option key={role.value} value={role.value}>
                            {role.label}
                          </option>
                        ))}
                      </Select>
                    )}
                  </td>
                  <td className={tableStyles.actions}>{fixed ? null : <IconButton icon="trash" tone="danger" size="sm" label={`Remove ${member.name || member.email}`} onClick={() => setRemoving(member)} />}</td>
                </tr>
              )
            })}
          </Table>
        )}
        {mayAdminister ? (
          <Section title="Invitations">
            {invitations.isError ? <ErrorState title="The invitations could not be loaded" message={messageOf(invitations.error)} onRetry={() => void invitations.refetch()} />
            : !invitations.data ? <LoadingState />
            : invitations.data.length === 0 ? <p className={styles.faint}>Nobody is invited at the moment.</p>
            : (
              <Table label="Invitations" head={['Email', 'Role', 'Invited', 'Ends', { label: 'Actions', hidden: true }]}>
                {invitations.data.map((invitation) => (
                  <InvitationRow key={invitation.id} invitation={invitation} now={now} onTakeBack={() => takeBack.mutate(invitation.id, { onSuccess: () => toast('Invitation taken back'), onError: (error) => toast(`Not taken back: ${messageOf(error)}`, 'error') })} />
                ))}
              </Table>
            )}
          </Section>
        ) : null}
      </PageBody>
      {dialog === 'invite' ? <InviteDialog organizationId={organizationId} roles={offered} onClose={() => setDialog(null)} /> : null}
      {removing ? <RemoveDialog organizationId={organizationId} member={removing} onClose={() => setRemoving(null)} /> : null}
    </>
  )
}

function InvitationRow({ invitation, now, onTakeBack }: { invitation: Invitation; now: number; onTakeBack: () => void }) {
  const over = Date.parse(invitation.expiresAt) < now
  return (
    <tr>
      <td className={tableStyles.name}><Hostile text={invitation.email} /></td>
      <td>{ROLES.find((role) => role.value === invitation.role)?.label ?? invitation.role}</td>
      <td>
        <time dateTime={invitation.createdAt} data-tip={invitation.invitedBy ? `by ${invitation.invitedBy}` : undefined}>{formatAgo(invitation.createdAt, now)}</time>
      </td>
      <td>{over ? <Badge tone="amber">over</Badge> : formatDateTime(invitation.expiresAt).slice(0, 10)}</td>
      <td className={tableStyles.actions}>
        <IconButton icon="trash" tone="danger" size="sm" label={`Take back the invitation of ${invitation.email}`} onClick={onTakeBack} />
      </td>
    </tr>
  )
}

function InviteDialog({ organizationId, roles, onClose }: { organizationId: string; roles: typeof ROLES; onClose: () => void }) {
  const invite = useInvite(organizationId)
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('MEMBER')
  const made = invite.data
  if (made) {
    const link = `${location.origin}${made.path}`
    return (
      <Dialog key="made" title="Invitation" onClose={onClose} width={520} sticky>
        <div className={styles.made}>
          <p>Send this link to <strong>{made.email.slice(0, 200)}</strong> yourself: no e-mail is sent from here. It works once, until {formatDateTime(made.expiresAt).slice(0, 10)}.</p>
          <div className={styles.link}>
            <code>{link}</code>
            <CopyButton text={link} label="Copy the link" size="md" />
          </div>
          <Notice tone="warning">Whoever has the link can join as this address. It is shown this once.</Notice>
          <DialogActions>
            <Button variant="primary" onClick={onClose}>
              Done
            </Button>
          </DialogActions>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog key="form" title="Invite to the organization" onClose={onClose}>
      <DialogForm submitLabel="Make an invitation" disabled={!/^\S+@\S+$/.test(email.trim())} onCancel={onClose} onSubmit={async () => { await invite.mutateAsync({ email: email.trim(), role }) }}>
        <TextField label="Email" type="email" autoFocus autoComplete="off" placeholder="grace@example.com" value={email} onChange={(event) => setEmail(event.target.value)} />
        <Select label="Role" value={role} onChange={(event) => setRole(event.target.value as Role)}>
          {roles.map((entry) => (
            <option key={entry.value} value={entry.value}>
              {entry.label}: {entry.what}
            </option>
          ))}
        </Select>
      </DialogForm>
    </Dialog>
  )
}

function RemoveDialog({ organizationId, member, onClose }: { organizationId: string; member: Membership; onClose: () => void }) {
  const remove = useRemoveMember(organizationId)
  return (
    <Dialog title="Remove this member?" onClose={onClose}>
      <DialogForm submitLabel="Remove" danger onCancel={onClose} onSubmit={async () => { await remove.mutateAsync(member.userId); toast('Member removed'); onClose() }}>
        <p>{(member.name || member.email).slice(0, 100)} loses access to all projects of the organization within a minute. What they wrote stays. API keys that they made keep working.</p>
      </DialogForm>
    </Dialog>
  )
}
