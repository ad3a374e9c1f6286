// The queries of the agents page.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { listAgentSessions, listAgentUsage, type AgentSession, type UsageGroup } from '../../api/agents'
import type { Page } from '../../api/types'
import type { AgentFilters, AgentsSearch } from '../../lib/agents/search'
import { parseRange, rangeBounds } from '../../lib/timeRange'

type Bounds = ReturnType<typeof rangeBounds>
type PageParam = { cursor: string; bounds: Bounds } | null

const keysOf = (search: AgentFilters) => [search.range, search.agent, search.repository, search.branch, search.user, search.environment, search.q]
const filtersOf = (search: AgentFilters) => ({ agent: search.agent, repository: search.repository, branch: search.branch, userId: search.user, environment: search.environment, search: search.q })

export const agentSessionsQuery = (projectId: string, search: AgentsSearch) =>
  infiniteQueryOptions({
    queryKey: ['agent-sessions', projectId, ...keysOf(search), search.order],
    initialPageParam: null as PageParam,
    queryFn: async ({ pageParam, signal }): Promise<Page<AgentSession> & { bounds: Bounds }> => {
      const bounds = pageParam?.bounds ?? rangeBounds(parseRange(search.range), Date.now())
      return { ...(await listAgentSessions(projectId, { ...bounds, ...filtersOf(search), orderBy: search.order, limit: 100, cursor: pageParam?.cursor }, signal)), bounds }
    },
    getNextPageParam: (last): PageParam => (last.meta.cursor ? { cursor: last.meta.cursor, bounds: last.bounds } : null),
    staleTime: 15_000,
  })

export const usageQuery = (projectId: string, search: AgentFilters, group: UsageGroup) =>
  queryOptions({
    queryKey: ['agent-usage', projectId, ...keysOf(search), group],
    queryFn: async ({ signal }) => (await listAgentUsage(projectId, group, { ...rangeBounds(parseRange(search.range), Date.now()), ...filtersOf(search), limit: group === 'day' ? 366 : 100 }, signal)).data,
    staleTime: 30_000,
    placeholderData: (previous, query) => (query?.queryKey[1] === projectId && query.queryKey.at(-1) === group ? previous : undefined),
  })

/** Is there a session at all? */
export const anySessionQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['agent-sessions-any', projectId],
    queryFn: async ({ signal }) => (await listAgentSessions(projectId, { fromTimestamp: '2000-01-01T00:00:00.000Z', limit: 1 }, signal)).data.length > 0,
    staleTime: 10_000,
  })
