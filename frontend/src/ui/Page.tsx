// The scrolling body of a page that is not one big table, and what such pages are made of.
import type { ReactNode } from 'react'

import { cx } from './cx'
import styles from './Page.module.css'

export function PageBody({ children, narrow = false, label }: { children: ReactNode; narrow?: boolean; label?: string }) {
  return (
    <div className={styles.page} role={label ? 'region' : undefined} aria-label={label}>
      <div className={cx(styles.column, narrow && styles.narrow)}>{children}</div>
    </div>
  )
}

export function Lead({ children }: { children: ReactNode }) {
  return <p className={styles.lead}>{children}</p>
}

export function Section({ title, meta, actions, children }: { title: ReactNode; meta?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section} aria-label={typeof title === 'string' ? title : undefined}>
      <header className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        {meta != null ? <span className={styles.meta}>{meta}</span> : null}
        <span className={styles.gap} />
        {actions}
      </header>
      {children}
    </section>
  )
}

/** Figures side by side: label above, value below. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([label, value]) => (
        <div key={label} className={styles.fact}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

export function Toolbar({ children }: { children: ReactNode }) {
  return <div className={styles.toolbar}>{children}</div>
}

export function Gap() {
  return <span className={styles.gap} />
}

/** The bar at the lower edge while something is selected, or of a form that can be saved. */
export function ActionBar({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={styles.bar} role="toolbar" aria-label={label}>
      {children}
    </div>
  )
}

export function Progress({ label, done, total }: { label: string; done: number; total: number }) {
  return <progress className={styles.progress} aria-label={label} value={done} max={Math.max(1, total)} />
}
