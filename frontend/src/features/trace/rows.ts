// Which lines the tree and the timeline show: the tree in pre-order without what is collapsed or filtered away, and for each
// node what its subtree adds up to.
import type { ObservationNode } from '../../api/types'
import { walk, type SpanNode, type SpanTree } from '../../lib/spanTree'

export type Node = SpanNode<ObservationNode>

export interface Totals {
  cost: number | null
  tokens: number
  /** Descendants, the node itself not counted. */
  count: number
  errors: number
  warnings: number
}

export interface Line {
  node: Node
  open: boolean
  matched: boolean
}

/** Sums over each subtree. Costs of priced steps only; null when nothing below is priced. */
export function subtreeTotals(tree: SpanTree<ObservationNode>): Map<string, Totals> {
  const order: Node[] = []
  walk(tree.roots, (node) => {
    order.push(node)
  })
  const totals = new Map<string, Totals>()
  for (const node of order.reverse()) {
    const { span } = node
    const sum: Totals = { cost: span.totalCost, tokens: span.usage.total, count: 0, errors: span.level === 'ERROR' ? 1 : 0, warnings: span.level === 'WARNING' ? 1 : 0 }
    for (const child of node.children) {
      const below = totals.get(child.span.id)
      if (!below) continue
      if (below.cost != null) sum.cost = (sum.cost ?? 0) + below.cost
      sum.tokens += below.tokens
      sum.count += below.count + 1
      sum.errors += below.errors
      sum.warnings += below.warnings
    }
    totals.set(span.id, sum)
  }
  return totals
}

export function searchTree(tree: SpanTree<ObservationNode>, words: string): Set<string> | null {
  const needle = words.trim().toLowerCase()
  if (needle === '') return null
  const found = new Set<string>()
  walk(tree.roots, ({ span }) => {
    const texts = [span.name, span.type, span.model, span.providedModel, span.statusMessage, span.id, span.level === 'DEFAULT' ? null : span.level, span.promptName, span.inputPreview]
    if (texts.some((text) => text?.toLowerCase().includes(needle))) found.add(span.id)
  })
  return found
}

export interface LineOptions {
  collapsed: ReadonlySet<string>
  matches: ReadonlySet<string> | null
  /** Show only what matches and what leads to it. */
  onlyMatching: boolean
}

export function visibleLines(tree: SpanTree<ObservationNode>, { collapsed, matches, onlyMatching }: LineOptions): Line[] {
  const kept = matches && onlyMatching ? withAncestors(tree, matches) : null
  const lines: Line[] = []
  walk(tree.roots, (node) => {
    const { id } = node.span
    if (kept && !kept.has(id)) return false
    // While filtering, everything that leads to a match is open.
    const open = kept != null || !collapsed.has(id)
    lines.push({ node, open, matched: matches?.has(id) ?? false })
    return open
  })
  return lines
}

function withAncestors(tree: SpanTree<ObservationNode>, ids: ReadonlySet<string>): Set<string> {
  const kept = new Set<string>()
  for (const id of ids) {
    for (let node: Node | null = tree.byId.get(id) ?? null; node && !kept.has(node.span.id); node = node.parent) kept.add(node.span.id)
  }
  return kept
}

export function withChildren(tree: SpanTree<ObservationNode>): Set<string> {
  const ids = new Set<string>()
  for (const node of tree.byId.values()) if (node.children.length > 0) ids.add(node.span.id)
  return ids
}
