// Two texts compared: removed and added lines with their changed words marked, unchanged stretches folded away.
import { memo, useMemo, useState } from 'react'

import { countChanges, diffLines, withGaps, type DiffLine } from '../../lib/diff'
import { plural } from '../../lib/format'
import { visibleText } from '../../lib/visibleText'
import { cx } from '../cx'
import styles from './DiffView.module.css'

export const DiffView = memo(function DiffView({ before, after, label, beforeName, afterName }: { before: string; after: string; label: string; beforeName: string; afterName: string }) {
  const lines = useMemo(() => diffLines(before, after), [before, after])
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set())
  const { added, removed } = countChanges(lines)
  if (added + removed === 0) {
    return (
      <p className={styles.same}>
        {label} is the same in {beforeName} and {afterName}.
      </p>
    )
  }
  return (
    <section className={styles.diff} aria-label={`Changes of ${label.toLowerCase()}`}>
      <header className={styles.head}>
        <span>{label}</span>
        <span className={styles.removedCount}>−{plural(removed, 'line')}</span>
        <span className={styles.addedCount}>+{plural(added, 'line')}</span>
      </header>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <tbody>
            {withGaps(lines).flatMap((entry, index) => {
              if (entry.kind !== 'gap') return [<Line key={index} line={entry} />]
              if (opened.has(entry.from)) return lines.slice(entry.from, entry.from + entry.count).map((line, at) => <Line key={`${index} ${at}`} line={line} />)
              return [
                <tr key={index}>
                  <td colSpan={4} className={styles.gap}>
                    <button type="button" onClick={() => setOpened(new Set([...opened, entry.from]))}>
                      Show {plural(entry.count, 'unchanged line')}
                    </button>
                  </td>
                </tr>,
              ]
            })}
          </tbody>
        </table>
      </div>
    </section>
  )
})

const SIGN = { same: ' ', add: '+', remove: '−' } as const

function Line({ line }: { line: DiffLine }) {
  return (
    <tr className={cx(line.kind === 'add' && styles.add, line.kind === 'remove' && styles.remove)}>
      <td className={styles.number}>{line.before}</td>
      <td className={styles.number}>{line.after}</td>
      <td className={styles.sign} aria-label={line.kind === 'add' ? 'added' : line.kind === 'remove' ? 'removed' : undefined}>
        {SIGN[line.kind]}
      </td>
      <td className={styles.text}>
        {line.parts.map((part, index) => (part.changed ? <mark key={index} className={styles.word}>{visibleText(part.text)}</mark> : visibleText(part.text)))}
      </td>
    </tr>
  )
}
