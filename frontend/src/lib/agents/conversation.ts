// A coding agent's session as people read it: turns, and in each the answers, tool calls, subagents and events in order of
// time. Made from the trace's steps alone, whose ids say what they are (docs/coding-agents.md); texts come later.
import type { ObservationNode } from '../../api/types'
import { buildSpanTree, walk, type SpanNode } from '../spanTree'
import { contextUse, type ContextUse } from './context'

export type StepKind = 'turn' | 'call' | 'tool' | 'subagent' | 'event' | 'step'
export type StepFilter = 'all' | 'talk' | 'tools' | 'errors'

export interface ConversationStep {
  id: string
  kind: StepKind
  node: ObservationNode
  /** 0 below the turn, 1 below a subagent … */
  depth: number
  /** Index of the turn. */
  turn: number
  /** The subagents that it is in, outermost first. */
  within: string[]
  /** What a subagent did. */
  inside: Totals | null
}

export interface Totals {
  calls: number
  tools: number
  errors: number
  tokens: number
  cost: number | null
  unpriced: number
}

export interface Turn extends Totals {
  index: number
  /** Which prompt it is, from 1; null for what happened before the first. */
  number: number | null
  /** The turn's own step; null for what happened before the first prompt. */
  node: ObservationNode | null
  start: string
  end: string | null
  inputTokens: number
  outputTokens: number
  models: string[]
  /** Input tokens of the last call that is not a subagent's. */
  context: number | null
  contextModel: string | null
}

export interface ConversationModel {
  turns: Turn[]
  steps: ConversationStep[]
  largestContext: number
}

type Node = SpanNode<ObservationNode>

export function buildConversation(traceId: string, observations: readonly ObservationNode[]): ConversationModel {
  const { roots } = buildSpanTree(observations)
  const turns: Turn[] = []
  const steps: ConversationStep[] = []

  // The session's own step holds everything; sources without one leave their steps at the root.
  const top: Node[] = []
  for (const root of roots) {
    if (isSession(root, traceId)) top.push(...root.children)
    else top.push(root)
  }
  top.sort((a, b) => startOf(a) - startOf(b))

  for (const entry of top) {
    const isTurn = kindOf(entry) === 'turn'
    if (isTurn || turns.length === 0) turns.push(newTurn(turns.length, isTurn ? (turns.at(-1)?.number ?? 0) + 1 : null, entry.span))
    const turn = turns.at(-1)
    if (!turn) continue
    if (isTurn) {
      steps.push(stepOf(entry, 'turn', 0, turn.index, []))
      for (const child of entry.children) addSteps(child, turn, steps)
    } else {
      addSteps(entry, turn, steps)
      if (turn.node == null || turn.end != null) turn.end = later(turn.end, entry.span.endTime)
    }
  }
  return { turns, steps, largestContext: turns.reduce((most, turn) => Math.max(most, turn.context ?? 0), 0) }
}

/** Everything below one child of a turn. Wrappers that stand for nothing by themselves give way to what they hold. */
function addSteps(top: Node, turn: Turn, steps: ConversationStep[]): void {
  const stack: { node: Node; depth: number; within: string[] }[] = [{ node: top, depth: 0, within: [] }]
  for (let at = stack.pop(); at; at = stack.pop()) {
    const { node, depth, within } = at
    const kind = kindOf(node)
    const hidden = kind === 'step' && (node.span.level === 'DEBUG' || node.span.id.startsWith('span-'))
    if (!hidden) {
      const step = stepOf(node, kind, depth, turn.index, within)
      if (kind === 'subagent') step.inside = totalsBelow(node)
      steps.push(step)
      count(turn, node.span, kind)
      if (kind === 'call' && within.length === 0 && node.span.usage.input > 0) {
        turn.context = node.span.usage.input
        turn.contextModel = node.span.providedModel ?? node.span.model
      }
    }
    const below = kind === 'subagent' ? { depth: depth + 1, within: [...within, node.span.id] } : { depth, within }
    for (let index = node.children.length - 1; index >= 0; index -= 1) {
      const child = node.children[index]
      if (child) stack.push({ node: child, ...below })
    }
  }
}

function isSession(node: Node, traceId: string): boolean {
  return node.span.id === traceId || (node.span.type === 'AGENT' && node.parent == null && node.mark == null && !node.span.id.startsWith('agent-'))
}

function kindOf(node: Node): StepKind {
  const { id, type } = node.span
  if (id.startsWith('turn-')) return 'turn'
  if (type === 'GENERATION') return 'call'
  if (type === 'TOOL') return 'tool'
  if (type === 'AGENT') return 'subagent'
  return type === 'EVENT' ? 'event' : 'step'
}

function stepOf(node: Node, kind: StepKind, depth: number, turn: number, within: string[]): ConversationStep {
  return { id: node.span.id, kind, node: node.span, depth, turn, within, inside: null }
}

function newTurn(index: number, number: number | null, first: ObservationNode): Turn {
  return {
    index, number, node: number == null ? null : first, start: first.startTime, end: first.endTime, inputTokens: 0, outputTokens: 0, models: [], context: null, contextModel: null, ...noTotals(),
  }
}

function noTotals(): Totals {
  return { calls: 0, tools: 0, errors: 0, tokens: 0, cost: null, unpriced: 0 }
}

function count(totals: Totals, node: ObservationNode, kind: StepKind): void {
  if (kind === 'tool') totals.tools += 1
  if (node.level === 'ERROR') totals.errors += 1
  if (kind !== 'call') return
  totals.calls += 1
  totals.tokens += node.usage.total
  if (node.totalCost != null) totals.cost = (totals.cost ?? 0) + node.totalCost
  else if (node.usage.total > 0) totals.unpriced += 1
  if (!('models' in totals)) return
  const turn = totals as Turn
  turn.inputTokens += node.usage.input
  turn.outputTokens += node.usage.output
  const model = node.providedModel ?? node.model
  if (model != null && !turn.models.includes(model)) turn.models.push(model)
}

function totalsBelow(node: Node): Totals {
  const totals = noTotals()
  walk(node.children, (child) => count(totals, child.span, kindOf(child)))
  return totals
}

function startOf(node: Node): number {
  const time = Date.parse(node.span.startTime)
  return Number.isNaN(time) ? Number.MAX_SAFE_INTEGER : time
}

function later(a: string | null, b: string | null): string | null {
  if (a == null || b == null) return b ?? a
  return Date.parse(a) >= Date.parse(b) ? a : b
}

export function turnContext(turn: Turn, largest: number): ContextUse | null {
  return turn.context == null ? null : contextUse(turn.context, turn.contextModel, largest)
}

/** What is left to see: without the inside of closed subagents, and only the kinds asked for. Turns with nothing left go. */
export function visibleSteps(model: ConversationModel, closed: ReadonlySet<string>, filter: StepFilter): ConversationStep[] {
  const shown = model.steps.filter((step) => matches(step, filter) && !step.within.some((id) => closed.has(id)))
  if (filter === 'all' || filter === 'talk') return shown
  const used = new Set(shown.filter((step) => step.kind !== 'turn').map((step) => step.turn))
  return shown.filter((step) => step.kind !== 'turn' || used.has(step.turn))
}

function matches(step: ConversationStep, filter: StepFilter): boolean {
  if (filter === 'all' || step.kind === 'turn') return true
  if (filter === 'talk') return step.kind === 'call' && step.depth === 0
  if (filter === 'tools') return step.kind === 'tool' || step.kind === 'subagent'
  return step.node.level === 'ERROR' || step.node.level === 'WARNING'
}
