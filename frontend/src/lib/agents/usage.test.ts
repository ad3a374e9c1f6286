import { describe, expect, it } from 'vitest'

import type { AgentUsage } from '../../api/agents'
import { dailyUsage, sumUsage } from './usage'

const row = (key: string, totalCost: number | null, more: Partial<AgentUsage> = {}): AgentUsage => ({ key, sessions: 1, people: 1, turns: 2, commands: 3, failedCommands: 1, commits: 1, linesAdded: 5, linesRemoved: 4, totalTokens: 100, totalCost, costComplete: true, ...more })

describe('use', () => {
  it('is summed, and unknown cost is not zero', () => {
    expect(sumUsage([row('a', 1), row('b', null, { costComplete: false })])).toMatchObject({ sessions: 2, commands: 6, totalCost: 1, costComplete: false })
    expect(sumUsage([row('a', null)]).totalCost).toBeNull()
    expect(sumUsage([])).toMatchObject({ sessions: 0, totalCost: null, costComplete: true })
  })

  it('has a place for every day, used or not', () => {
    const days = dailyUsage([row('2026-01-02', 1), row('nonsense', 1)], Date.parse('2026-01-01T10:00:00Z'), Date.parse('2026-01-03T10:00:00Z'))
    expect(days.map(({ day, row: of }) => [day, of?.totalCost ?? null])).toEqual([['2026-01-01', null], ['2026-01-02', 1], ['2026-01-03', null]])
    expect(dailyUsage([], 0, Date.parse('2026-01-01T00:00:00Z'))).toHaveLength(92)
  })
})
