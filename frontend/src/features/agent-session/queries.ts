// The queries of an agent session's page.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { allPages, getAgentSession, listCiRuns, listCiRunsOfTrace, listCommandsOfTrace, listFilesOfTrace, listGitLinks, listGitLinksOfTrace, getCommit } from '../../api/agents'
import { isStatus } from '../../api/client'
import type { CiRun, ObservationNode, TerminalCommand, Page } from '../../api/types'
import { loadStep } from './stepLoader'

const LIVE_MS = 3000
/** Most rows that are read of a list that must be whole: files, links, runs. */
const MOST = 4000

/** The session's figures. Null where the server counts none for this trace. */
export const sessionFiguresQuery = (projectId: string, traceId: string, live: boolean) =>
  queryOptions({
    queryKey: ['agent-session', projectId, traceId],
    queryFn: async ({ signal }) => {
      try {
        return await getAgentSession(projectId, traceId, signal)
      } catch (error) {
        if (isStatus(error, 404)) return null
        throw error
      }
    },
    refetchInterval: live ? LIVE_MS : false,
    staleTime: 10_000,
  })

export const filesQuery = (projectId: string, traceId: string, live: boolean) =>
  queryOptions({
    queryKey: ['agent-files', projectId, traceId],
    queryFn: ({ signal }) => allPages((cursor) => listFilesOfTrace(projectId, traceId, { limit: 100, cursor }, signal), MOST),
    refetchInterval: live ? LIVE_MS : false,
    staleTime: 10_000,
  })

export const commandsQuery = (projectId: string, traceId: string, search: { q?: string; failed?: '1' }, live: boolean) =>
  infiniteQueryOptions({
    queryKey: ['agent-commands', projectId, traceId, search.q, search.failed],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }): Promise<Page<TerminalCommand>> =>
      listCommandsOfTrace(projectId, traceId, { limit: 100, cursor: pageParam, search: search.q, failed: search.failed ? true : undefined }, signal),
    getNextPageParam: (last) => last.meta.cursor ?? undefined,
    refetchInterval: live ? LIVE_MS : false,
    staleTime: 10_000,
  })

export const linksQuery = (projectId: string, traceId: string, live: boolean) =>
  queryOptions({
    queryKey: ['agent-links', projectId, traceId],
    queryFn: async ({ signal }) => (await allPages((cursor) => listGitLinksOfTrace(projectId, traceId, { limit: 200, cursor }, signal), MOST)).rows,
    refetchInterval: live ? LIVE_MS : false,
    staleTime: 10_000,
  })

/** A commit as the repository tells it: message, cost, state of CI. Null where nothing is known beyond the link. */
export const commitQuery = (projectId: string, sha: string) =>
  queryOptions({
    queryKey: ['commit', projectId, sha],
    queryFn: async ({ signal }) => {
      try {
        return (await getCommit(projectId, sha, signal)).data
      } catch (error) {
        if (isStatus(error, 404)) return []
        throw error
      }
    },
    staleTime: 30_000,
  })

/** Other sessions' links to a commit. */
export const linksOfCommitQuery = (projectId: string, sha: string) =>
  queryOptions({ queryKey: ['links-of-commit', projectId, sha], queryFn: async ({ signal }) => (await listGitLinks(projectId, { search: sha, limit: 200 }, signal)).data, staleTime: 30_000 })

/** CI runs of the trace and of its commits, each once, the newest first. */
export const runsQuery = (projectId: string, traceId: string, shas: readonly string[], live: boolean) =>
  queryOptions({
    queryKey: ['agent-runs', projectId, traceId, shas],
    queryFn: async ({ signal }) => {
      const lists = await Promise.all([
        allPages((cursor) => listCiRunsOfTrace(projectId, traceId, { limit: 200, cursor }, signal), MOST),
        ...shas.slice(0, 50).map(async (sha) => ({ rows: (await listCiRuns(projectId, { commitSha: sha, limit: 100 }, signal)).data, cut: false })),
      ])
      const byId = new Map<string, CiRun>(lists.flatMap((list) => list.rows).map((run) => [run.id, run]))
      return [...byId.values()].sort((a, b) => Date.parse(b.startedAt ?? b.createdAt) - Date.parse(a.startedAt ?? a.createdAt))
    },
    refetchInterval: live ? LIVE_MS * 3 : false,
    staleTime: 10_000,
  })

/** Changes when the step does, so that a live step's texts are asked for anew. */
const revisionOf = (node: ObservationNode) => `${node.endTime ?? ''} ${node.inputLength} ${node.outputLength} ${node.level}`

export const stepQuery = (projectId: string, traceId: string, node: ObservationNode, texts: boolean) =>
  queryOptions({
    queryKey: ['agent-step', projectId, traceId, node.id, texts, revisionOf(node)],
    queryFn: () => loadStep(projectId, traceId, node, texts),
    staleTime: Infinity,
    gcTime: 5 * 60_000,
    placeholderData: (previous, query) => (query?.queryKey[3] === node.id && query.queryKey[4] === texts ? previous : undefined),
  })
