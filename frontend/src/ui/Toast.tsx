// Short messages about what just happened, read out politely by screen readers. One stack for the whole page.
import { useEffect, useSyncExternalStore } from 'react'

import { IconButton } from './Button'
import { cx } from './cx'
import { Icon } from './Icon'
import styles from './Toast.module.css'

interface Message {
  id: number
  tone: 'info' | 'error'
  text: string
}

let messages: Message[] = []
let nextId = 1
const listeners = new Set<() => void>()

function update(next: Message[]): void {
  messages = next
  for (const listener of listeners) listener()
}

export function toast(text: string, tone: 'info' | 'error' = 'info'): void {
  update([...messages.slice(-3), { id: nextId++, tone, text }])
}

function dismiss(id: number): void {
  update(messages.filter((message) => message.id !== id))
}

export function Toaster() {
  const shown = useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, () => messages)
  return (
    <div className={styles.stack} role="status" aria-live="polite">
      {shown.map((message) => (
        <ToastRow key={message.id} message={message} />
      ))}
    </div>
  )
}

function ToastRow({ message }: { message: Message }) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(message.id), message.tone === 'error' ? 9000 : 4500)
    return () => clearTimeout(timer)
  }, [message])
  return (
    <div className={cx(styles.toast, message.tone === 'error' && styles.error)}>
      <Icon name={message.tone === 'error' ? 'error' : 'check'} size={14} />
      <span className={styles.text}>{message.text}</span>
      <IconButton icon="close" label="Dismiss" size="sm" onClick={() => dismiss(message.id)} />
    </div>
  )
}
