import { describe, expect, it } from 'vitest'

import type { ObservationNode } from '../../api/types'
import { contextUse } from './context'
import { buildConversation, turnContext, visibleSteps } from './conversation'

const node = (id: string, parent: string | null, type: string, second: number, more: Partial<ObservationNode> = {}): ObservationNode => ({
  id, parentObservationId: parent, type, name: id, startTime: new Date(second * 1000).toISOString(), endTime: new Date(second * 1000 + 500).toISOString(), completionStartTime: null, level: 'DEFAULT', statusMessage: null,
  latency: 0.5, timeToFirstToken: null, model: null, providedModel: null, environment: 'default', version: null, usage: { input: 0, output: 0, total: 0 }, usageDetails: {}, costDetails: {}, totalCost: null,
  promptName: null, promptVersion: null, inputLength: 0, outputLength: 0, inputPreview: null, ...more,
})
const call = (id: string, parent: string, second: number, input: number, cost: number | null = 0.01, model = 'claude-opus-4-5') =>
  node(id, parent, 'GENERATION', second, { providedModel: model, usage: { input, output: 10, total: input + 10 }, totalCost: cost })

const CLAUDE = [
  node('claude-code-s', null, 'AGENT', 0),
  node('turn-a', 'claude-code-s', 'SPAN', 1),
  node('span-x', 'turn-a', 'SPAN', 1, { level: 'DEBUG' }),
  call('call-1', 'span-x', 2, 1000),
  node('tool-1', 'turn-a', 'TOOL', 3),
  node('agent-h', 'tool-1', 'AGENT', 4),
  call('call-h', 'agent-h', 5, 90_000),
  node('tool-h', 'agent-h', 'TOOL', 6, { level: 'ERROR' }),
  call('call-2', 'turn-a', 7, 50_000, null),
  node('turn-b', 'claude-code-s', 'SPAN', 10),
  call('call-3', 'turn-b', 11, 60_000),
]

describe('a session as a conversation', () => {
  it('puts steps below their turn in order of time, subagents nested, wrappers gone', () => {
    const { steps } = buildConversation('claude-code-s', CLAUDE)
    expect(steps.map((step) => `${step.turn}${'.'.repeat(step.depth)} ${step.kind} ${step.id}`)).toEqual([
      '0 turn turn-a', '0 call call-1', '0 tool tool-1', '0 subagent agent-h', '0. call call-h', '0. tool tool-h', '0 call call-2', '1 turn turn-b', '1 call call-3',
    ])
  })

  it('sums a turn with its subagents, and takes the context from its own last call', () => {
    const { turns, largestContext } = buildConversation('claude-code-s', CLAUDE)
    expect(turns[0]).toMatchObject({ calls: 3, tools: 2, errors: 1, cost: 0.02, unpriced: 1, context: 50_000, models: ['claude-opus-4-5'] })
    expect(turns[1]).toMatchObject({ calls: 1, context: 60_000 })
    expect(largestContext).toBe(60_000)
    expect(turns[1] && turnContext(turns[1], largestContext)).toEqual({ tokens: 60_000, share: 0.3, window: 200_000 })
  })

  it('says what a subagent did', () => {
    const { steps } = buildConversation('claude-code-s', CLAUDE)
    expect(steps.find((step) => step.kind === 'subagent')?.inside).toMatchObject({ calls: 1, tools: 1, errors: 1, tokens: 90_010, cost: 0.01 })
  })

  it('gives calls that name no turn to the prompt before them', () => {
    const { steps, turns } = buildConversation('codex-s', [
      node('codex-s', null, 'AGENT', 0), call('call-0', 'codex-s', 1, 5), node('turn-1', 'codex-s', 'SPAN', 2), call('call-1', 'codex-s', 3, 5), node('tool-1', 'codex-s', 'TOOL', 4), node('turn-2', 'codex-s', 'SPAN', 5), call('call-2', 'codex-s', 6, 5),
    ])
    expect(turns.map((turn) => [turn.number, turn.node?.id ?? null])).toEqual([[null, null], [1, 'turn-1'], [2, 'turn-2']])
    expect(steps.map((step) => `${step.turn} ${step.id}`)).toEqual(['0 call-0', '1 turn-1', '1 call-1', '1 tool-1', '2 turn-2', '2 call-2'])
  })

  it('shows every step once, whatever the parents say', () => {
    const { steps } = buildConversation('s', [node('a', 'b', 'TOOL', 1), node('b', 'a', 'TOOL', 2), node('c', 'nowhere', 'TOOL', 3)])
    expect(steps.map((step) => step.id).sort()).toEqual(['a', 'b', 'c'])
  })

  it('takes ten thousand steps', () => {
    const many = [node('x', null, 'AGENT', 0), ...Array.from({ length: 10_000 }, (_, index) => (index % 50 === 0 ? node(`turn-${index}`, 'x', 'SPAN', index) : node(`tool-${index}`, `turn-${index - (index % 50)}`, 'TOOL', index)))]
    expect(buildConversation('x', many).steps).toHaveLength(10_000)
  })

  it('folds subagents and filters kinds', () => {
    const model = buildConversation('claude-code-s', CLAUDE)
    const ids = (closed: string[], filter: Parameters<typeof visibleSteps>[2]) => visibleSteps(model, new Set(closed), filter).map((step) => step.id)
    expect(ids(['agent-h'], 'all')).not.toContain('call-h')
    expect(ids([], 'errors')).toEqual(['turn-a', 'tool-h'])
    expect(ids([], 'talk')).toEqual(['turn-a', 'call-1', 'call-2', 'turn-b', 'call-3'])
    expect(ids([], 'tools')).toEqual(['turn-a', 'tool-1', 'agent-h', 'tool-h'])
  })
})

describe('context', () => {
  it('is of the window where that is known, else of the largest', () => {
    expect(contextUse(50, 'claude-sonnet-4-5', 100).window).toBe(200_000)
    expect(contextUse(50, 'somebody-s-model', 100)).toEqual({ tokens: 50, share: 0.5, window: null })
    expect(contextUse(50, null, 0).share).toBe(0)
  })

  it('does not believe in a window that was overrun', () => {
    expect(contextUse(300_000, 'claude-sonnet-4-5', 400_000)).toEqual({ tokens: 300_000, share: 0.75, window: null })
  })
})
