// A text area for prompts and JSON: grows with its text, and can mark parts of it (a layer of the same text lies below the
// letters). Tab leaves the field, as everywhere.
import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react'

import { parseOptional } from '../lib/jsonText'
import { Button } from './Button'
import styles from './CodeField.module.css'
import { cx } from './cx'

interface CodeFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  hideLabel?: boolean
  placeholder?: string
  error?: string | null
  hint?: ReactNode
  /** Draws the same text with its marks; must not change a letter. */
  marked?: (text: string) => ReactNode
  minLines?: number
  /** The tallest it grows before it scrolls. */
  maxLines?: number
  disabled?: boolean
  autoFocus?: boolean
  end?: ReactNode
  prose?: boolean
}

export function CodeField({ label, value, onChange, hideLabel = false, placeholder, error, hint, marked, minLines = 3, maxLines = 40, disabled, autoFocus, end, prose = false }: CodeFieldProps) {
  const id = useId()
  const ref = useRef<HTMLTextAreaElement>(null)
  const marksRef = useRef<HTMLDivElement>(null)
  // The layer decides the height; a text that ends with a line break needs something on its last line.
  const shown = `${value}\u200b`
  return (
    <div className={styles.field}>
      {hideLabel && !end ? <label htmlFor={id} className="visually-hidden">{label}</label> : (
        <div className={styles.head}>
          <label htmlFor={id} className={hideLabel ? 'visually-hidden' : styles.label}>
            {label}
          </label>
          {end}
        </div>
      )}
      <div className={cx(styles.box, prose && styles.prose, error && styles.invalid, disabled && styles.disabled)} style={{ '--min-lines': minLines, '--max-lines': maxLines }}>
        <div ref={marksRef} className={styles.marks} aria-hidden>
          {marked ? marked(shown) : shown}
        </div>
        <textarea
          ref={ref}
          id={id}
          className={styles.text}
          value={value}
          placeholder={placeholder}
          disabled={disabled}
          autoFocus={autoFocus}
          spellCheck={prose}
          autoCapitalize="off"
          autoComplete="off"
          aria-invalid={error ? true : undefined}
          aria-describedby={error || hint ? `${id}-hint` : undefined}
          onChange={(event) => onChange(event.target.value)}
          onScroll={(event) => {
            if (marksRef.current) marksRef.current.scrollTop = event.currentTarget.scrollTop
          }}
        />
      </div>
      {error || hint ? (
        <div id={`${id}-hint`} className={error ? styles.error : styles.hint} role={error ? 'status' : undefined}>
          {error ?? hint}
        </div>
      ) : null}
    </div>
  )
}

/** JSON, checked while it is typed; empty is allowed. `problem` adds what is wrong with the value itself. */
export function JsonField({ label, value, onChange, placeholder, problem, hint, minLines = 4, maxLines = 24, disabled, hideLabel, autoFocus }: {
  label: string
  value: string
  onChange: (value: string) => void
  placeholder?: string
  problem?: string | null
  hint?: ReactNode
  minLines?: number
  maxLines?: number
  disabled?: boolean
  hideLabel?: boolean
  autoFocus?: boolean
}) {
  const parsed = parseOptional(value)
  const tidy = parsed.ok && parsed.value !== undefined ? JSON.stringify(parsed.value, null, 2) : null
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === 'f' && tidy != null) {
      event.preventDefault()
      onChange(tidy)
    }
  }
  return (
    <div onKeyDown={onKeyDown}>
      <CodeField
        label={label}
        value={value}
        onChange={onChange}
        placeholder={placeholder}
        error={parsed.ok ? (problem ?? null) : parsed.message}
        hint={hint}
        minLines={minLines}
        maxLines={maxLines}
        disabled={disabled}
        hideLabel={hideLabel}
        autoFocus={autoFocus}
        end={tidy != null && tidy !== value && !disabled ? <Button variant="ghost" onClick={() => onChange(tidy)}>Format</Button> : null}
      />
    </div>
  )
}
