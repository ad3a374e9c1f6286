// A filter of one value: a button that says what it is set to, and a list to choose from, with counts and a way to type another.
import { useState } from 'react'

import { formatCount } from '../lib/format'
import { Hostile } from './Badge'
import { cx } from './cx'
import { Icon } from './Icon'
import { moveFocus } from './Menu'
import styles from './Picker.module.css'
import { Popover } from './Popover'

export interface PickerChoice {
  value: string
  label: string
  count?: number
}

interface PickerProps {
  label: string
  value: string | undefined
  choices: readonly PickerChoice[]
  loading?: boolean
  /** What may be typed besides the choices. */
  custom?: RegExp
  customLabel?: (text: string) => string
  onChange: (value: string | undefined) => void
  onOpenChange?: (open: boolean) => void
}

export function Picker({ label, value, choices, loading = false, custom, customLabel = (text) => text, onChange, onOpenChange }: PickerProps) {
  const shown = value == null ? null : (choices.find((choice) => choice.value === value)?.label ?? customLabel(value))
  return (
    <span className={styles.picker}>
      <Popover
        label={label}
        width={280}
        onOpenChange={onOpenChange}
        trigger={(trigger) => (
          <button type="button" {...trigger} className={cx(styles.button, value != null && styles.on)} aria-label={shown == null ? label : `${label}: ${shown}`}>
            <span className={styles.name}>{label}</span>
            {shown == null ? <Icon name="chevronDown" size={11} /> : <Hostile text={shown.length > 40 ? `…${shown.slice(-38)}` : shown} className={styles.value} />}
          </button>
        )}
      >
        {(close) => (
          <Choices
            label={label}
            value={value}
            choices={choices}
            loading={loading}
            custom={custom}
            customLabel={customLabel}
            onPick={(next) => {
              onChange(next)
              close()
            }}
          />
        )}
      </Popover>
      {value != null ? (
        <button type="button" className={styles.clear} aria-label={`Clear ${label.toLowerCase()}`} onClick={() => onChange(undefined)}>
          <Icon name="close" size={12} />
        </button>
      ) : null}
    </span>
  )
}

function Choices({ label, value, choices, loading, custom, customLabel, onPick }: Required<Pick<PickerProps, 'label' | 'choices' | 'customLabel'>> & { value: string | undefined; loading: boolean; custom: RegExp | undefined; onPick: (value: string | undefined) => void }) {
  const [words, setWords] = useState('')
  const typed = words.trim()
  const found = choices.filter((choice) => `${choice.label} ${choice.value}`.toLowerCase().includes(typed.toLowerCase())).slice(0, 200)
  const own = typed !== '' && custom?.test(typed) === true && !choices.some((choice) => choice.value === typed)
  return (
    <div className={styles.panel} onKeyDown={moveFocus}>
      <input
        type="search"
        className={styles.input}
        aria-label={`Find: ${label.toLowerCase()}`}
        placeholder={custom ? 'Choose or type…' : 'Find…'}
        value={words}
        onChange={(event) => setWords(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          if (own) onPick(typed)
          else if (found[0]) onPick(found[0].value)
        }}
      />
      <div className={styles.list}>
        {own ? (
          <button type="button" data-item className={styles.item} onClick={() => onPick(typed)}>
            <Icon name="plus" size={13} />
            <Hostile text={customLabel(typed)} />
          </button>
        ) : null}
        {found.map((choice) => (
          <button key={choice.value} type="button" data-item aria-pressed={choice.value === value} className={styles.item} onClick={() => onPick(choice.value === value ? undefined : choice.value)}>
            <span className={styles.check}>{choice.value === value ? <Icon name="check" size={13} /> : null}</span>
            <Hostile text={choice.label === '' ? 'unknown' : choice.label} className={styles.label} />
            {choice.count != null ? <span className={styles.count}>{formatCount(choice.count)}</span> : null}
          </button>
        ))}
        {found.length === 0 && !own ? <div className={styles.none}>{loading ? 'Loading…' : 'Nothing to choose'}</div> : null}
      </div>
    </div>
  )
}
