// What coding agents did: sessions, their use, commands, files, commits, pull requests, CI runs.
import { call } from './client'
import type { AgentSession, AgentUsage, CiRun, Commit, FileOperation, GitLink, Page, PullRequest, TerminalCommand } from './types'

export type { AgentSession, AgentUsage, Commit, LinkedSession, PullRequest } from './types'

export type UsageGroup = 'agent' | 'repository' | 'branch' | 'userId' | 'model' | 'day'

export type Query = Record<string, string | number | boolean | undefined>

const seg = encodeURIComponent
const list = <Row>(path: string) => (projectId: string, query: Query, signal?: AbortSignal) => call<Page<Row>>(path, { projectId, query, signal })

export const listAgentSessions = list<AgentSession>('/api/public/agent-sessions')
export const getAgentSession = (projectId: string, traceId: string, signal?: AbortSignal) => call<AgentSession>(`/api/public/agent-sessions/${seg(traceId)}`, { projectId, signal })
export const listAgentUsage = (projectId: string, groupBy: UsageGroup, query: Query, signal?: AbortSignal) =>
  call<{ data: AgentUsage[] }>('/api/public/agent-usage', { projectId, query: { ...query, groupBy }, signal })

export const listCommands = list<TerminalCommand>('/api/public/terminal-commands')
export const listCommandsOfTrace = (projectId: string, traceId: string, query: Query, signal?: AbortSignal) =>
  call<Page<TerminalCommand>>(`/api/public/traces/${seg(traceId)}/terminal-commands`, { projectId, query, signal })
export const listFilesOfTrace = (projectId: string, traceId: string, query: Query, signal?: AbortSignal) =>
  call<Page<FileOperation>>(`/api/public/traces/${seg(traceId)}/file-operations`, { projectId, query, signal })
export const listCiRuns = list<CiRun>('/api/public/ci-runs')
export const listCiRunsOfTrace = (projectId: string, traceId: string, query: Query, signal?: AbortSignal) =>
  call<Page<CiRun>>(`/api/public/traces/${seg(traceId)}/ci-runs`, { projectId, query, signal })
export const listGitLinks = list<GitLink>('/api/public/git-links')
export const listGitLinksOfTrace = (projectId: string, traceId: string, query: Query, signal?: AbortSignal) =>
  call<Page<GitLink>>(`/api/public/git-links/by-trace/${seg(traceId)}`, { projectId, query, signal })

export const listCommits = list<Commit>('/api/public/commits')
export const getCommit = (projectId: string, sha: string, signal?: AbortSignal) => call<{ data: Commit[] }>(`/api/public/commits/${seg(sha)}`, { projectId, signal })
export const listPullRequests = list<PullRequest>('/api/public/pull-requests')

/** A step of a trace with the groups asked for. */
export interface StepTexts {
  id: string
  input?: string | null
  output?: string | null
  metadata?: Record<string, unknown> | null
}

/** Some steps of one trace, with their texts or only their facts (cut at 200 characters). The begins bound what the server looks through. */
export const listSteps = (projectId: string, traceId: string, ids: readonly string[], texts: boolean, begins: { first: string; last: string }, signal?: AbortSignal) =>
  call<Page<StepTexts>>('/api/public/v2/observations', {
    projectId,
    query: {
      fields: texts ? 'core,io,metadata' : 'core,metadata',
      expandMetadata: texts ? 'command.line,file.changes' : undefined,
      parseIoAsJson: texts ? false : undefined,
      filter: JSON.stringify([
        { type: 'string', column: 'traceId', operator: '=', value: traceId },
        { type: 'stringOptions', column: 'id', operator: 'any of', value: ids },
        { type: 'datetime', column: 'startTime', operator: '>=', value: begins.first },
        { type: 'datetime', column: 'startTime', operator: '<=', value: begins.last },
      ]),
      limit: Math.max(1, ids.length),
    },
    signal,
  })

/** Every page of a list, up to a bound. */
export async function allPages<Row>(load: (cursor: string | undefined) => Promise<Page<Row>>, most: number): Promise<{ rows: Row[]; cut: boolean }> {
  const rows: Row[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await load(cursor)
    rows.push(...page.data)
    if (page.meta.cursor == null) return { rows, cut: false }
    if (rows.length >= most) return { rows, cut: true }
    cursor = page.meta.cursor
  }
}
