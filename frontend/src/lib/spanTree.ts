// Builds the tree of a trace's observations from their parent ids. Promises: every observation appears exactly once, whatever
// the parents say; nothing recurses, so a 5,000-deep trace is as safe as a flat one. The rules are shared with the server's
// readers as vectors: tests/vectors/span-tree.json.

export interface SpanInput {
  id: string
  parentObservationId: string | null
  startTime: string | null
}

/** Why a root is a root: it has no parent, its parent is not in the trace, or it was cut out of a parent cycle. */
export type RootMark = 'orphan' | 'cycle' | null

export interface SpanNode<T extends SpanInput> {
  span: T
  depth: number
  mark: RootMark
  parent: SpanNode<T> | null
  children: SpanNode<T>[]
}

export interface SpanTree<T extends SpanInput> {
  roots: SpanNode<T>[]
  byId: Map<string, SpanNode<T>>
}

export function buildSpanTree<T extends SpanInput>(spans: readonly T[]): SpanTree<T> {
  const byId = new Map<string, SpanNode<T>>()
  for (const span of spans) byId.set(span.id, { span, depth: 0, mark: null, parent: null, children: [] })

  const order = [...byId.values()].map((node) => ({ node, time: startOf(node.span) }))
  order.sort((a, b) => a.time - b.time || compareText(a.node.span.id, b.node.span.id))

  for (const { node } of order) {
    const parentId = node.span.parentObservationId
    if (parentId == null || parentId === '') continue
    const parent = byId.get(parentId)
    if (parent) node.parent = parent
    else node.mark = 'orphan'
  }
  cutCycles(order.map((entry) => entry.node))

  const roots: SpanNode<T>[] = []
  for (const { node } of order) (node.parent?.children ?? roots).push(node)
  setDepths(roots)
  return { roots, byId }
}

/** Finds each parent cycle and cuts it above its earliest member, which becomes a root. `nodes` is in start order. */
function cutCycles<T extends SpanInput>(nodes: SpanNode<T>[]): void {
  const settled = new Set<SpanNode<T>>()
  const rank = new Map(nodes.map((node, index) => [node, index]))
  for (const start of nodes) {
    const path: SpanNode<T>[] = []
    const onPath = new Set<SpanNode<T>>()
    let node: SpanNode<T> | null = start
    while (node && !settled.has(node) && !onPath.has(node)) {
      path.push(node)
      onPath.add(node)
      node = node.parent
    }
    if (node && onPath.has(node)) {
      const cycle = path.slice(path.indexOf(node))
      const first = cycle.reduce((best, next) => ((rank.get(next) ?? 0) < (rank.get(best) ?? 0) ? next : best))
      first.parent = null
      first.mark = 'cycle'
    }
    for (const visited of path) settled.add(visited)
  }
}

function setDepths<T extends SpanInput>(roots: SpanNode<T>[]): void {
  walk(roots, (node) => {
    node.depth = node.parent ? node.parent.depth + 1 : 0
  })
}

/** Pre-order visit without recursion. The visitor may return false to skip a node's children. */
export function walk<T extends SpanInput>(roots: readonly SpanNode<T>[], visit: (node: SpanNode<T>) => unknown): void {
  const stack = [...roots].reverse()
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (visit(node) === false) continue
    for (let index = node.children.length - 1; index >= 0; index -= 1) {
      const child = node.children[index]
      if (child) stack.push(child)
    }
  }
}

/** Unreadable start times sort last. */
function startOf(span: SpanInput): number {
  const time = span.startTime == null ? Number.NaN : Date.parse(span.startTime)
  return Number.isNaN(time) ? Number.MAX_SAFE_INTEGER : time
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
