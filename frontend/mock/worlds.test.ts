import { expect, test } from 'vitest'

import type { MockStore } from './model'
import { Worlds } from './worlds'

const asking = (world?: string) => ({ headers: world == null ? {} : { 'x-mock-world': world } })
const first = (store: MockStore) => [...(store.projects.get('proj-shop')?.traces.values() ?? [])][0]

test('what one world changes, no other sees', () => {
  const worlds = new Worlds(Date.now())
  const mine = first(worlds.of(asking('mine')))
  const scores = mine?.scores.length
  mine?.scores.push({ id: 'new' } as never)
  if (mine) mine.row.bookmarked = true
  worlds.of(asking('mine')).projects.get('proj-shop')?.traces.delete('ffff0000ffff0000ffff0000ffff0000')

  expect(first(worlds.of(asking('mine')))?.scores).toHaveLength((scores ?? 0) + 1)
  for (const other of [worlds.of(asking('other')), worlds.of(asking())]) {
    expect(first(other)?.scores).toHaveLength(scores ?? 0)
    expect(first(other)?.row.bookmarked).toBe(false)
    expect(other.projects.get('proj-shop')?.traces.has('ffff0000ffff0000ffff0000ffff0000')).toBe(true)
  }
})

test('only the world used longest ago makes room, and never the shared one', () => {
  const worlds = new Worlds(Date.now())
  const [shared, oldest] = [worlds.of(asking()), worlds.of(asking('0'))]
  const second = worlds.of(asking('1'))
  for (let index = 2; index < 12; index += 1) worlds.of(asking(String(index)))

  expect(worlds.of(asking('1'))).toBe(second)
  expect(worlds.of(asking())).toBe(shared)
  expect(worlds.of(asking('0'))).not.toBe(oldest)
})
