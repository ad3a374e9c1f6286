// Where an invitation's link leads: joins the organization, with the account of the invited address or a new one. The secret
// stands behind the “#”, which no server sees.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState, type SubmitEvent } from 'react'

import { isStatus, messageOf } from '../../api/client'
import { getMe } from '../../api/operations'
import { acceptInvitation, lookUpInvitation } from '../../api/organizations'
import { meQuery } from '../../api/queries'
import type { InvitationAbout } from '../../api/types'
import { Button } from '../../ui/Button'
import { EmptyState, ErrorState, InlineError, LoadingState } from '../../ui/Feedback'
import { TextField } from '../../ui/Field'
import { Logo } from '../../ui/Logo'
import styles from './SignInPage.module.css'

export function InvitationPage() {
  const navigate = useNavigate()
  const token = location.hash.slice(1)
  const about = useQuery({ queryKey: ['invitation', token], queryFn: () => lookUpInvitation(token), enabled: token !== '', retry: false, gcTime: 0 })
  useEffect(() => {
    document.title = 'Invitation · AgentTrace'
  }, [])
  if (token !== '' && about.isPending) return <LoadingState label="Looking at the invitation" />
  if (about.data) return <Accept token={token} about={about.data} />
  if (token === '' || isStatus(about.error, 404)) {
    return (
      <main>
        <EmptyState icon="users" title="This invitation does not work" actions={<Button onClick={() => void navigate({ to: '/' })}>Go to AgentTrace</Button>}>
          It was used already, taken back, or is older than seven days. Ask whoever invited you for a new link.
        </EmptyState>
      </main>
    )
  }
  return (
    <main>
      <ErrorState title="The invitation could not be looked at" message={messageOf(about.error)} onRetry={() => void about.refetch()} />
    </main>
  )
}

function Accept({ token, about }: { token: string; about: InvitationAbout }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const me = useQuery({ queryKey: ['invitation-me'], queryFn: ({ signal }) => getMe(signal), retry: false, enabled: about.hasAccount })
  const signedIn = me.data?.user.email.toLowerCase() === about.email.toLowerCase()
  const accept = useMutation({
    mutationFn: () => acceptInvitation(about.hasAccount ? { token } : { token, password, ...(name.trim() === '' ? {} : { name: name.trim() }) }),
    onSuccess: async (joined) => {
      client.setQueryData(meQuery().queryKey, joined)
      const organization = joined.organizations.find((entry) => entry.name === about.organizationName)
      const project = organization?.projects[0]
      await navigate(project ? { to: '/project/$projectId/traces', params: { projectId: project.id } } : { to: '/' })
    },
  })
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    accept.mutate()
  }
  return (
    <main className={styles.page}>
      <form className={styles.card} onSubmit={submit}>
        <Logo size={32} />
        <h1 className={styles.title}>Join {about.organizationName.slice(0, 100)}</h1>
        <p>
          You are invited as {about.role.toLowerCase()} with the address {about.email.slice(0, 200)}.
        </p>
        {about.hasAccount ? (
          signedIn ? null : me.isPending ? <LoadingState /> : <p>{me.data ? `You are signed in as ${me.data.user.email}. Sign out and in again with the invited address.` : 'This address has an account: sign in, then open the link again.'}</p>
        ) : (
          <>
            <TextField label="Your name" autoComplete="name" autoFocus maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
            <TextField label="Password" type="password" autoComplete="new-password" hint="At least 12 characters" minLength={12} maxLength={128} value={password} onChange={(event) => setPassword(event.target.value)} />
          </>
        )}
        {accept.isError ? <InlineError>{messageOf(accept.error)}</InlineError> : null}
        {about.hasAccount && !signedIn ? (
          <Button variant="primary" disabled={me.isPending} onClick={() => void navigate({ to: '/sign-in', search: { return: undefined } })}>
            Go to sign-in
          </Button>
        ) : (
          <Button type="submit" variant="primary" busy={accept.isPending} disabled={!about.hasAccount && password.length < 12}>
            {about.hasAccount ? 'Join' : 'Create account and join'}
          </Button>
        )}
      </form>
    </main>
  )
}
