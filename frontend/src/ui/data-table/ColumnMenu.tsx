// Chooses the columns: shown or not, their order (drag, or the arrow buttons), density, and back to the defaults.
import { useState } from 'react'

import { Button, IconButton } from '../Button'
import { cx } from '../cx'
import { Checkbox } from '../Field'
import { Icon } from '../Icon'
import { Popover } from '../Popover'
import { Segmented } from '../Tabs'
import styles from './ColumnMenu.module.css'
import { orderColumns, type Arrangement, type Column, type Density } from './columns'
import { moveBefore } from './DataTable'

const DENSITIES: { value: Density; label: string }[] = [
  { value: 'compact', label: 'Compact' },
  { value: 'normal', label: 'Normal' },
  { value: 'relaxed', label: 'Relaxed' },
]

export function ColumnMenu<Row>({ columns, arrangement, onArrange, onReset }: {
  columns: readonly Column<Row>[]
  arrangement: Arrangement
  onArrange: (change: Partial<Arrangement>) => void
  onReset: () => void
}) {
  const [dragged, setDragged] = useState<string | null>(null)
  const ordered = orderColumns(columns, arrangement.order)
  const ids = ordered.map((column) => column.id)
  const shift = (id: string, by: number) => {
    const other = ids[ids.indexOf(id) + by]
    if (other) onArrange({ order: moveBefore(ids, id, other) })
  }

  return (
    <Popover
      label="Columns"
      align="end"
      width={272}
      trigger={(trigger) => (
        <Button icon="columns" {...trigger} aria-label="Columns and density">
          Columns
        </Button>
      )}
    >
      {() => (
        <div className={styles.menu}>
          <div className={styles.density}>
            <Segmented label="Row density" choices={DENSITIES} value={arrangement.density} onChange={(density) => onArrange({ density })} />
          </div>
          <ul className={styles.list}>
            {ordered.map((column, index) => (
              <li
                key={column.id}
                className={cx(styles.item, dragged === column.id && styles.dragged)}
                draggable
                onDragStart={(event) => {
                  event.dataTransfer.effectAllowed = 'move'
                  setDragged(column.id)
                }}
                onDragEnter={() => dragged && onArrange({ order: moveBefore(ids, dragged, column.id) })}
                onDragOver={(event) => event.preventDefault()}
                onDragEnd={() => setDragged(null)}
              >
                <span className={styles.grip}>
                  <Icon name="drag" size={14} />
                </span>
                <Checkbox
                  label={column.label}
                  checked={!arrangement.hidden.includes(column.id)}
                  onChange={(on) => onArrange({ hidden: on ? arrangement.hidden.filter((id) => id !== column.id) : [...arrangement.hidden, column.id] })}
                />
                <span className={styles.moves}>
                  <IconButton icon="chevronUp" label={`Move ${column.label} up`} size="sm" disabled={index === 0} onClick={() => shift(column.id, -1)} />
                  <IconButton icon="chevronDown" label={`Move ${column.label} down`} size="sm" disabled={index === ordered.length - 1} onClick={() => shift(column.id, 1)} />
                </span>
              </li>
            ))}
          </ul>
          <div className={styles.footer}>
            <Button variant="ghost" onClick={onReset}>
              Reset to defaults
            </Button>
          </div>
        </div>
      )}
    </Popover>
  )
}
