// Sums of agents' use as charts need them.
import type { AgentUsage } from '../../api/agents'

export interface UsageTotals {
  sessions: number
  turns: number
  commands: number
  failedCommands: number
  commits: number
  linesAdded: number
  linesRemoved: number
  totalTokens: number
  totalCost: number | null
  costComplete: boolean
}

/** Over groups that share no session: days, agents, repositories. People may be in several, so they aren't summed. */
export function sumUsage(rows: readonly AgentUsage[]): UsageTotals {
  const total: UsageTotals = { sessions: 0, turns: 0, commands: 0, failedCommands: 0, commits: 0, linesAdded: 0, linesRemoved: 0, totalTokens: 0, totalCost: null, costComplete: true }
  for (const row of rows) {
    for (const key of ['sessions', 'turns', 'commands', 'failedCommands', 'commits', 'linesAdded', 'linesRemoved', 'totalTokens'] as const) total[key] += row[key]
    if (row.totalCost != null) total.totalCost = (total.totalCost ?? 0) + row.totalCost
    total.costComplete &&= row.costComplete
  }
  return total
}

const DAY = 86_400_000
const MOST_DAYS = 92

/** One entry a day without gaps, from the first day with use (or `from`) to the last (or `to`). */
export function dailyUsage(rows: readonly AgentUsage[], from: number, to: number): { day: string; row: AgentUsage | null }[] {
  const byDay = new Map(rows.filter((row) => /^\d{4}-\d\d-\d\d$/.test(row.key)).map((row) => [row.key, row]))
  const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10)
  const first = Math.max(Math.floor(from / DAY), Math.floor(to / DAY) - MOST_DAYS + 1)
  const last = Math.floor(to / DAY)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const day = dayOf((first + index) * DAY)
    return { day, row: byDay.get(day) ?? null }
  })
}
