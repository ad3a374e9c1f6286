// A plain table for lists of some dozens of rows: settings, versions, runs. Long lists take the virtualised data-table.
import type { ReactNode } from 'react'

import { cx } from './cx'
import styles from './Table.module.css'

export interface Head {
  label: string
  align?: 'end'
  /** Only spoken, for columns of buttons. */
  hidden?: boolean
}

export function Table({ label, head, children, flush = false }: { label: string; head: readonly (string | Head)[]; children: ReactNode; flush?: boolean }) {
  return (
    <div className={cx(styles.wrap, flush && styles.flush)}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {head.map((entry) => {
              const { label: text, align, hidden } = typeof entry === 'string' ? { label: entry } as Head : entry
              return (
                <th key={text} scope="col" className={align === 'end' ? styles.end : undefined}>
                  {hidden ? <span className="visually-hidden">{text}</span> : text}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

export const tableStyles = styles
