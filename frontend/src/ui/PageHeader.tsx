// The bar at the top of each page: where it belongs, its title, a quiet figure beside it, and the page's own controls.
import { Fragment, type ReactNode } from 'react'

import styles from './PageHeader.module.css'

export function PageHeader({ title, trail = [], meta, children }: { title: ReactNode; trail?: readonly ReactNode[]; meta?: ReactNode; children?: ReactNode }) {
  return (
    <header className={styles.header}>
      {trail.map((place, index) => (
        <Fragment key={index}>
          <span className={styles.place}>{place}</span>
          <span className={styles.slash} aria-hidden>
            /
          </span>
        </Fragment>
      ))}
      <h1 className={styles.title}>{title}</h1>
      {meta != null ? <span className={styles.meta}>{meta}</span> : null}
      <span className={styles.gap} />
      <div className={styles.controls}>{children}</div>
    </header>
  )
}
