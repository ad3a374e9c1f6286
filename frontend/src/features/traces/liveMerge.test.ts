// How polled rows join the list.
import { describe, expect, it } from 'vitest'

import type { TraceRow } from '../../api/types'
import { mergeNewest, pollFrom } from './liveMerge'

const row = (id: string, second: number, updated = second): TraceRow =>
  ({ id, timestamp: new Date(second * 1000).toISOString(), updatedAt: new Date(updated * 1000).toISOString(), observationCount: 1, bookmarked: false }) as TraceRow
const ids = (rows: readonly TraceRow[]) => rows.map((entry) => entry.id).join(' ')

describe('mergeNewest', () => {
  it.each([
    ['a newer row goes to the top', [row('a', 1)], [row('b', 2)], 'b a', 'b'],
    ['a late row goes where its time belongs', [row('c', 3), row('a', 1)], [row('b', 2)], 'c b a', 'b'],
    ['known rows are not added twice', [row('b', 2), row('a', 1)], [row('b', 2)], 'b a', ''],
    ['into an empty list', [], [row('a', 1), row('b', 2)], 'b a', 'b a'],
  ])('%s', (_, shown, arrived, order, added) => {
    const merged = mergeNewest(shown, arrived)
    expect(ids(merged.rows)).toBe(order)
    expect(ids(merged.added)).toBe(added)
  })
  it('replaces a row that changed and keeps one that did not', () => {
    const old = [row('b', 2, 2), row('a', 1, 1)]
    const merged = mergeNewest(old, [row('b', 2, 9), row('a', 1, 1)])
    expect(merged.changed).toBe(true)
    expect(merged.rows[0]?.updatedAt).toBe(new Date(9000).toISOString())
    expect(merged.rows[1]).toBe(old[1])
  })
  it('says when nothing changed', () => expect(mergeNewest([row('a', 1)], []).changed).toBe(false))
})

describe('pollFrom', () => {
  it('overlaps, but never before the range', () => {
    expect(pollFrom(row('a', 120), new Date(0).toISOString())).toBe(new Date(60_000).toISOString())
    expect(pollFrom(row('a', 120), new Date(100_000).toISOString())).toBe(new Date(100_000).toISOString())
    expect(pollFrom(undefined, 'x')).toBe('x')
  })
})
