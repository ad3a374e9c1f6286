// What a page shows when it has no data to show: loading, empty, failed.
import type { ReactNode } from 'react'

import { Button } from './Button'
import styles from './Feedback.module.css'
import { Icon, type IconName } from './Icon'

export function Spinner({ size = 16, label }: { size?: number; label?: string }) {
  return (
    <span className={styles.spinner} style={{ width: size, height: size }} role={label ? 'status' : undefined} aria-label={label} aria-hidden={label ? undefined : true} />
  )
}

export function LoadingState({ label = 'Loading' }: { label?: string }) {
  return (
    <div className={styles.state} role="status">
      <Spinner size={18} />
      <span className={styles.quiet}>{label}…</span>
    </div>
  )
}

export function EmptyState({ icon, title, children, actions }: { icon: IconName; title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className={styles.state}>
      <span className={styles.badge}>
        <Icon name={icon} size={20} />
      </span>
      <h2 className={styles.title}>{title}</h2>
      {children ? <div className={styles.text}>{children}</div> : null}
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </div>
  )
}

export function ErrorState({ title = 'This could not be loaded', message, onRetry }: { title?: string; message: string; onRetry?: () => void }) {
  return (
    <div className={styles.state} role="alert">
      <span className={styles.badgeError}>
        <Icon name="warning" size={20} />
      </span>
      <h2 className={styles.title}>{title}</h2>
      <div className={styles.text}>{message}</div>
      {onRetry ? (
        <div className={styles.actions}>
          <Button icon="refresh" onClick={onRetry}>
            Try again
          </Button>
        </div>
      ) : null}
    </div>
  )
}

/** Grey bars in the shape of what is coming. */
export function Skeleton({ width = '100%', height = 12 }: { width?: number | string; height?: number }) {
  return <span className={styles.skeleton} style={{ width, height }} aria-hidden />
}

export function InlineError({ children }: { children: ReactNode }) {
  return (
    <div className={styles.inlineError} role="alert">
      <Icon name="error" size={14} />
      <span>{children}</span>
    </div>
  )
}

export function Notice({ tone = 'info', children }: { tone?: 'info' | 'warning'; children: ReactNode }) {
  return (
    <div className={tone === 'warning' ? styles.warning : styles.info}>
      <Icon name={tone === 'warning' ? 'warning' : 'info'} size={14} />
      <div>{children}</div>
    </div>
  )
}
