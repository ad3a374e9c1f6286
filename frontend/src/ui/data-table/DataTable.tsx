// A virtualised table as an ARIA grid: fixed-height rows, sortable and resizable headers, j/k and arrow keys, Enter to open,
// x or Space to select. Knows nothing of what its rows are.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'

import { cx } from '../cx'
import { Checkbox } from '../Field'
import { Skeleton } from '../Feedback'
import { clampWidth, orderColumns, ROW_HEIGHT, type Arrangement, type Column } from './columns'
import styles from './DataTable.module.css'
import { HeaderCell } from './HeaderCell'

export interface DataTableProps<Row> {
  label: string
  rows: readonly Row[]
  rowId: (row: Row) => string
  /** Spoken name of a row, for its checkbox. */
  rowLabel: (row: Row) => string
  columns: readonly Column<Row>[]
  arrangement: Arrangement
  onArrange: (change: Partial<Arrangement>) => void
  orderBy: string
  onOrderBy: (orderBy: string) => void
  onOpen: (row: Row, newTab: boolean) => void
  selected?: ReadonlySet<string>
  onSelect?: (ids: ReadonlySet<string>) => void
  /** Rows that have just arrived. */
  fresh?: ReadonlySet<string>
  loading?: boolean
  hasMore?: boolean
  onMore?: () => void
  onScrolled?: (scrolled: boolean, visible: { first: number; last: number }) => void
  /** Shown above the rows, fixed to the top: "12 new traces". */
  banner?: (scrollToTop: () => void) => ReactNode
  /** Coming back to a list of the same key returns to where it was scrolled. */
  scrollKey?: string
  /** Row tint. */
  tone?: (row: Row) => 'error' | 'warning' | null
}

const CHECK_WIDTH = 36
const offsets = new Map<string, number>()

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, rowId, columns, arrangement, selected, onSelect, onMore, onScrolled, scrollKey, hasMore = false, loading = false } = props
  const scrollRef = useRef<HTMLDivElement>(null)
  const [activeId, setActiveId] = useState<string | null>(null)
  const height = ROW_HEIGHT[arrangement.density]

  const shown = useMemo(() => orderColumns(columns, arrangement.order).filter((column) => !arrangement.hidden.includes(column.id)), [columns, arrangement])
  const widthOf = (column: Column<Row>) => arrangement.widths[column.id] ?? column.width
  const grower = shown.find((column) => column.grow && arrangement.widths[column.id] == null) ?? shown.at(-1)
  const template = [onSelect ? `${CHECK_WIDTH}px` : null, ...shown.map((column) => (column === grower ? `minmax(${widthOf(column)}px, 1fr)` : `${widthOf(column)}px`))].filter(Boolean).join(' ')
  const total = shown.reduce((sum, column) => sum + widthOf(column), onSelect ? CHECK_WIDTH : 0)

  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scrollRef.current, estimateSize: () => height, overscan: 12, initialOffset: offsets.get(scrollKey ?? '') ?? 0 })
  useEffect(() => virtual.measure(), [virtual, height])

  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (hasMore && last >= rows.length - 20) onMore?.()
  }, [hasMore, last, rows.length, onMore])
  useEffect(() => {
    const offset = scrollRef.current?.scrollTop ?? 0
    if (scrollKey != null) offsets.set(scrollKey, offset)
    onScrolled?.(offset > height, { first, last })
  }, [first, last, height, onScrolled, scrollKey])

  const activeIndex = rows.findIndex((row) => rowId(row) === activeId)
  const moveTo = (index: number) => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))]
    if (!row) return
    setActiveId(rowId(row))
    virtual.scrollToIndex(Math.min(rows.length - 1, Math.max(0, index)))
  }

  const toggle = (row: Row) => {
    if (!onSelect || !selected) return
    const next = new Set(selected)
    if (!next.delete(rowId(row))) next.add(rowId(row))
    onSelect(next)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== scrollRef.current || event.metaKey || event.ctrlKey || event.altKey) return
    const page = Math.max(1, Math.floor(scrollRef.current.clientHeight / height) - 2)
    const active = rows[activeIndex]
    const moves: Record<string, () => void> = {
      ArrowDown: () => moveTo(activeIndex + 1),
      j: () => moveTo(activeIndex + 1),
      ArrowUp: () => moveTo(activeIndex - 1),
      k: () => moveTo(activeIndex - 1),
      PageDown: () => moveTo(activeIndex + page),
      PageUp: () => moveTo(activeIndex - page),
      Home: () => moveTo(0),
      End: () => moveTo(rows.length - 1),
      Enter: () => active && props.onOpen(active, false),
      o: () => active && props.onOpen(active, false),
      x: () => active && toggle(active),
      ' ': () => active && toggle(active),
    }
    const move = moves[event.key]
    if (!move) return
    event.preventDefault()
    move()
  }

  // j and k work without clicking into the list first.
  const keyRef = useRef({ moveTo, activeIndex })
  useEffect(() => {
    keyRef.current = { moveTo, activeIndex }
  })
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent) => {
      if ((event.key !== 'j' && event.key !== 'k') || event.metaKey || event.ctrlKey || event.altKey) return
      const target = event.target as HTMLElement
      if (target === scrollRef.current || target.matches('input:not([type=checkbox]), textarea, select') || target.closest('dialog, [popover]')) return
      scrollRef.current?.focus({ preventScroll: true })
      keyRef.current.moveTo(keyRef.current.activeIndex + (event.key === 'j' ? 1 : -1))
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])

  const allSelected = rows.length > 0 && rows.every((row) => selected?.has(rowId(row)))
  return (
    <div className={styles.frame}>
      {props.banner ? <div className={styles.banner}>{props.banner(() => virtual.scrollToOffset(0))}</div> : null}
      <div
        ref={scrollRef}
        className={styles.scroll}
        role="grid"
        aria-label={props.label}
        aria-rowcount={hasMore ? -1 : rows.length + 1}
        aria-multiselectable={onSelect ? true : undefined}
        aria-activedescendant={activeIndex >= 0 ? `row-${activeIndex}` : undefined}
        aria-busy={loading}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div className={styles.header} role="row" aria-rowindex={1} style={{ gridTemplateColumns: template, minWidth: total }}>
          {onSelect ? (
            <div role="columnheader" className={styles.check}>
              <Checkbox label="Select all loaded rows" hideLabel checked={allSelected} mixed={!allSelected && (selected?.size ?? 0) > 0} onChange={(on) => onSelect(new Set(on ? rows.map(rowId) : []))} />
            </div>
          ) : null}
          {shown.map((column) => (
            <HeaderCell
              key={column.id}
              column={column}
              width={widthOf(column)}
              orderBy={props.orderBy}
              onOrderBy={props.onOrderBy}
              onResize={(width) => props.onArrange({ widths: { ...arrangement.widths, [column.id]: clampWidth(width) } })}
              onMove={(id, before) => props.onArrange({ order: moveBefore(orderColumns(columns, arrangement.order).map((entry) => entry.id), id, before) })}
            />
          ))}
        </div>
        {loading && rows.length === 0 ? (
          <SkeletonRows template={template} total={total} count={shown.length + (onSelect ? 1 : 0)} height={height} />
        ) : (
          <div className={styles.body} role="rowgroup" style={{ height: virtual.getTotalSize(), minWidth: total }}>
            {items.map((item) => {
              const row = rows[item.index]
              if (!row) return null
              const id = rowId(row)
              const tone = props.tone?.(row)
              return (
                <div
                  key={id}
                  id={`row-${item.index}`}
                  role="row"
                  aria-rowindex={item.index + 2}
                  aria-selected={onSelect ? (selected?.has(id) ?? false) : undefined}
                  className={cx(styles.row, styles[arrangement.density], id === activeId && styles.active, selected?.has(id) && styles.selected, props.fresh?.has(id) && styles.fresh, tone && styles[tone])}
                  style={{ gridTemplateColumns: template, height, transform: `translateY(${item.start}px)` }}
                  onClick={(event) => {
                    setActiveId(id)
                    if (isPlainClick(event)) props.onOpen(row, event.metaKey || event.ctrlKey)
                  }}
                >
                  {onSelect ? (
                    <div role="gridcell" className={styles.check} onClick={(event) => event.stopPropagation()}>
                      <Checkbox label={`Select ${props.rowLabel(row)}`} hideLabel checked={selected?.has(id) ?? false} onChange={() => toggle(row)} />
                    </div>
                  ) : null}
                  {shown.map((column) => (
                    <div key={column.id} role="gridcell" className={cx(styles.cell, column.align === 'end' && styles.end, column.iconOnly && styles.iconCell)}>
                      {column.render(row)}
                    </div>
                  ))}
                </div>
              )
            })}
          </div>
        )}
        {hasMore && rows.length > 0 ? <div className={styles.more}>Loading more…</div> : null}
      </div>
    </div>
  )
}

/** A click on the row itself, not on a control inside it and not the end of selecting text. */
function isPlainClick(event: MouseEvent<HTMLElement>): boolean {
  if (event.target instanceof Element && event.target.closest('a, button, input, label, [popover]')) return false
  return (window.getSelection()?.toString() ?? '') === ''
}

export function moveBefore(order: string[], id: string, before: string): string[] {
  if (id === before) return order
  const rest = order.filter((entry) => entry !== id)
  const at = rest.indexOf(before)
  const forward = order.indexOf(id) < order.indexOf(before)
  rest.splice(forward ? at + 1 : at, 0, id)
  return rest
}

function SkeletonRows({ template, total, count, height }: { template: string; total: number; count: number; height: number }) {
  return Array.from({ length: 14 }, (_, row) => (
    <div key={row} className={styles.skeletonRow} style={{ gridTemplateColumns: template, minWidth: total, height }} aria-hidden>
      {Array.from({ length: count }, (_, cell) => (
        <div key={cell} className={styles.cell}>
          <Skeleton width={`${35 + ((row * 31 + cell * 47) % 50)}%`} height={10} />
        </div>
      ))}
    </div>
  ))
}
