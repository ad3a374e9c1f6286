// A modal on the browser's own <dialog>: focus stays inside, Escape closes, the page behind is inert.
import { useEffect, useRef, useState, type ReactNode, type SubmitEvent } from 'react'

import { Button, IconButton } from './Button'
import { cx } from './cx'
import styles from './Dialog.module.css'
import { InlineError } from './Feedback'

interface DialogProps {
  title: string
  onClose: () => void
  children: ReactNode
  width?: number
  /** No title bar: for the command palette. */
  bare?: boolean
  /** The dialog holds something that is shown once: a click beside it does not close it. */
  sticky?: boolean
}

export function Dialog({ title, onClose, children, width = 440, bare = false, sticky = false }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = ref.current
    if (!dialog || dialog.open) return
    dialog.showModal()
    // Without a field to start in, the dialog itself has the focus, not its close button.
    if (document.activeElement instanceof HTMLButtonElement) dialog.focus()
  }, [])

  return (
    <dialog
      ref={ref}
      aria-label={title}
      tabIndex={-1}
      className={cx(styles.dialog, bare && styles.bare)}
      style={{ width }}
      onClose={onClose}
      onKeyDown={(event) => event.stopPropagation()}
      onClick={(event) => {
        if (event.target === ref.current && !sticky) ref.current.close()
      }}
    >
      {bare ? children : (
        <div className={styles.inner}>
          <header className={styles.header}>
            <h2 className={styles.title}>{title}</h2>
            <IconButton icon="close" label="Close" size="sm" onClick={() => ref.current?.close()} />
          </header>
          {children}
        </div>
      )}
    </dialog>
  )
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>
}

/** A form in a dialog: holds the busy and failed states of one promise. */
export function DialogForm({ submitLabel, danger = false, onSubmit, onCancel, children, disabled = false }: {
  submitLabel: string
  danger?: boolean
  onSubmit: () => Promise<void>
  onCancel: () => void
  children: ReactNode
  disabled?: boolean
}) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    onSubmit()
      .catch((reason: unknown) => setError(reason instanceof Error ? reason.message : 'Something went wrong.'))
      .finally(() => setBusy(false))
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      {children}
      {error ? <InlineError>{error}</InlineError> : null}
      <DialogActions>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant={danger ? 'danger' : 'primary'} busy={busy} disabled={disabled}>
          {submitLabel}
        </Button>
      </DialogActions>
    </form>
  )
}
