// The signed-in user: theme, password, signing out here or everywhere.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { messageOf } from '../api/client'
import { changePassword, signOut, signOutEverywhere } from '../api/operations'
import { meQuery } from '../api/queries'
import { Dialog, DialogForm } from '../ui/Dialog'
import { TextField } from '../ui/Field'
import { Menu } from '../ui/Menu'
import { toast } from '../ui/Toast'
import { setTheme, useTheme } from './theme'
import styles from './UserMenu.module.css'

export function UserMenu() {
  const me = useQuery(meQuery())
  const theme = useTheme()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [dialog, setDialog] = useState<'password' | 'everywhere' | null>(null)
  const name = me.data?.user.name ?? me.data?.user.email ?? ''

  const leave = async () => {
    await navigate({ to: '/sign-in' })
    client.clear()
  }
  const leaveHere = () => {
    signOut().then(leave).catch((error: unknown) => toast(`Not signed out: ${messageOf(error)}`, 'error'))
  }

  return (
    <>
      <Menu
        label="User"
        width={220}
        entries={[
          { kind: 'heading', label: me.data?.user.email ?? '' },
          { label: 'System theme', icon: 'monitor', checked: theme === 'system', onSelect: () => setTheme('system') },
          { label: 'Light theme', icon: 'sun', checked: theme === 'light', onSelect: () => setTheme('light') },
          { label: 'Dark theme', icon: 'moon', checked: theme === 'dark', onSelect: () => setTheme('dark') },
          { kind: 'separator' },
          { label: 'Change password…', icon: 'key', onSelect: () => setDialog('password') },
          { label: 'Sign out', icon: 'logout', onSelect: leaveHere },
          { label: 'Sign out everywhere…', icon: 'logout', danger: true, onSelect: () => setDialog('everywhere') },
        ]}
        trigger={(trigger) => (
          <button type="button" {...trigger} className={styles.user} aria-label={`Signed in as ${name}`}>
            <span className={styles.avatar} aria-hidden>
              {name.slice(0, 1).toUpperCase()}
            </span>
            <span className={styles.name}>{name}</span>
          </button>
        )}
      />
      {dialog === 'password' ? <PasswordDialog onClose={() => setDialog(null)} /> : null}
      {dialog === 'everywhere' ? (
        <Dialog title="Sign out everywhere?" onClose={() => setDialog(null)}>
          <DialogForm submitLabel="Sign out everywhere" danger onCancel={() => setDialog(null)} onSubmit={() => signOutEverywhere().then(leave)}>
            <p>Every session of yours ends, on all devices, this one included. API keys keep working.</p>
          </DialogForm>
        </Dialog>
      ) : null}
    </>
  )
}

function PasswordDialog({ onClose }: { onClose: () => void }) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const submit = async () => {
    await changePassword(current, next)
    toast('Password changed')
    onClose()
  }
  return (
    <Dialog title="Change password" onClose={onClose}>
      <DialogForm submitLabel="Change password" disabled={current === '' || next === ''} onSubmit={submit} onCancel={onClose}>
        <TextField label="Current password" type="password" autoComplete="current-password" autoFocus value={current} onChange={(event) => setCurrent(event.target.value)} />
        <TextField label="New password" type="password" autoComplete="new-password" value={next} onChange={(event) => setNext(event.target.value)} />
      </DialogForm>
    </Dialog>
  )
}
