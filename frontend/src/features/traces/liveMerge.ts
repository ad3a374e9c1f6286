// How rows that a poll brings join the rows that are shown (newest first): known rows are updated in place, unknown ones are
// put where their time belongs or held back while the user reads further down.
import type { TraceRow } from '../../api/types'

export interface Merge {
  rows: TraceRow[]
  /** Rows that were not shown before, newest first. */
  added: TraceRow[]
  changed: boolean
}

export function mergeNewest(shown: readonly TraceRow[], arrived: readonly TraceRow[]): Merge {
  const byId = new Map(arrived.map((row) => [row.id, row]))
  let changed = false
  const rows = shown.map((row) => {
    const next = byId.get(row.id)
    byId.delete(row.id)
    if (!next || !isNewer(next, row)) return row
    changed = true
    return next
  })
  const added = [...byId.values()].sort(newestFirst)
  if (added.length === 0) return { rows, added, changed }

  // Both lists are sorted, so this is one pass. A row older than the last loaded page comes with its page.
  const merged: TraceRow[] = []
  let at = 0
  for (const row of rows) {
    for (let next = added[at]; next && newestFirst(next, row) < 0; next = added[at]) {
      merged.push(next)
      at += 1
    }
    merged.push(row)
  }
  merged.push(...added.slice(at))
  return { rows: merged, added, changed: true }
}

function isNewer(next: TraceRow, row: TraceRow): boolean {
  return next.updatedAt > row.updatedAt || (next.updatedAt === row.updatedAt && (next.observationCount !== row.observationCount || next.bookmarked !== row.bookmarked))
}

function newestFirst(a: TraceRow, b: TraceRow): number {
  return a.timestamp > b.timestamp ? -1 : a.timestamp < b.timestamp ? 1 : a.id > b.id ? -1 : a.id < b.id ? 1 : 0
}

/** Where to poll from: a little before the newest row, because traces arrive out of order. */
export function pollFrom(newest: TraceRow | undefined, fallback: string, overlapMs = 60_000): string {
  if (!newest) return fallback
  const from = new Date(Date.parse(newest.timestamp) - overlapMs).toISOString()
  return from > fallback ? from : fallback
}
