// A menu of actions or choices, with arrow keys, Home, End and type-ahead.
import type { KeyboardEvent, ReactNode } from 'react'

import { cx } from './cx'
import { Icon, type IconName } from './Icon'
import styles from './Menu.module.css'
import { Popover, type TriggerProps } from './Popover'

export type MenuEntry =
  | { kind: 'separator' }
  | { kind: 'heading'; label: string }
  | {
      kind?: 'item'
      label: string
      icon?: IconName
      hint?: ReactNode
      /** Given for a choice among several; leaves room for the check mark. */
      checked?: boolean
      danger?: boolean
      disabled?: boolean
      onSelect: () => void
    }

interface MenuProps {
  label: string
  entries: MenuEntry[]
  trigger: (props: TriggerProps) => ReactNode
  align?: 'start' | 'end'
  width?: number
}

export function Menu({ label, entries, trigger, align, width }: MenuProps) {
  return (
    <Popover label={label} kind="menu" align={align} width={width} trigger={trigger}>
      {(close) => (
        <div className={styles.menu} onKeyDown={moveFocus}>
          {entries.map((entry, index) => (
            <MenuRow key={index} entry={entry} close={close} />
          ))}
        </div>
      )}
    </Popover>
  )
}

function MenuRow({ entry, close }: { entry: MenuEntry; close: () => void }) {
  if (entry.kind === 'separator') return <div className={styles.separator} role="separator" />
  if (entry.kind === 'heading') return <div className={styles.heading}>{entry.label}</div>
  const choice = entry.checked !== undefined
  return (
    <button
      type="button"
      role={choice ? 'menuitemradio' : 'menuitem'}
      aria-checked={choice ? entry.checked : undefined}
      disabled={entry.disabled}
      className={cx(styles.item, entry.danger && styles.danger)}
      onClick={() => {
        close()
        entry.onSelect()
      }}
    >
      {choice ? <span className={styles.check}>{entry.checked ? <Icon name="check" size={14} /> : null}</span> : null}
      {entry.icon ? <Icon name={entry.icon} size={14} /> : null}
      <span className={styles.label}>{entry.label}</span>
      {entry.hint ? <span className={styles.hint}>{entry.hint}</span> : null}
    </button>
  )
}

export function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^=menuitem]:not(:disabled), [data-item]')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  const target =
    event.key === 'ArrowDown' ? items[(at + 1) % items.length]
    : event.key === 'ArrowUp' ? items[(at - 1 + items.length) % items.length]
    : event.key === 'Home' ? items[0]
    : event.key === 'End' ? items.at(-1)
    : event.key.length === 1 && !(document.activeElement instanceof HTMLInputElement)
      ? [...items.slice(at + 1), ...items].find((item) => item.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase()))
      : undefined
  if (!target) return
  event.preventDefault()
  target.focus()
}
