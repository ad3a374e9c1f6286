// One column header: click sorts, the edge resizes (also by arrow keys), dragging reorders.
import { useRef, type DragEvent, type KeyboardEvent, type PointerEvent } from 'react'

import { cx } from '../cx'
import { Icon } from '../Icon'
import type { Column } from './columns'
import styles from './DataTable.module.css'

interface HeaderCellProps<Row> {
  column: Column<Row>
  width: number
  orderBy: string
  onOrderBy: (orderBy: string) => void
  onResize: (width: number) => void
  onMove: (id: string, before: string) => void
}

const DRAG_TYPE = 'application/x-agenttrace-column'

export function HeaderCell<Row>({ column, width, orderBy, onOrderBy, onResize, onMove }: HeaderCellProps<Row>) {
  const drag = useRef<{ x: number; width: number } | null>(null)
  const [sorted, direction] = orderBy.split('.')
  const active = column.sort != null && column.sort === sorted
  const next = active && direction === 'desc' ? 'asc' : 'desc'

  const resizeStart = (event: PointerEvent<HTMLDivElement>) => {
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { x: event.clientX, width: event.currentTarget.parentElement?.getBoundingClientRect().width ?? width }
  }
  const resize = (event: PointerEvent) => {
    if (drag.current) onResize(drag.current.width + event.clientX - drag.current.x)
  }
  const resizeKey = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowLeft' ? -16 : event.key === 'ArrowRight' ? 16 : 0
    if (by === 0) return
    event.preventDefault()
    onResize(width + by)
  }
  const drop = (event: DragEvent) => {
    const id = event.dataTransfer.getData(DRAG_TYPE)
    if (id) onMove(id, column.id)
  }

  return (
    <div
      role="columnheader"
      aria-label={column.label}
      aria-sort={active ? (direction === 'asc' ? 'ascending' : 'descending') : column.sort ? 'none' : undefined}
      className={cx(styles.headerCell, column.align === 'end' && styles.end)}
      draggable
      onDragStart={(event) => {
        if (drag.current) event.preventDefault()
        event.dataTransfer.setData(DRAG_TYPE, column.id)
      }}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(DRAG_TYPE)) event.preventDefault()
      }}
      onDrop={drop}
    >
      {column.sort ? (
        <button type="button" className={cx(styles.sort, active && styles.sorted)} onClick={() => onOrderBy(`${column.sort ?? ''}.${next}`)}>
          <span className={styles.headerLabel}>{column.label}</span>
          {active ? <Icon name={direction === 'asc' ? 'arrowUp' : 'arrowDown'} size={11} /> : null}
        </button>
      ) : (
        <span className={column.iconOnly ? 'visually-hidden' : styles.headerLabel}>{column.label}</span>
      )}
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label={`Width of ${column.label}`}
        aria-valuenow={Math.round(width)}
        tabIndex={0}
        className={styles.resize}
        onPointerDown={resizeStart}
        onPointerMove={resize}
        onPointerUp={() => {
          drag.current = null
        }}
        onKeyDown={resizeKey}
      />
    </div>
  )
}
