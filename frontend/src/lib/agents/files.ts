// What a session did to files: its operations gathered by file, and the files as a tree.
import type { FileOperation } from '../../api/types'

export type ChangeKind = 'added' | 'modified' | 'deleted' | 'moved' | 'read'

export interface FileChange {
  /** As the last operation names it. */
  path: string
  /** Below the directory that all paths share. */
  shown: string
  kind: ChangeKind
  /** Null when no operation states a count. */
  added: number | null
  removed: number | null
  operations: FileOperation[]
}

/** Operations in order of time, by the file they end at: a moved file keeps what was done to it under its old name. */
export function changesOf(operations: readonly FileOperation[]): FileChange[] {
  const files = new Map<string, FileOperation[]>()
  for (const operation of operations) {
    const target = operation.operation === 'MOVE' || operation.operation === 'COPY' ? (operation.newPath ?? operation.filePath) : operation.filePath
    const before = operation.operation === 'MOVE' && target !== operation.filePath ? (files.get(operation.filePath) ?? []) : []
    if (before.length > 0) files.delete(operation.filePath)
    const list = files.get(target)
    if (list) list.push(...before, operation)
    else files.set(target, [...before, operation])
  }
  const root = commonDirectory([...files.keys()])
  return [...files].map(([path, list]) => ({ path, shown: path.slice(root.length), kind: kindOf(list), added: sum(list, 'linesAdded'), removed: sum(list, 'linesRemoved'), operations: list }))
}

function kindOf(operations: readonly FileOperation[]): ChangeKind {
  const writes = operations.filter((entry) => entry.operation !== 'READ')
  const last = writes.at(-1)
  if (!last) return 'read'
  if (last.operation === 'DELETE') return 'deleted'
  if (writes.some((entry) => entry.operation === 'MOVE')) return 'moved'
  // A file that was read before it was written whole existed already.
  const first = operations[0]?.operation
  if (first === 'CREATE' || first === 'COPY') return 'added'
  return 'modified'
}

function sum(operations: readonly FileOperation[], key: 'linesAdded' | 'linesRemoved'): number | null {
  const known = operations.flatMap((entry) => (entry.operation === 'READ' ? [] : (entry.diffSummary[key] ?? [])))
  return known.length > 0 ? known.reduce((total, count) => total + count, 0) : null
}

/** The directory, with its slash, that every path is in. A relative path shares none with an absolute one. */
export function commonDirectory(paths: readonly string[]): string {
  const [first] = paths
  if (first == null || !paths.every((path) => path.startsWith('/'))) return ''
  let end = first.lastIndexOf('/') + 1
  for (const path of paths) {
    while (end > 0 && !path.startsWith(first.slice(0, end))) end = first.lastIndexOf('/', end - 2) + 1
  }
  return first.slice(0, end)
}

export interface FolderNode {
  kind: 'folder'
  name: string
  path: string
  children: TreeNode[]
  added: number
  removed: number
  files: number
}
export interface FileNode {
  kind: 'file'
  name: string
  path: string
  change: FileChange
}
export type TreeNode = FolderNode | FileNode

/** Folders first, then files, each by name; a folder that holds nothing but one folder is joined with it. */
export function buildFileTree(changes: readonly FileChange[]): TreeNode[] {
  const root: FolderNode = { kind: 'folder', name: '', path: '', children: [], added: 0, removed: 0, files: 0 }
  const folders = new Map<string, FolderNode>([['', root]])
  const folder = (path: string): FolderNode => {
    const known = folders.get(path)
    if (known) return known
    // Made from the top down, without recursion: a path may have thousands of parts.
    let at = root
    let from = 0
    while (from < path.length) {
      const slash = path.indexOf('/', from + 1)
      const end = slash < 0 ? path.length : slash
      const key = path.slice(0, end)
      let next = folders.get(key)
      if (!next) {
        next = { kind: 'folder', name: path.slice(from === 0 ? 0 : from + 1, end), path: key, children: [], added: 0, removed: 0, files: 0 }
        folders.set(key, next)
        at.children.push(next)
      }
      at = next
      from = end
    }
    return at
  }
  for (const change of changes) {
    const slash = change.shown.lastIndexOf('/')
    folder(slash <= 0 ? '' : change.shown.slice(0, slash)).children.push({ kind: 'file', name: change.shown.slice(slash + 1), path: change.path, change })
  }
  // Deepest first, so that sums are ready and chains fold from below.
  for (const node of [...folders.values()].sort((a, b) => b.path.length - a.path.length)) {
    for (const child of node.children) {
      node.added += child.kind === 'file' ? (child.change.added ?? 0) : child.added
      node.removed += child.kind === 'file' ? (child.change.removed ?? 0) : child.removed
      node.files += child.kind === 'file' ? 1 : child.files
    }
    node.children.sort((a, b) => (a.kind === b.kind ? a.name.localeCompare(b.name) : a.kind === 'folder' ? -1 : 1))
    const only = node.children[0]
    if (node !== root && node.children.length === 1 && only?.kind === 'folder') {
      node.name = `${node.name}/${only.name}`
      node.path = only.path
      node.children = only.children
    }
  }
  return root.children
}

export interface TreeRow {
  node: TreeNode
  depth: number
}

export function treeRows(nodes: readonly TreeNode[], closed: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = []
  const stack = nodes.map((node) => ({ node, depth: 0 })).reverse()
  for (let row = stack.pop(); row; row = stack.pop()) {
    rows.push(row)
    if (row.node.kind === 'file' || closed.has(row.node.path)) continue
    for (const child of [...row.node.children].reverse()) stack.push({ node: child, depth: row.depth + 1 })
  }
  return rows
}
