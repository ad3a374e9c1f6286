// The messages of a chat prompt: role and text each, placeholders between them, moved by buttons.
import { useId } from 'react'

import type { ChatEntry } from '../../lib/prompt'
import { Button, IconButton } from '../../ui/Button'
import { CodeField } from '../../ui/CodeField'
import { cx } from '../../ui/cx'
import { TextField } from '../../ui/Field'
import { markPrompt, roleTone } from './PromptText'
import styles from './prompts.module.css'

const ROLES = ['system', 'user', 'assistant', 'developer', 'tool']

export function MessagesEditor({ messages, onChange }: { messages: ChatEntry[]; onChange: (messages: ChatEntry[]) => void }) {
  const listId = useId()
  const set = (index: number, change: Partial<ChatEntry>) => onChange(messages.map((entry, at) => (at === index ? { ...entry, ...change } : entry)))
  const move = (index: number, by: number) => {
    const next = [...messages]
    const [moved] = next.splice(index, 1)
    if (moved) next.splice(index + by, 0, moved)
    onChange(next)
  }
  const lastRole = messages.findLast((entry) => entry.type === 'chatmessage')?.role
  return (
    <div className={styles.messagesEditor} role="group" aria-label="Messages">
      <datalist id={listId}>
        {ROLES.map((role) => (
          <option key={role} value={role} />
        ))}
      </datalist>
      {messages.map((entry, index) => (
        <div key={index} className={cx(styles.card, entry.type === 'chatmessage' ? styles[roleTone(entry.role)] : styles.placeholderCard)}>
          <div className={styles.cardHead}>
            {entry.type === 'chatmessage' ? (
              <>
                <span className={styles.dot} aria-hidden />
                <input className={styles.role} list={listId} aria-label={`Role of message ${index + 1}`} value={entry.role} onChange={(event) => set(index, { role: event.target.value })} />
              </>
            ) : <span>Placeholder</span>}
            <span className={styles.gap} />
            <IconButton icon="chevronUp" size="sm" label={`Move message ${index + 1} up`} disabled={index === 0} onClick={() => move(index, -1)} />
            <IconButton icon="chevronDown" size="sm" label={`Move message ${index + 1} down`} disabled={index === messages.length - 1} onClick={() => move(index, 1)} />
            <IconButton icon="trash" size="sm" tone="danger" label={`Remove message ${index + 1}`} onClick={() => onChange(messages.filter((_, at) => at !== index))} />
          </div>
          <div className={styles.cardBody}>
            {entry.type === 'chatmessage' ? (
              <CodeField label={`Text of message ${index + 1}`} hideLabel value={entry.content} onChange={(content) => set(index, { content })} marked={markPrompt} minLines={entry.role === 'system' ? 6 : 3} placeholder={entry.role === 'system' ? 'You are a helpful assistant for {{product}}.' : '{{question}}'} />
            ) : (
              <TextField label={`Name of placeholder ${index + 1}`} hideLabel placeholder="history" value={entry.name} onChange={(event) => set(index, { name: event.target.value })} hint="The program puts a list of messages here." />
            )}
          </div>
        </div>
      ))}
      <div className={styles.addRow}>
        <Button icon="plus" onClick={() => onChange([...messages, { type: 'chatmessage', role: lastRole === 'user' ? 'assistant' : 'user', content: '', name: '' }])}>
          Message
        </Button>
        <Button icon="plus" onClick={() => onChange([...messages, { type: 'placeholder', role: '', content: '', name: '' }])}>
          Placeholder
        </Button>
      </div>
    </div>
  )
}
