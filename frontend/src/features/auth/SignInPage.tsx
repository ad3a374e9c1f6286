// The sign-in page. After success it goes back to where the user came from, if that is a page of this site.
import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'

import { ApiError, messageOf } from '../../api/client'
import { signIn } from '../../api/operations'
import { meQuery } from '../../api/queries'
import { safeReturnPath } from '../../paths'
import { Button } from '../../ui/Button'
import { InlineError } from '../../ui/Feedback'
import { TextField } from '../../ui/Field'
import { Logo } from '../../ui/Logo'
import styles from './SignInPage.module.css'

const route = getRouteApi('/sign-in')

export function SignInPage() {
  const search = route.useSearch()
  const router = useRouter()
  const client = useQueryClient()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    signIn(email.trim(), password)
      .then((me) => {
        client.clear()
        client.setQueryData(meQuery().queryKey, me)
        router.history.push(safeReturnPath(search.return))
      })
      .catch((reason: unknown) => {
        setBusy(false)
        setPassword('')
        const wait = reason instanceof ApiError && reason.status === 429 && reason.retryAfter ? ` You can try again in ${reason.retryAfter} seconds.` : ''
        setError(messageOf(reason) + (messageOf(reason).includes('seconds') ? '' : wait))
      })
  }

  return (
    <main className={styles.page}>
      <form className={styles.card} onSubmit={submit}>
        <Logo />
        <div>
          <h1 className={styles.title}>Sign in to AgentTrace</h1>
          {search.ended === '1' ? <p className={styles.note}>Your session has ended. Sign in to go on where you were.</p> : null}
        </div>
        <TextField label="Email" type="email" name="email" autoComplete="username" required autoFocus value={email} onChange={(event) => setEmail(event.target.value)} />
        <TextField label="Password" type="password" name="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} />
        {error ? <InlineError>{error}</InlineError> : null}
        <Button type="submit" variant="primary" busy={busy} className={styles.submit}>
          Sign in
        </Button>
      </form>
    </main>
  )
}
