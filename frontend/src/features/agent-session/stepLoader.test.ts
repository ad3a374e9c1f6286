import { describe, expect, it } from 'vitest'

import { batches } from './stepLoader'

const named = (ids: string[]) => ids.map((id) => ({ step: { id } }))
const sizes = (ids: string[]) => batches(named(ids)).map((batch) => batch.length)

describe('groups of steps', () => {
  it('hold at most forty, every step once', () => {
    expect(sizes(Array.from({ length: 95 }, (_, index) => `tool-${index}`))).toEqual([40, 40, 15])
    expect(sizes([])).toEqual([])
  })

  it('keep the address short, whatever the ids', () => {
    expect(sizes(Array.from({ length: 10 }, () => 'ü'.repeat(200)))).toEqual([2, 2, 2, 2, 2])
    expect(sizes(['x'.repeat(9000), 'y'])).toEqual([1, 1])
  })
})
