// Behaviour of the JSON viewer's lines.
import { describe, expect, it } from 'vitest'

import { ancestorsOf, jsonRows, pathsOfStrings, searchJson, type JsonView } from './jsonRows'

const view = (change: Partial<JsonView> = {}): JsonView => ({ toggled: new Set(), parsed: new Set(), openDepth: 2, ...change })
const outline = (root: unknown, state = view()) => jsonRows(root, state).map((row) => `${row.path || '.'} ${row.kind}`)

describe('jsonRows', () => {
  it('opens containers down to the depth and closes the rest', () => {
    expect(outline({ a: { b: { c: 1 } }, d: [] })).toEqual(['. open', '/a open', '/a/b collapsed', '/a close', '/d leaf', '. close'])
  })
  it('toggles one container', () => {
    expect(outline({ a: { b: 1 } }, view({ toggled: new Set(['/a']) }))).toEqual(['. open', '/a collapsed', '. close'])
  })
  it('opens JSON inside a string on request', () => {
    expect(outline({ a: '{"b":1}' }, view({ parsed: new Set(['/a']) }))).toEqual(['. open', '/a open', '/a/b leaf', '/a close', '. close'])
  })
  it('treats dangerous keys as ordinary names', () => {
    const value: unknown = JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"a/b":2}')
    expect(outline(value)).toEqual(['. open', '/__proto__ open', '/__proto__/polluted leaf', '/__proto__ close', '/constructor leaf', '/a~1b leaf', '. close'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
  it('does not recurse: 100,000 levels', () => {
    const deep: unknown = JSON.parse('[[1]]')
    let value = deep
    for (let index = 0; index < 100_000; index += 1) value = [value]
    expect(jsonRows(value, view({ openDepth: 200_000 })).length).toBeGreaterThan(100_000)
  })
})

describe('searchJson', () => {
  it('finds keys and values in order', () => {
    expect(searchJson({ Alpha: 1, b: ['alphabet', { x: 'no' }] }, 'alpha', { parsed: new Set() })).toEqual(['/Alpha', '/b/0'])
  })
  it('names what must be open', () => {
    expect(ancestorsOf('/a/b/0')).toEqual(['', '/a', '/a/b'])
    expect(ancestorsOf('')).toEqual([])
  })
})

it('finds strings however deep, in order, and no more than wanted', () => {
  const value = { a: [{ 'b/c': 'x1' }, 'y'], d: { e: 'x2' }, f: 'x3' }
  expect(pathsOfStrings(value, (text) => text.startsWith('x'), 2)).toEqual(['/a/0/b~1c', '/d/e'])
})
