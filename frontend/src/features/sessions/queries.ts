// The queries of the sessions pages.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { getSession, getTrace, listSessions, listTraces } from '../../api/operations'
import type { Page, SessionRow, TraceRow } from '../../api/types'
import { decodeFilters } from '../../lib/filters'
import type { ListSearch } from '../../lib/listSearch'
import { parseRange, rangeBounds } from '../../lib/timeRange'

export const DEFAULT_SORT = 'updatedAt.desc'

type Bounds = ReturnType<typeof rangeBounds>
type PageParam = { cursor: string; bounds: Bounds } | null

export const sessionsQuery = (projectId: string, search: ListSearch) =>
  infiniteQueryOptions({
    queryKey: ['sessions', projectId, search.range, search.filter, search.q, search.sort],
    initialPageParam: null as PageParam,
    queryFn: async ({ pageParam, signal }): Promise<Page<SessionRow> & { bounds: Bounds }> => {
      const bounds = pageParam?.bounds ?? rangeBounds(parseRange(search.range), Date.now())
      const page = await listSessions(projectId, { ...bounds, filters: decodeFilters(search.filter), search: search.q, orderBy: search.sort ?? DEFAULT_SORT, limit: 100, cursor: pageParam?.cursor }, signal)
      return { ...page, bounds }
    },
    getNextPageParam: (last): PageParam => (last.meta.cursor ? { cursor: last.meta.cursor, bounds: last.bounds } : null),
    staleTime: 30_000,
  })

/** A session that was active within this time may go on. */
const ACTIVE_MS = 2 * 60_000
export function isActive(session: SessionRow | undefined, now: number): boolean {
  return session != null && now - Date.parse(session.updatedAt) < ACTIVE_MS
}

export const sessionQuery = (projectId: string, sessionId: string) =>
  queryOptions({
    queryKey: ['session', projectId, sessionId],
    queryFn: ({ signal }) => getSession(projectId, sessionId, signal),
    refetchInterval: ({ state }) => (isActive(state.data, Date.now()) ? 4000 : false),
  })

export const sessionTracesQuery = (projectId: string, sessionId: string, active: boolean) =>
  infiniteQueryOptions({
    queryKey: ['session-traces', projectId, sessionId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }): Promise<Page<TraceRow>> =>
      listTraces(
        projectId,
        { filters: [{ type: 'stringOptions', column: 'sessionId', operator: 'any of', value: [sessionId] }], fromTimestamp: '2000-01-01T00:00:00.000Z', orderBy: 'timestamp.asc', limit: 50, cursor: pageParam },
        signal,
      ),
    getNextPageParam: (last) => last.meta.cursor ?? undefined,
    refetchInterval: active ? 4000 : false,
  })

/** The whole texts of one trace of the conversation. Same key as the trace's page, so that opening it is instant. */
export const sessionTraceQuery = (projectId: string, traceId: string) =>
  queryOptions({ queryKey: ['trace', projectId, traceId], queryFn: ({ signal }) => getTrace(projectId, traceId, signal), staleTime: 30_000 })
