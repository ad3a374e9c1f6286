// What a table's columns are, and the user's arrangement of them (order, hidden, widths, density), kept in localStorage.
import { useCallback, useState, type ReactNode } from 'react'

import { readStored, writeStored } from '../../lib/stored'

export interface Column<Row> {
  id: string
  label: string
  width: number
  align?: 'end'
  /** Name of the API's order; the header sorts when given. */
  sort?: string
  /** Not shown until the user asks for it. */
  hidden?: boolean
  /** The header is too narrow for its label: it is only spoken. */
  iconOnly?: boolean
  /** Takes the room that is left. */
  grow?: boolean
  render: (row: Row) => ReactNode
}

export type Density = 'compact' | 'normal' | 'relaxed'
export const ROW_HEIGHT: Record<Density, number> = { compact: 30, normal: 38, relaxed: 56 }

export interface Arrangement {
  order: string[]
  hidden: string[]
  widths: Record<string, number>
  density: Density
}

const MIN_WIDTH = 40
const MAX_WIDTH = 1200

export function useArrangement<Row>(name: string, columns: readonly Column<Row>[]) {
  const [arrangement, setArrangement] = useState<Arrangement>(() => readStored(`table.${name}`, parseArrangement) ?? initial(columns))

  const change = useCallback(
    (next: Partial<Arrangement>) =>
      setArrangement((current) => {
        const changed = { ...current, ...next }
        writeStored(`table.${name}`, changed)
        return changed
      }),
    [name],
  )
  const reset = useCallback(() => change(initial(columns)), [change, columns])
  return { arrangement, change, reset }
}

function initial<Row>(columns: readonly Column<Row>[]): Arrangement {
  return { order: columns.map((column) => column.id), hidden: columns.filter((column) => column.hidden).map((column) => column.id), widths: {}, density: 'normal' }
}

function parseArrangement(value: unknown): Arrangement | null {
  if (typeof value !== 'object' || value === null) return null
  const { order, hidden, widths, density } = value as Record<string, unknown>
  if (!isTexts(order) || !isTexts(hidden) || typeof widths !== 'object' || widths === null) return null
  const sizes = Object.fromEntries(Object.entries(widths).filter((entry): entry is [string, number] => typeof entry[1] === 'number').map(([id, width]) => [id, clampWidth(width)]))
  return { order, hidden, widths: sizes, density: density === 'compact' || density === 'relaxed' ? density : 'normal' }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string')
}

/** All columns in the user's order; columns added since the arrangement was stored come where they were declared. */
export function orderColumns<Row>(columns: readonly Column<Row>[], order: readonly string[]): Column<Row>[] {
  const rank = new Map(order.map((id, index) => [id, index]))
  let last = -1
  const keyed = columns.map((column) => {
    last = rank.get(column.id) ?? last + 0.01
    return { column, key: last }
  })
  return keyed.sort((a, b) => a.key - b.key).map((entry) => entry.column)
}

export function clampWidth(width: number): number {
  return Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)))
}
