// The differences between two texts.
import { describe, expect, it } from 'vitest'

import { countChanges, diffLines, withGaps, type DiffLine } from './diff'

const sign = { same: ' ', add: '+', remove: '-' }
const show = (lines: readonly DiffLine[]) => lines.map((line) => sign[line.kind] + line.parts.map((part) => (part.changed ? `[${part.text}]` : part.text)).join('')).join('|')

describe('diffLines', () => {
  it.each([
    ['equal texts', 'a\nb', 'a\nb', ' a| b'],
    ['from nothing', '', 'a\nb', '+a|+b'],
    ['to nothing', 'a', '', '-a'],
    ['both empty', '', '', ''],
    ['an added line', 'a\nc', 'a\nb\nc', ' a|+b| c'],
    ['a removed line', 'a\nb\nc', 'a\nc', ' a|-b| c'],
    ['words inside a line', 'You are a kind helper', 'You are a strict helper', '-You are a [kind] helper|+You are a [strict] helper'],
    ['lines with little in common stay whole', 'alpha', 'quite other words', '-alpha|+quite other words'],
    ['a moved line', 'a\nb\nc\nd', 'b\nc\nd\na', '-a| b| c| d|+a'],
  ])('%s', (_, before, after, expected) => expect(show(diffLines(before, after))).toBe(expected))

  it('numbers lines in both texts', () => {
    const lines = diffLines('a\nb', 'x\na\nb')
    expect(lines.map((line) => [line.before, line.after])).toEqual([[null, 1], [1, 2], [2, 3]])
  })

  it('rebuilds both texts whatever they are', () => {
    let seed = 3
    const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below
    for (let round = 0; round < 200; round += 1) {
      const make = () => Array.from({ length: random(12) }, () => 'abcd'.charAt(random(4))).join('\n')
      const [before, after] = [make(), make()]
      const lines = diffLines(before, after)
      const text = (skip: string) => lines.filter((line) => line.kind !== skip).map((line) => line.parts.map((part) => part.text).join('')).join('\n')
      expect(text('add')).toBe(before)
      expect(text('remove')).toBe(after)
    }
  })

  it('stays fast when everything differs', () => {
    const before = Array.from({ length: 4000 }, (_, index) => `left ${index}`).join('\n')
    const after = Array.from({ length: 4000 }, (_, index) => `right ${index}`).join('\n')
    const started = performance.now()
    expect(countChanges(diffLines(before, after))).toEqual({ added: 4000, removed: 4000 })
    expect(performance.now() - started).toBeLessThan(4000)
  })
})

describe('withGaps', () => {
  it('folds what lies far from a change', () => {
    const before = Array.from({ length: 20 }, (_, index) => `line ${index}`).join('\n')
    const shown = withGaps(diffLines(before, before.replace('line 10', 'line ten')), 2)
    expect(shown.map((entry) => (entry.kind === 'gap' ? `gap ${entry.count}` : entry.kind))).toEqual(['gap 8', 'same', 'same', 'remove', 'add', 'same', 'same', 'gap 7'])
  })
})
