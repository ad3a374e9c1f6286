// The sessions list: the same table as the traces, one row per session.
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'

import { messageOf } from '../../api/client'
import { listFacet } from '../../api/operations'
import { decodeFilters, encodeFilters } from '../../lib/filters'
import type { ListSearch } from '../../lib/listSearch'
import { parseRange, rangeBounds } from '../../lib/timeRange'
import { sessionLink } from '../../paths'
import { Button } from '../../ui/Button'
import { ColumnMenu } from '../../ui/data-table/ColumnMenu'
import { DataTable } from '../../ui/data-table/DataTable'
import { useArrangement } from '../../ui/data-table/columns'
import { EmptyState, ErrorState } from '../../ui/Feedback'
import { FilterButton, FilterChips } from '../../ui/filter-bar/FilterBar'
import { SearchBox } from '../../ui/filter-bar/SearchBox'
import { TimeRangePicker } from '../../ui/filter-bar/TimeRangePicker'
import { PageHeader } from '../../ui/PageHeader'
import { useNow } from '../../ui/useNow'
import { LiveToggle } from '../traces/LiveToggle'
import { FACET_COLUMN, SESSION_FILTERS, sessionColumns } from './columns'
import { DEFAULT_SORT, sessionsQuery } from './queries'
import styles from './SessionsPage.module.css'

const route = getRouteApi('/app/project/$projectId/sessions')
const LIVE_MS = 3000

export function SessionsPage() {
  const { projectId } = route.useParams()
  const search = route.useSearch()
  const navigate = useNavigate()
  const setSearch = useCallback((change: Partial<ListSearch>) => void navigate({ to: '.', search: (current) => ({ ...current, ...change }), replace: 'q' in change }), [navigate])

  const range = parseRange(search.range)
  const filters = useMemo(() => decodeFilters(search.filter), [search.filter])
  const canLive = (search.sort ?? DEFAULT_SORT) === DEFAULT_SORT && range.kind === 'preset'
  const live = canLive && search.live !== 'off'
  // Sessions move up as they go on, so the list is asked for anew; not once further pages are open, which would jump.
  const sessions = useInfiniteQuery({ ...sessionsQuery(projectId, search), refetchInterval: ({ state }) => (live && (state.data?.pages.length ?? 0) <= 1 ? LIVE_MS : false) })
  const rows = useMemo(() => sessions.data?.pages.flatMap((page) => page.data) ?? [], [sessions.data])
  const now = useNow(60_000)
  const columns = useMemo(() => sessionColumns(projectId, now), [projectId, now])
  const { arrangement, change, reset } = useArrangement('sessions', columns)
  const { fetchNextPage, isFetchingNextPage } = sessions
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  const onSearch = useCallback((q: string) => setSearch({ q: q.trim() === '' ? undefined : q }), [setSearch])
  const narrowed = filters.length > 0 || Boolean(search.q)

  const filterProps = {
    columns: SESSION_FILTERS,
    filters,
    onChange: (next: typeof filters) => setSearch({ filter: encodeFilters(next) }),
    facetScope: `${projectId} ${search.range ?? ''}`,
    loadFacet: async (column: string, words: string, signal: AbortSignal) =>
      (await listFacet(projectId, { column: FACET_COLUMN[column] ?? column, search: words === '' ? undefined : words, ...rangeBounds(range, Date.now()) }, signal)).data,
  }

  return (
    <>
      <PageHeader title="Sessions">
        <LiveToggle on={live} possible={canLive} failing={live && sessions.isRefetchError} onChange={(on) => setSearch(on ? { live: undefined, sort: undefined, range: range.kind === 'preset' ? search.range : undefined } : { live: 'off' })} />
        <TimeRangePicker range={range} onChange={(text) => setSearch({ range: text })} />
      </PageHeader>
      <div className={styles.toolbar}>
        <SearchBox label="Search sessions and users" value={search.q ?? ''} onChange={onSearch} />
        <FilterButton {...filterProps} />
        <span className={styles.gap} />
        <Button icon="refresh" busy={sessions.isFetching && !sessions.isPending} onClick={() => void sessions.refetch()}>
          Refresh
        </Button>
        <ColumnMenu columns={columns} arrangement={arrangement} onArrange={change} onReset={reset} />
      </div>
      <FilterChips {...filterProps} />
      {sessions.isError && rows.length === 0 ? (
        <ErrorState title="The sessions could not be loaded" message={messageOf(sessions.error)} onRetry={() => void sessions.refetch()} />
      ) : sessions.isSuccess && rows.length === 0 ? (
        narrowed ? (
          <EmptyState icon="search" title="No sessions match" actions={<Button onClick={() => setSearch({ filter: undefined, q: undefined })}>Clear filters</Button>}>
            Nothing in this time range matches the filters and the search.
          </EmptyState>
        ) : (
          <EmptyState icon="sessions" title="No sessions in this time range" actions={<Button onClick={() => setSearch({ range: '90d' })}>Look at the last 90 days</Button>}>
            Traces that carry a session id are grouped here. Set <code>session_id</code> (Langfuse SDKs) or the attribute <code>session.id</code> (OpenTelemetry) on them.
          </EmptyState>
        )
      ) : (
        <DataTable
          label="Sessions"
          scrollKey={`sessions ${projectId} ${JSON.stringify(search)}`}
          rows={rows}
          rowId={(row) => row.id}
          rowLabel={(row) => row.id}
          columns={columns}
          arrangement={arrangement}
          onArrange={change}
          orderBy={search.sort ?? DEFAULT_SORT}
          onOrderBy={(sort) => setSearch({ sort: sort === DEFAULT_SORT ? undefined : sort })}
          onOpen={(row, newTab) => {
            if (newTab) window.open(`/project/${encodeURIComponent(projectId)}/sessions/${encodeURIComponent(row.id)}`, '_blank', 'noopener')
            else void navigate(sessionLink(projectId, row.id))
          }}
          loading={sessions.isPending}
          hasMore={sessions.hasNextPage}
          onMore={onMore}
          tone={(row) => (row.errorCount > 0 ? 'error' : null)}
        />
      )}
    </>
  )
}
