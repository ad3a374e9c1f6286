import { describe, expect, it } from 'vitest'

import type { FileOperation } from '../../api/types'
import { buildFileTree, changesOf, commonDirectory, treeRows } from './files'

let clock = 0
const operation = (kind: string, filePath: string, more: Partial<FileOperation> = {}): FileOperation => ({
  id: `op-${(clock += 1)}`, projectId: 'p', traceId: 't', observationId: null, sessionId: null, agent: null, operation: kind, filePath, newPath: null, fileType: null,
  beforeContentHash: null, afterContentHash: null, beforeSize: null, afterSize: null, diffSummary: {}, diff: null, timestamp: new Date(clock * 1000).toISOString(), ...more,
})

describe('changes by file', () => {
  it('sums what was done, and does not make a count of nothing', () => {
    const [cart, readme] = changesOf([
      operation('READ', '/repo/a/cart.py', { diffSummary: { linesAdded: 900 } }),
      operation('UPDATE', '/repo/a/cart.py', { diffSummary: { linesAdded: 2, linesRemoved: 1 } }),
      operation('UPDATE', '/repo/a/cart.py', { diffSummary: { linesAdded: 3, linesRemoved: 0 } }),
      operation('UPDATE', '/repo/README.md'),
    ])
    expect(cart).toMatchObject({ shown: 'a/cart.py', kind: 'modified', added: 5, removed: 1 })
    expect(readme).toMatchObject({ shown: 'README.md', added: null, removed: null })
  })

  it('follows a moved file', () => {
    const changes = changesOf([operation('UPDATE', 'a.ts'), operation('MOVE', 'a.ts', { newPath: 'b.ts' }), operation('CREATE', 'c.ts'), operation('DELETE', 'd.ts'), operation('READ', 'e.ts')])
    expect(changes.map((change) => [change.path, change.kind, change.operations.length])).toEqual([['b.ts', 'moved', 2], ['c.ts', 'added', 1], ['d.ts', 'deleted', 1], ['e.ts', 'read', 1]])
  })

  it('finds the shared directory', () => {
    expect(commonDirectory(['/home/dev/shop/a/x', '/home/dev/shop/b/y'])).toBe('/home/dev/shop/')
    expect(commonDirectory(['/home/dev/shop/a', '/home/dev/shopping/b'])).toBe('/home/dev/')
    expect(commonDirectory(['/a/x', 'b/y'])).toBe('')
    expect(commonDirectory([])).toBe('')
  })
})

describe('the tree', () => {
  const names = (paths: string[], closed: string[] = []) => treeRows(buildFileTree(changesOf(paths.map((path) => operation('UPDATE', path)))), new Set(closed)).map(({ node, depth }) => `${'  '.repeat(depth)}${node.name}`)

  it('joins chains of folders, folders first', () => {
    expect(names(['z.ts', 'src/deep/er/a.ts', 'src/deep/er/b.ts', 'test/t.ts'])).toEqual(['src/deep/er', '  a.ts', '  b.ts', 'test', '  t.ts', 'z.ts'])
  })

  it('closes folders', () => {
    expect(names(['src/a/x.ts', 'src/b/y.ts'], ['src/a'])).toEqual(['src', '  a', '  b', '    y.ts'])
  })

  it('survives strange paths', () => {
    expect(names(['a//b', '/', '', 'x\ny'])).toHaveLength(5)
    expect(names([`${'d/'.repeat(5000)}f`])).toHaveLength(2)
  })
})
