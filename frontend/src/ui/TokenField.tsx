// A field of several short words (labels, tags): Enter or a comma adds one, Backspace in the empty field takes the last away.
import { useId, useState, type KeyboardEvent } from 'react'

import { visibleLine } from '../lib/visibleText'
import { Icon } from './Icon'
import styles from './TokenField.module.css'

export function TokenField({ label, values, onChange, problemOf, suggestions = [], placeholder, hint, locked = [], disabled = false }: {
  label: string
  values: readonly string[]
  onChange: (values: string[]) => void
  /** What is wrong with a word, or null. */
  problemOf?: (word: string) => string | null
  suggestions?: readonly string[]
  placeholder?: string
  hint?: string
  /** Words that cannot be taken away. */
  locked?: readonly string[]
  disabled?: boolean
}) {
  const id = useId()
  const [draft, setDraft] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const add = (text: string): boolean => {
    const word = text.trim()
    if (word === '') return true
    const wrong = problemOf?.(word) ?? null
    setProblem(wrong)
    if (wrong != null) return false
    if (!values.includes(word)) onChange([...values, word])
    setDraft('')
    return true
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if ((event.key === 'Enter' || event.key === ',') && draft.trim() !== '') {
      event.preventDefault()
      add(draft)
    }
    const last = values.at(-1)
    if (event.key === 'Backspace' && draft === '' && last != null && !locked.includes(last)) onChange(values.slice(0, -1))
  }
  const offered = suggestions.filter((word) => !values.includes(word)).slice(0, 8)
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <div className={styles.box}>
        {values.map((word) => (
          <span key={word} className={styles.token}>
            <bdi>{visibleLine(word.slice(0, 100))}</bdi>
            {locked.includes(word) || disabled ? null : (
              <button type="button" aria-label={`Remove ${word}`} onClick={() => onChange(values.filter((entry) => entry !== word))}>
                <Icon name="close" size={10} />
              </button>
            )}
          </span>
        ))}
        <input
          id={id}
          className={styles.input}
          value={draft}
          disabled={disabled}
          placeholder={values.length === 0 ? placeholder : undefined}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem || hint ? `${id}-hint` : undefined}
          onChange={(event) => {
            setDraft(event.target.value)
            setProblem(null)
          }}
          onKeyDown={onKeyDown}
          onBlur={() => add(draft)}
        />
      </div>
      {offered.length > 0 && !disabled ? (
        <div className={styles.offered}>
          {offered.map((word) => (
            <button key={word} type="button" className={styles.offer} aria-label={`Add ${word}`} onClick={() => add(word)}>
              <Icon name="plus" size={10} />
              <bdi>{visibleLine(word.slice(0, 60))}</bdi>
            </button>
          ))}
        </div>
      ) : null}
      {problem || hint ? (
        <div id={`${id}-hint`} className={problem ? styles.error : styles.hint}>
          {problem ?? hint}
        </div>
      ) : null}
    </div>
  )
}
