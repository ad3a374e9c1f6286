// Sessions of coding agents, their use, commands, files, commits, pull requests, CI runs.
import type { AgentSession, AgentUsage } from '../../src/api/agents'
import { HttpError, notFound } from '../http'
import type { MockProject, MockTrace } from '../model'
import { ok, type Answer, type Call } from './kit'

export function handleAgents({ project, method, path, params }: Call): Answer | null {
  const [a, b, c] = path
  const rows = project.agents
  if (method !== 'GET') return null
  if (a === 'agent-sessions') return b == null ? paged(ordered(sessions(project, params), params), params) : ok(sessions(project, new URLSearchParams()).find((row) => row.traceId === b) ?? fail('Session'))
  if (a === 'agent-usage') return ok({ data: usage(sessions(project, params), params.get('groupBy') ?? 'agent') })
  if (a === 'traces' && b != null && c === 'terminal-commands') return paged(commands(rows.commands, params).filter((row) => row.traceId === b), params)
  if (a === 'traces' && b != null && c === 'file-operations') return paged(rows.files.filter((row) => row.traceId === b), params)
  if (a === 'traces' && b != null && c === 'ci-runs') return paged(rows.runs.filter((row) => row.traceId === b), params)
  if (a === 'terminal-commands') return paged(newest(commands(rows.commands, params)), params)
  if (a === 'git-links') {
    if (b === 'by-trace') return paged(rows.links.filter((row) => row.traceId === c), params)
    return paged(rows.links.filter((row) => equal(row.prNumber, params, 'prNumber') && equal(row.repositoryUrl, params, 'repositoryUrl') && `${row.commitSha} ${row.commitMessage ?? ''}`.toLowerCase().includes((params.get('search') ?? '').toLowerCase())), params)
  }
  if (a === 'ci-runs') return paged(rows.runs.filter((row) => equal(row.commitSha, params, 'commitSha') && equal(row.prNumber, params, 'prNumber') && equal(row.repositoryUrl, params, 'repositoryUrl')), params)
  if (a === 'commits') {
    if (b != null) {
      const found = rows.commits.filter((row) => row.commitSha.startsWith(b.toLowerCase()))
      return found.length > 0 ? ok({ data: found }) : fail('Commit')
    }
    return paged(newest(rows.commits.filter((row) => within(row.timestamp, params) && equal(row.repositoryUrl, params, 'repository') && equal(row.branch, params, 'branch') && has(`${row.authorName ?? ''} ${row.authorEmail ?? ''}`, params, 'author') && (params.get('agent') == null || row.sessions.some((session) => session.agent === params.get('agent'))) && (row.commitSha.startsWith(params.get('search') ?? '') || has(row.message ?? '', params, 'search')))), params)
  }
  if (a === 'pull-requests') {
    return paged(rows.pulls.filter((row) => within(row.createdAt ?? '', params) && equal(row.repositoryUrl, params, 'repository') && equal(row.headBranch, params, 'branch') && equal(row.state, params, 'state') && has(row.author ?? '', params, 'author') && (params.get('agent') == null || row.agents.includes(params.get('agent') ?? '')) && has(`${row.number} ${row.title ?? ''} ${row.headBranch ?? ''}`, params, 'search')).sort((x, y) => Date.parse(y.createdAt ?? '') - Date.parse(x.createdAt ?? '')), params)
  }
  if (a === 'v2' && b === 'observations' && (params.get('filter') ?? '').includes('"traceId"')) return steps(project, params)
  return null
}

function fail(what: string): never {
  throw notFound(what)
}

function paged(rows: readonly unknown[], params: URLSearchParams): Answer {
  const limit = Number(params.get('limit') ?? 50)
  const from = Number(params.get('cursor') ?? 0)
  return ok({ data: rows.slice(from, from + limit), meta: from + limit < rows.length ? { cursor: String(from + limit) } : {} })
}

const newest = <Row extends { timestamp: string }>(rows: readonly Row[]) => [...rows].sort((a, b) => Date.parse(b.timestamp) - Date.parse(a.timestamp))
const equal = (value: string | number | null, params: URLSearchParams, key: string) => params.get(key) == null || String(value) === params.get(key)
const has = (value: string, params: URLSearchParams, key: string) => value.toLowerCase().includes((params.get(key) ?? '').toLowerCase())

function within(time: string, params: URLSearchParams): boolean {
  const [from, to] = [params.get('fromTimestamp'), params.get('toTimestamp')]
  return (from == null || Date.parse(time) >= Date.parse(from)) && (to == null || Date.parse(time) < Date.parse(to))
}

function commands(rows: MockProject['agents']['commands'], params: URLSearchParams) {
  return rows.filter((row) => (params.get('fromTimestamp') == null || within(row.timestamp, params)) && equal(row.agent, params, 'agent') && equal(row.exitCode, params, 'exitCode') && (params.get('failed') !== 'true' || (row.exitCode ?? 0) !== 0) && has(`${row.command} ${row.stdout ?? ''}`, params, 'search') && has(row.workingDir ?? '', params, 'workingDir'))
}

/** Steps of a trace by their ids, with the groups asked for. */
function steps(project: MockProject, params: URLSearchParams): Answer {
  const filters = JSON.parse(params.get('filter') ?? '[]') as { column: string; value: unknown }[]
  const value = (column: string) => filters.find((filter) => filter.column === column)?.value
  const ids = new Set(value('id') as string[])
  const fields = (params.get('fields') ?? '').split(',')
  const found = project.traces.get(String(value('traceId')))?.observations.filter((entry) => ids.has(entry.id)) ?? []
  if (found.length > 1000) throw new HttpError(422, 'UnprocessableEntityError', 'Too many steps')
  const text = (entry: unknown) => (entry == null ? null : typeof entry === 'string' ? entry : JSON.stringify(entry))
  return ok({ data: found.map((entry) => ({ id: entry.id, ...(fields.includes('metadata') ? { metadata: cutFacts(entry.metadata, (params.get('expandMetadata') ?? '').split(',')) } : {}), ...(fields.includes('io') ? { input: text(entry.input), output: text(entry.output) } : {}) })), meta: {} })
}

/** As the API does: values beyond 200 characters are cut, unless they are asked for whole. */
function cutFacts(metadata: unknown, whole: string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(metadata as Record<string, unknown>).map(([key, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      return [key, text.length > 200 && !whole.includes(key) ? text.slice(0, 200) : value]
    }),
  )
}

function isAgent({ metadata }: MockTrace): boolean {
  return typeof metadata === 'object' && metadata !== null && 'agent.name' in metadata
}

function sessions(project: MockProject, params: URLSearchParams): AgentSession[] {
  const { agents } = project
  const words = params.get('search')?.toLowerCase() ?? ''
  return [...project.traces.values()].filter(isAgent).map((entry): AgentSession => {
    const { row } = entry
    const metadata = entry.metadata as Record<string, unknown>
    const of = <Row extends { traceId: string | null }>(list: readonly Row[]) => list.filter((item) => item.traceId === row.id)
    const text = (key: string) => (typeof metadata[key] === 'string' ? metadata[key] : null)
    const writes = of(agents.files).filter((file) => file.operation !== 'READ')
    const ran = of(agents.commands)
    const links = of(agents.links)
    return {
      traceId: row.id, sessionId: row.sessionId ?? row.id, agent: text('agent.name') ?? '', agentVersion: text('agent.version'), title: row.inputPreview?.slice(0, 200) ?? null, userId: row.userId, environment: row.environment, repositoryUrl: text('vcs.repository.url.full'), branch: text('vcs.ref.head.name'),
      models: row.models, startTime: row.timestamp, endTime: new Date(Date.parse(row.timestamp) + (row.latency ?? 0) * 1000).toISOString(), durationMs: Math.round((row.latency ?? 0) * 1000),
      turns: entry.observations.filter((step) => step.id.startsWith('turn-')).length, modelCalls: entry.observations.filter((step) => step.type === 'GENERATION').length, toolCalls: entry.observations.filter((step) => step.type === 'TOOL').length, subagents: entry.observations.filter((step) => step.id.startsWith('agent-')).length,
      commands: ran.length, failedCommands: ran.filter((command) => (command.exitCode ?? 0) !== 0).length, filesChanged: new Set(writes.map((file) => file.filePath)).size, linesAdded: writes.reduce((sum, file) => sum + (file.diffSummary.linesAdded ?? 0), 0), linesRemoved: writes.reduce((sum, file) => sum + (file.diffSummary.linesRemoved ?? 0), 0),
      commits: new Set(links.map((link) => link.commitSha)).size, pullRequests: [...new Map(links.flatMap((link) => (link.prNumber == null ? [] : [[link.prNumber, { number: link.prNumber, url: link.prUrl }] as const]))).values()],
      inputTokens: row.inputTokens, outputTokens: row.outputTokens, totalTokens: row.totalTokens, totalCost: row.totalCost, costComplete: row.unpricedCount === 0, errors: row.errorCount,
    }
  }).filter((row) => within(row.startTime, params) && equal(row.agent, params, 'agent') && equal(row.repositoryUrl, params, 'repository') && equal(row.branch, params, 'branch') && equal(row.userId, params, 'userId') && equal(row.environment, params, 'environment') && `${row.title ?? ''} ${row.traceId}`.toLowerCase().includes(words))
}

function ordered(rows: AgentSession[], params: URLSearchParams): AgentSession[] {
  const order = params.get('orderBy') ?? 'startTime'
  const read = (row: AgentSession) => (order === 'totalCost' ? (row.totalCost ?? -1) : order === 'durationMs' ? row.durationMs : order === 'failedCommands' ? row.failedCommands : Date.parse(row.startTime))
  return [...rows].sort((a, b) => read(b) - read(a))
}

function usage(rows: AgentSession[], groupBy: string): AgentUsage[] {
  const keysOf = (row: AgentSession): string[] => (groupBy === 'model' ? row.models : [groupBy === 'day' ? row.startTime.slice(0, 10) : groupBy === 'repository' ? (row.repositoryUrl ?? '') : groupBy === 'branch' ? (row.branch ?? '') : groupBy === 'userId' ? (row.userId ?? '') : row.agent])
  const groups = new Map<string, AgentSession[]>()
  for (const row of rows) for (const key of keysOf(row)) groups.set(key, [...(groups.get(key) ?? []), row])
  return [...groups].map(([key, list]) => {
    const sum = (read: (row: AgentSession) => number) => list.reduce((total, row) => total + read(row), 0)
    const costs = list.flatMap((row) => row.totalCost ?? [])
    return {
      key, sessions: list.length, people: new Set(list.flatMap((row) => row.userId ?? [])).size, turns: sum((row) => row.turns), commands: sum((row) => row.commands), failedCommands: sum((row) => row.failedCommands), commits: sum((row) => row.commits), linesAdded: sum((row) => row.linesAdded), linesRemoved: sum((row) => row.linesRemoved),
      totalTokens: sum((row) => row.totalTokens), totalCost: costs.length > 0 ? costs.reduce((total, cost) => total + cost, 0) : null, costComplete: list.every((row) => row.costComplete),
    }
  }).sort((a, b) => b.sessions - a.sessions)
}
