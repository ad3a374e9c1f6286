// Behaviour of the filters' URL form.
import { describe, expect, it } from 'vitest'

import { decodeFilters, describeFilter, encodeFilters, type Filter } from './filters'

const roundTrips: [string, Filter][] = [
  ['options', { type: 'stringOptions', column: 'level', operator: 'any of', value: ['ERROR', 'WARNING'] }],
  ['values with every mark', { type: 'arrayOptions', column: 'tags', operator: 'all of', value: ['a,b', 'c;d~e', '!', 'x!y', ''] }],
  ['number', { type: 'number', column: 'latency', operator: '>=', value: 0.25 }],
  ['date', { type: 'datetime', column: 'timestamp', operator: '<', value: '2026-01-01T00:00:00.000Z' }],
  ['boolean', { type: 'boolean', column: 'bookmarked', operator: '=', value: true }],
  ['text', { type: 'string', column: 'name', operator: 'does not contain', value: 'naïve <b> ~ "q"' }],
  ['metadata with a hostile key', { type: 'stringObject', column: 'metadata', operator: '=', value: 'v', key: '__proto__' }],
  ['null', { type: 'null', column: 'userId', operator: 'is null', value: '' }],
]

describe('filter codec', () => {
  it.each(roundTrips)('%s survives the URL', (_, filter) => {
    const url = new URLSearchParams({ filter: encodeFilters([filter]) ?? '' }).toString()
    expect(decodeFilters(new URLSearchParams(url).get('filter') ?? '')).toEqual([filter])
  })
  it('keeps several filters in order', () => {
    const filters = roundTrips.map(([, filter]) => filter)
    expect(decodeFilters(encodeFilters(filters))).toEqual(filters)
  })
  it('writes a readable form', () => {
    expect(encodeFilters([roundTrips[0]?.[1], roundTrips[2]?.[1]].filter((filter) => filter != null))).toBe('o.level~any~ERROR,WARNING;n.latency~gte~0.25')
  })
  it('leaves out what it cannot read', () => {
    expect(decodeFilters('rubbish;n.latency~gte~many;b.bookmarked~eq~maybe;d.timestamp~gt~never;n.latency~gte~1')).toEqual([
      { type: 'number', column: 'latency', operator: '>=', value: 1 },
    ])
    expect(decodeFilters(undefined)).toEqual([])
    expect(encodeFilters([])).toBeUndefined()
  })
})

describe('describeFilter', () => {
  it.each([
    [{ type: 'stringOptions', column: 'level', operator: 'any of', value: ['ERROR'] }, 'is ERROR'],
    [{ type: 'stringOptions', column: 'level', operator: 'any of', value: ['A', 'B', 'C'] }, 'is any of A, +2'],
    [{ type: 'number', column: 'latency', operator: '=', value: 3 }, '= 3'],
    [{ type: 'null', column: 'userId', operator: 'is null', value: '' }, 'is null '],
  ] satisfies [Filter, string][])('%o', (filter, expected) => {
    const { operator, value } = describeFilter(filter)
    expect(`${operator} ${value}`).toBe(expected)
  })
})
