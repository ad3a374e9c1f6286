// A patch, unified or side by side: line numbers, changed words, folded context. Only the lines on screen of a large one are drawn.
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useMemo, useRef, useState } from 'react'

import type { DiffLine } from '../../lib/diff'
import { formatBytes, formatCount, plural } from '../../lib/format'
import { patchRows, type Patch, type PatchLayout, type PatchRow } from '../../lib/patch'
import { visibleText } from '../../lib/visibleText'
import { cx } from '../cx'
import styles from './PatchView.module.css'

const PLAIN_ROWS = 300
const LINE_CUT = 2000

export const PatchView = memo(function PatchView({ patch, layout, label }: { patch: Patch; layout: PatchLayout; label: string }) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const rows = useMemo(() => patchRows(patch, layout, opened), [patch, layout, opened])
  const open = (id: string) => setOpened(new Set([...opened, id]))
  if (rows.length === 0) return <p className={styles.none}>{patch.binary ? 'A binary file: its content is not compared.' : 'The diff holds no lines.'}</p>
  if (rows.length > PLAIN_ROWS) return <LongPatch rows={rows} label={label} onOpen={open} />
  return (
    <div className={styles.patch} role="group" aria-label={label}>
      {rows.map((row, index) => (
        <Row key={index} row={row} onOpen={open} />
      ))}
    </div>
  )
})

function LongPatch({ rows, label, onOpen }: { rows: readonly PatchRow[]; label: string; onOpen: (id: string) => void }) {
  const ref = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => ref.current, estimateSize: () => 20, overscan: 30 })
  return (
    <div ref={ref} className={cx(styles.patch, styles.long)} role="group" aria-label={label} tabIndex={0}>
      <div className={styles.body} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index]
          return row ? (
            <div key={item.key} ref={virtual.measureElement} data-index={item.index} className={styles.placed} style={{ transform: `translateY(${item.start}px)` }}>
              <Row row={row} onOpen={onOpen} />
            </div>
          ) : null
        })}
      </div>
    </div>
  )
}

const SIGN = { same: ' ', add: '+', remove: '−' } as const
const SPOKEN = { same: undefined, add: 'added', remove: 'removed' } as const

function Row({ row, onOpen }: { row: PatchRow; onOpen: (id: string) => void }) {
  switch (row.kind) {
    case 'hunk':
      return (
        <div className={styles.hunk}>
          <span>{row.skipped ? `${formatCount(row.skipped)} unchanged ${row.skipped === 1 ? 'line' : 'lines'} not recorded` : '⋯'}</span>
          {row.section ? <bdi className={styles.section}>{visibleText(row.section.slice(0, 200))}</bdi> : null}
        </div>
      )
    case 'fold':
      return (
        <div className={styles.fold}>
          <button type="button" onClick={() => onOpen(row.id)}>
            Show {plural(row.count, 'unchanged line')}
          </button>
        </div>
      )
    case 'line':
      return (
        <div className={cx(styles.unified, tone(row.line))}>
          <span className={styles.number}>{row.line.before}</span>
          <span className={styles.number}>{row.line.after}</span>
          <Sign line={row.line} />
          <Text line={row.line} />
        </div>
      )
    case 'pair':
      return (
        <div className={styles.split}>
          <Half line={row.left} number={row.left?.before ?? null} />
          <Half line={row.right} number={row.right?.after ?? null} />
        </div>
      )
  }
}

function Half({ line, number }: { line: DiffLine | null; number: number | null }) {
  if (!line) return <div className={styles.absent} />
  return (
    <div className={cx(styles.half, tone(line))}>
      <span className={styles.number}>{number}</span>
      <Sign line={line} />
      <Text line={line} />
    </div>
  )
}

function Sign({ line }: { line: DiffLine }) {
  const spoken = SPOKEN[line.kind]
  return (
    <span className={styles.sign} role={spoken ? 'img' : undefined} aria-label={spoken}>
      {SIGN[line.kind]}
    </span>
  )
}

function Text({ line }: { line: DiffLine }) {
  let room = LINE_CUT
  let hidden = 0
  return (
    <span className={styles.text}>
      {line.parts.map((part, index) => {
        const shown = part.text.slice(0, Math.max(0, room))
        room -= shown.length
        hidden += part.text.length - shown.length
        return part.changed ? <mark key={index} className={styles.word}>{visibleText(shown)}</mark> : visibleText(shown)
      })}
      {hidden > 0 ? <span className={styles.hidden}> … {formatBytes(hidden)} more in this line</span> : null}
    </span>
  )
}

function tone(line: DiffLine): string | undefined {
  return line.kind === 'add' ? styles.add : line.kind === 'remove' ? styles.remove : undefined
}
