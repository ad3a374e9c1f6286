// The shared span-tree vectors, and the sizes that must not hurt.
import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { buildSpanTree, walk, type RootMark, type SpanInput } from './spanTree'

interface Vectors {
  cases: { name: string; input: SpanInput[]; expected: { id: string; depth: number; mark: RootMark }[] }[]
}
const vectors = JSON.parse(readFileSync(new URL('../../../tests/vectors/span-tree.json', import.meta.url), 'utf8')) as Vectors

function flatten(spans: SpanInput[]) {
  const rows: { id: string; depth: number; mark: RootMark }[] = []
  walk(buildSpanTree(spans).roots, (node) => {
    rows.push({ id: node.span.id, depth: node.depth, mark: node.mark })
  })
  return rows
}

describe('buildSpanTree', () => {
  it.each(vectors.cases)('$name', ({ input, expected }) => {
    expect(flatten(input)).toEqual(expected)
  })

  it('survives a 20,000-deep chain and a ring of 20,000', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => ({
      id: `s${index}`,
      parentObservationId: index === 0 ? null : `s${index - 1}`,
      startTime: new Date(index).toISOString(),
    }))
    expect(flatten(chain).at(-1)).toEqual({ id: 's19999', depth: 19_999, mark: null })

    const ring = chain.map((span, index) => (index === 0 ? { ...span, parentObservationId: 's19999' } : span))
    expect(flatten(ring)).toHaveLength(20_000)
  })
})
