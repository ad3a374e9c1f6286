// Form fields, each with a visible label tied to it, and a checkbox.
import { useEffect, useId, useRef, type ComponentProps, type ReactNode } from 'react'

import { cx } from './cx'
import styles from './Field.module.css'

interface FieldProps extends ComponentProps<'input'> {
  label: string
  hint?: ReactNode
  error?: string | null
  hideLabel?: boolean
}

export function TextField({ label, hint, error, hideLabel = false, className, ...rest }: FieldProps) {
  const id = useId()
  return (
    <div className={cx(styles.field, className)}>
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : styles.label}>
        {label}
      </label>
      <input id={id} className={styles.input} aria-invalid={error ? true : undefined} aria-describedby={hint || error ? `${id}-hint` : undefined} {...rest} />
      {error || hint ? (
        <div id={`${id}-hint`} className={error ? styles.error : styles.hint}>
          {error ?? hint}
        </div>
      ) : null}
    </div>
  )
}

export function TextArea({ label, hideLabel = false, hint, ...rest }: ComponentProps<'textarea'> & { label: string; hideLabel?: boolean; hint?: ReactNode }) {
  const id = useId()
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : styles.label}>
        {label}
      </label>
      <textarea id={id} className={styles.textarea} rows={3} aria-describedby={hint ? `${id}-hint` : undefined} {...rest} />
      {hint ? (
        <div id={`${id}-hint`} className={styles.hint}>
          {hint}
        </div>
      ) : null}
    </div>
  )
}

export function Select({ label, hideLabel = false, children, ...rest }: ComponentProps<'select'> & { label: string; hideLabel?: boolean }) {
  const id = useId()
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : styles.label}>
        {label}
      </label>
      <select id={id} className={styles.select} {...rest}>
        {children}
      </select>
    </div>
  )
}

export function Checkbox({ label, checked, mixed = false, onChange, hideLabel = false }: {
  label: string
  checked: boolean
  mixed?: boolean
  onChange: (checked: boolean) => void
  hideLabel?: boolean
}) {
  const ref = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (ref.current) ref.current.indeterminate = mixed
  }, [mixed])
  return (
    <label className={styles.checkLabel}>
      <input ref={ref} type="checkbox" className={styles.checkbox} checked={checked} aria-label={hideLabel ? label : undefined} onChange={(event) => onChange(event.target.checked)} />
      {hideLabel ? null : <span>{label}</span>}
    </label>
  )
}
