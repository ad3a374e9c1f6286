// Tabs (with arrow keys) and a segmented switch between views of one thing.
import type { KeyboardEvent, ReactNode } from 'react'

import { cx } from './cx'
import { Icon, type IconName } from './Icon'
import styles from './Tabs.module.css'

export interface Choice<Value extends string> {
  value: Value
  label: string
  icon?: IconName
  count?: number
}

interface ChoiceProps<Value extends string> {
  label: string
  choices: readonly Choice<Value>[]
  value: Value
  onChange: (value: Value) => void
}

export function Tabs<Value extends string>({ label, choices, value, onChange, end }: ChoiceProps<Value> & { end?: ReactNode }) {
  return (
    <div className={styles.bar}>
      <div role="tablist" aria-label={label} className={styles.tabs} onKeyDown={(event) => step(event, choices, value, onChange)}>
        {choices.map((choice) => (
          <button
            key={choice.value}
            type="button"
            role="tab"
            aria-selected={choice.value === value}
            tabIndex={choice.value === value ? 0 : -1}
            className={cx(styles.tab, choice.value === value && styles.current)}
            onClick={() => onChange(choice.value)}
          >
            {choice.label}
            {choice.count ? <span className={styles.count}>{choice.count}</span> : null}
          </button>
        ))}
      </div>
      {end}
    </div>
  )
}

export function Segmented<Value extends string>({ label, choices, value, onChange, iconsOnly = false }: ChoiceProps<Value> & { iconsOnly?: boolean }) {
  return (
    <div role="radiogroup" aria-label={label} className={styles.segmented} onKeyDown={(event) => step(event, choices, value, onChange)}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          role="radio"
          aria-checked={choice.value === value}
          aria-label={iconsOnly ? choice.label : undefined}
          data-tip={iconsOnly ? choice.label : undefined}
          tabIndex={choice.value === value ? 0 : -1}
          className={cx(styles.segment, choice.value === value && styles.on)}
          onClick={() => onChange(choice.value)}
        >
          {choice.icon ? <Icon name={choice.icon} size={14} /> : null}
          {iconsOnly ? null : choice.label}
        </button>
      ))}
    </div>
  )
}

function step<Value extends string>(event: KeyboardEvent<HTMLElement>, choices: readonly Choice<Value>[], value: Value, onChange: (value: Value) => void): void {
  const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
  if (by === 0) return
  event.preventDefault()
  event.stopPropagation()
  const at = choices.findIndex((choice) => choice.value === value)
  const next = (at + by + choices.length) % choices.length
  const choice = choices[next]
  if (!choice) return
  onChange(choice.value)
  event.currentTarget.querySelectorAll<HTMLElement>('button')[next]?.focus()
}
