// Which lines the tree shows, and what subtrees add up to.
import { describe, expect, it } from 'vitest'

import type { ObservationNode } from '../../api/types'
import { buildSpanTree } from '../../lib/spanTree'
import { searchTree, subtreeTotals, visibleLines } from './rows'

const span = (id: string, parent: string | null, more: Partial<ObservationNode> = {}) =>
  ({ id, parentObservationId: parent, startTime: `2026-01-01T00:00:0${id.length}.000Z`, name: id, type: 'SPAN', level: 'DEFAULT', totalCost: null, usage: { input: 0, output: 0, total: 0 }, model: null, providedModel: null, statusMessage: null, promptName: null, inputPreview: null, ...more }) as ObservationNode

const tree = buildSpanTree([
  span('a', null),
  span('ab', 'a', { totalCost: 1, usage: { input: 1, output: 1, total: 2 } }),
  span('abc', 'ab', { totalCost: 0.5, level: 'ERROR', name: 'needle' }),
  span('ax', 'a'),
])
const ids = (options: Partial<Parameters<typeof visibleLines>[1]>) => visibleLines(tree, { collapsed: new Set(), matches: null, onlyMatching: false, ...options }).map((line) => line.node.span.id)

describe('visibleLines', () => {
  it('is the whole tree in order', () => expect(ids({})).toEqual(['a', 'ab', 'abc', 'ax']))
  it('leaves out what is below a collapsed node', () => expect(ids({ collapsed: new Set(['ab']) })).toEqual(['a', 'ab', 'ax']))
  it('keeps the way to a match, even through collapsed nodes', () => {
    expect(ids({ matches: new Set(['abc']), onlyMatching: true, collapsed: new Set(['a']) })).toEqual(['a', 'ab', 'abc'])
  })
  it('shows nothing when nothing matches', () => expect(ids({ matches: new Set(), onlyMatching: true })).toEqual([]))
})

describe('subtreeTotals', () => {
  it('adds up cost, tokens, counts and errors', () => {
    expect(subtreeTotals(tree).get('a')).toEqual({ cost: 1.5, tokens: 2, count: 3, errors: 1, warnings: 0 })
    expect(subtreeTotals(tree).get('ax')?.cost).toBeNull()
  })
})

describe('searchTree', () => {
  it('looks at name, type, model, level and id', () => {
    expect([...(searchTree(tree, 'NEEDLE') ?? [])]).toEqual(['abc'])
    expect([...(searchTree(tree, 'error') ?? [])]).toEqual(['abc'])
    expect(searchTree(tree, '  ')).toBeNull()
  })
})
