import { describe, expect, it } from 'vitest'

import { pairLines, parsePatch, patchRows } from './patch'

const NONE = new Set<string>()
const shape = (text: string, created = false) => parsePatch(text, created).hunks.flatMap((hunk) => hunk.lines.map((line) => `${line.kind} ${line.before ?? '·'} ${line.after ?? '·'} ${line.parts.map((part) => part.text).join('')}`))

describe('reading patches', () => {
  it('numbers the lines of a git diff and leaves its headers out', () => {
    const text = 'diff --git a/x b/x\nindex 1a2b3c4..5d6e7f8 100644\n--- a/x\n+++ b/x\n@@ -3,3 +3,4 @@ def total():\n a\n-b\n+B\n+C\n d\n@@ -20 +21 @@\n-y\n+z\n'
    const patch = parsePatch(text)
    expect(shape(text)).toEqual(['same 3 3 a', 'remove 4 · b', 'add · 4 B', 'add · 5 C', 'same 5 6 d', 'remove 20 · y', 'add · 21 z'])
    expect(patch.hunks.map((hunk) => [hunk.section, hunk.skipped])).toEqual([['def total():', 2], ['', 14]])
    expect([patch.added, patch.removed]).toEqual([3, 2])
  })

  it('takes dashes inside a counted hunk for what they are', () => {
    expect(shape('@@ -1,2 +1,1 @@\n--- a\n+++ b\n-c\n')).toEqual(['remove 1 · -- a', 'add · 1 ++ b', 'remove 2 · c'])
  })

  it('reads edits without numbers, and apply_patch', () => {
    expect(shape('@@\n a\n-b\n+B\n')).toEqual(['same · · a', 'remove · · b', 'add · · B'])
    expect(shape('*** Begin Patch\n*** Update File: a.py\n@@ class Cart\n-x\n+y\n*** End Patch')).toEqual(['remove · · x', 'add · · y'])
    expect(shape('+one\n+two', true)).toEqual(['add · 1 one', 'add · 2 two'])
  })

  it('does not choke on anything', () => {
    expect(parsePatch('').hunks).toEqual([])
    expect(parsePatch('Binary files a/x.png and b/x.png differ').binary).toBe(true)
    expect(parsePatch('hello\nworld').hunks).toEqual([])
    expect(parsePatch(`@@ -1,99999999 +1,99999999 @@\n+${'x'.repeat(1_000_000)}\n\\ No newline at end of file`).added).toBe(1)
    expect(parsePatch('@@ -99999999999999,1 +1 @@\n+a').added).toBe(1)
    expect(shape('@@ -1,2 +1,2 @@\r\n-a\r\n+b\r\n')).toEqual(['remove 1 · a', 'add · 1 b'])
  })

  it('marks the words that changed', () => {
    const [removed, added] = parsePatch('@@\n-    return self.total - discount\n+    return self.total * discount\n').hunks[0]?.lines ?? []
    expect(removed?.parts.some((part) => part.changed)).toBe(true)
    expect(added?.parts.filter((part) => part.changed).map((part) => part.text).join('')).toContain('*')
  })
})

describe('drawing patches', () => {
  it('puts removed lines beside the added ones', () => {
    const lines = parsePatch('@@\n a\n-b\n-c\n+B\n d\n').hunks[0]?.lines ?? []
    expect(pairLines(lines).map(({ left, right }) => [left?.parts[0]?.text ?? null, right?.parts[0]?.text ?? null])).toEqual([['a', 'a'], ['b', 'B'], ['c', null], ['d', 'd']])
  })

  it('folds long unchanged stretches until they are opened', () => {
    const text = `@@ -1,21 +1,21 @@\n${Array.from({ length: 20 }, (_, index) => ` line ${index}`).join('\n')}\n-old\n+new\n`
    const patch = parsePatch(text)
    const rows = patchRows(patch, 'unified', NONE)
    expect(rows.map((row) => row.kind)).toEqual(['fold', 'line', 'line', 'line', 'line', 'line'])
    expect(rows[0]).toMatchObject({ count: 17 })
    expect(patchRows(patch, 'unified', new Set(['0.0']))).toHaveLength(22)
    expect(patchRows(patch, 'split', new Set(['0.0'])).filter((row) => row.kind === 'pair')).toHaveLength(21)
  })
})
