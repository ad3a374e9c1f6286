// The queries and mutations of the traces list.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient, type InfiniteData } from '@tanstack/react-query'

import { messageOf } from '../../api/client'
import { bookmarkTrace, countTraces, deleteTraces, listTraces, type ListQuery } from '../../api/operations'
import type { Page, TraceDetail, TraceRow } from '../../api/types'
import { decodeFilters } from '../../lib/filters'
import type { ListSearch } from '../../lib/listSearch'
import { plural } from '../../lib/format'
import { parseRange, rangeBounds } from '../../lib/timeRange'
import { toast } from '../../ui/Toast'

export const DEFAULT_SORT = 'timestamp.desc'
const PAGE_SIZE = 100

export interface TracesPage extends Page<TraceRow> {
  /** The bounds of the first page, kept for the next ones so that a sliding range does not slide between pages. */
  bounds: { fromTimestamp: string; toTimestamp?: string }
}
export type TracesData = InfiniteData<TracesPage, PageParam | null>
interface PageParam {
  cursor: string
  bounds: TracesPage['bounds']
}

export function toListQuery(search: ListSearch, bounds: TracesPage['bounds']): ListQuery {
  return { ...bounds, filters: decodeFilters(search.filter), search: search.q, searchIn: search.in, orderBy: search.sort ?? DEFAULT_SORT }
}

export const tracesQuery = (projectId: string, search: ListSearch) =>
  infiniteQueryOptions({
    queryKey: ['traces', projectId, search.range, search.filter, search.q, search.in, search.sort],
    initialPageParam: null as PageParam | null,
    queryFn: async ({ pageParam, signal }): Promise<TracesPage> => {
      const bounds = pageParam?.bounds ?? rangeBounds(parseRange(search.range), Date.now())
      const page = await listTraces(projectId, { ...toListQuery(search, bounds), limit: PAGE_SIZE, cursor: pageParam?.cursor }, signal)
      return { ...page, data: page.data.filter((row) => !deleted.has(row.id)), bounds }
    },
    getNextPageParam: (last) => (last.meta.cursor ? { cursor: last.meta.cursor, bounds: last.bounds } : null),
    staleTime: 60_000,
  })

export const countQuery = (projectId: string, search: ListSearch, live: boolean) =>
  queryOptions({
    queryKey: ['traces-count', projectId, search.range, search.filter, search.q, search.in],
    queryFn: ({ signal }) => countTraces(projectId, toListQuery({ ...search, sort: undefined }, rangeBounds(parseRange(search.range), Date.now())), signal),
    staleTime: 10_000,
    refetchInterval: live ? 10_000 : false,
  })

/** The newest trace of the project, whenever it was: tells an empty project from an empty range. */
export const newestTraceQuery = (projectId: string, poll: boolean) =>
  queryOptions({
    queryKey: ['newest-trace', projectId],
    queryFn: async ({ signal }) => (await listTraces(projectId, { filters: [], fromTimestamp: '2000-01-01T00:00:00.000Z', limit: 1 }, signal)).data[0] ?? null,
    refetchInterval: poll ? 2000 : false,
    staleTime: 0,
  })

/** Deletion takes a moment on the server; until then these rows must not come back by a poll. */
const deleted = new Set<string>()

export function isDeleted(id: string): boolean {
  return deleted.has(id)
}

export function useDeleteTraces(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (ids: string[]) => deleteTraces(projectId, ids),
    onSuccess: (_, ids) => {
      for (const id of ids) deleted.add(id)
      client.setQueriesData<TracesData>({ queryKey: ['traces', projectId] }, (data) => data && mapRows(data, (row) => (deleted.has(row.id) ? null : row)))
      for (const id of ids) client.removeQueries({ queryKey: ['trace', projectId, id] })
      void client.invalidateQueries({ queryKey: ['traces-count', projectId] })
      toast(`Deleting ${plural(ids.length, 'trace')}. It takes a moment until all their data is gone.`)
    },
    onError: (error) => toast(`Not deleted: ${messageOf(error)}`, 'error'),
  })
}

/** The star changes at once, and changes back if the server refuses. */
export function useBookmark(projectId: string) {
  const client = useQueryClient()
  const apply = (id: string, bookmarked: boolean) => {
    client.setQueriesData<TracesData>({ queryKey: ['traces', projectId] }, (data) => data && mapRows(data, (row) => (row.id === id ? { ...row, bookmarked } : row)))
    client.setQueryData<TraceDetail>(['trace', projectId, id], (data) => data && { ...data, trace: { ...data.trace, bookmarked } })
  }
  return useMutation({
    mutationFn: ({ id, bookmarked }: { id: string; bookmarked: boolean }) => bookmarkTrace(projectId, id, bookmarked),
    onMutate: ({ id, bookmarked }) => apply(id, bookmarked),
    onError: (error, { id, bookmarked }) => {
      apply(id, !bookmarked)
      toast(`Bookmark not saved: ${messageOf(error)}`, 'error')
    },
  })
}

export function mapRows(data: TracesData, change: (row: TraceRow) => TraceRow | null): TracesData {
  return { ...data, pages: data.pages.map((page) => ({ ...page, data: page.data.flatMap((row) => change(row) ?? []) })) }
}
