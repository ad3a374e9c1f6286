// The bar at the top of each page: title, a quiet figure beside it, and the page's own controls.
import type { ReactNode } from 'react'

import styles from './PageHeader.module.css'

export function PageHeader({ title, meta, children }: { title: ReactNode; meta?: ReactNode; children?: ReactNode }) {
  return (
    <header className={styles.header}>
      <h1 className={styles.title}>{title}</h1>
      {meta != null ? <span className={styles.meta}>{meta}</span> : null}
      <span className={styles.gap} />
      <div className={styles.controls}>{children}</div>
    </header>
  )
}
