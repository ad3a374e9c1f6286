// The traces list: filters, search, sorting, live updates, bulk actions. All its state is in the URL.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useState } from 'react'

import { messageOf } from '../../api/client'
import { listFacet } from '../../api/operations'
import { useMayWrite } from '../../api/queries'
import type { TraceRow } from '../../api/types'
import { decodeFilters, encodeFilters, type Filter } from '../../lib/filters'
import { formatCount, plural } from '../../lib/format'
import type { ListSearch } from '../../lib/listSearch'
import { parseRange, rangeBounds } from '../../lib/timeRange'
import { traceLink } from '../../paths'
import { Button } from '../../ui/Button'
import { ColumnMenu } from '../../ui/data-table/ColumnMenu'
import { DataTable } from '../../ui/data-table/DataTable'
import { useArrangement } from '../../ui/data-table/columns'
import { EmptyState, ErrorState } from '../../ui/Feedback'
import { FilterButton, FilterChips } from '../../ui/filter-bar/FilterBar'
import { SearchBox } from '../../ui/filter-bar/SearchBox'
import { TimeRangePicker } from '../../ui/filter-bar/TimeRangePicker'
import { Menu } from '../../ui/Menu'
import { PageHeader } from '../../ui/PageHeader'
import { useNow } from '../../ui/useNow'
import { Onboarding } from '../onboarding/Onboarding'
import { BulkBar } from './BulkBar'
import { traceColumns } from './columns'
import { exportRows } from './exportRows'
import { SEARCH_PLACES, TRACE_FILTERS } from './filterColumns'
import { rememberOrder } from './listOrder'
import { LiveToggle } from './LiveToggle'
import { countQuery, DEFAULT_SORT, newestTraceQuery, tracesQuery, useBookmark } from './queries'
import styles from './TracesPage.module.css'
import { useLiveTraces } from './useLiveTraces'

const route = getRouteApi('/app/project/$projectId/traces')
const NO_ROWS: TraceRow[] = []

export function TracesPage() {
  const { projectId } = route.useParams()
  const search = route.useSearch()
  const navigate = useNavigate()
  const setSearch = useCallback(
    (change: Partial<ListSearch>) => void navigate({ to: '.', search: (current) => ({ ...current, ...change }), replace: 'q' in change }),
    [navigate],
  )

  const range = parseRange(search.range)
  const filters = useMemo(() => decodeFilters(search.filter), [search.filter])
  const orderBy = search.sort ?? DEFAULT_SORT
  const canLive = orderBy === DEFAULT_SORT && range.kind === 'preset'
  const live = canLive && search.live !== 'off'

  const traces = useInfiniteQuery(tracesQuery(projectId, search))
  const rows = useMemo(() => traces.data?.pages.flatMap((page) => page.data) ?? NO_ROWS, [traces.data])
  const count = useQuery(countQuery(projectId, search, live))
  const narrowed = filters.length > 0 || Boolean(search.q)
  const empty = traces.isSuccess && rows.length === 0
  const newest = useQuery({ ...newestTraceQuery(projectId, empty), enabled: empty && !narrowed })

  const [view, setView] = useState({ scrolled: false, first: 0, last: 0 })
  const onScrolled = useCallback((scrolled: boolean, visible: { first: number; last: number }) => setView({ scrolled, ...visible }), [])
  const visible = useMemo(() => rows.slice(view.first, view.last + 1), [rows, view])
  const { waiting, fresh, failing } = useLiveTraces({ projectId, search, enabled: live && traces.isSuccess, atTop: !view.scrolled, visible })

  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const mayWrite = useMayWrite(projectId)
  const { mutate: bookmark } = useBookmark(projectId)
  const now = useNow(60_000)
  const columns = useMemo(
    () => traceColumns({ projectId, mayWrite, now, onBookmark: (row) => bookmark({ id: row.id, bookmarked: !row.bookmarked }) }),
    [projectId, mayWrite, now, bookmark],
  )
  const { arrangement, change, reset } = useArrangement('traces', columns)

  useEffect(() => rememberOrder(projectId, rows.map((row) => row.id)), [projectId, rows])

  const open = (row: TraceRow, newTab: boolean) => {
    const link = traceLink(projectId, row.id)
    if (newTab) window.open(`/project/${encodeURIComponent(projectId)}/traces/${encodeURIComponent(row.id)}`, '_blank', 'noopener')
    else void navigate(link)
  }
  const { fetchNextPage, isFetchingNextPage } = traces
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])

  const onFilters = (next: Filter[]) => setSearch({ filter: encodeFilters(next) })
  const onSearch = useCallback((q: string) => setSearch({ q: q.trim() === '' ? undefined : q }), [setSearch])
  const filterProps = {
    columns: TRACE_FILTERS,
    filters,
    onChange: onFilters,
    facetScope: `${projectId} ${search.range ?? ''}`,
    loadFacet: async (column: string, words: string, signal: AbortSignal) =>
      (await listFacet(projectId, { column, search: words === '' ? undefined : words, ...rangeBounds(range, Date.now()) }, signal)).data,
  }

  if (empty && !narrowed && newest.data === null) return <Onboarding projectId={projectId} />

  return (
    <>
      <PageHeader title="Traces" meta={count.data ? `${formatCount(count.data.count)}${count.data.atLeast ? '+' : ''}` : undefined}>
        <LiveToggle on={live} possible={canLive} failing={failing} onChange={(on) => setSearch(on ? { live: undefined, sort: undefined, range: range.kind === 'preset' ? search.range : undefined } : { live: 'off' })} />
        <TimeRangePicker range={range} onChange={(text) => setSearch({ range: text })} />
      </PageHeader>
      <div className={styles.toolbar}>
        <SearchBox label="Search traces" value={search.q ?? ''} onChange={onSearch} places={SEARCH_PLACES} searchIn={search.in?.split(',') ?? []} onSearchIn={(places) => setSearch({ in: places.length > 0 ? places.join(',') : undefined })} />
        <FilterButton {...filterProps} />
        <span className={styles.gap} />
        <Menu
          label="Export"
          align="end"
          entries={[
            { kind: 'heading', label: `The ${plural(rows.length, 'loaded row')}` },
            { label: 'CSV', icon: 'download', disabled: rows.length === 0, onSelect: () => exportRows(rows, 'csv') },
            { label: 'JSON', icon: 'download', disabled: rows.length === 0, onSelect: () => exportRows(rows, 'json') },
          ]}
          trigger={(trigger) => (
            <Button icon="download" {...trigger}>
              Export
            </Button>
          )}
        />
        <ColumnMenu columns={columns} arrangement={arrangement} onArrange={change} onReset={reset} />
      </div>
      <FilterChips {...filterProps} />
      {traces.isError ? (
        <ErrorState title="The traces could not be loaded" message={messageOf(traces.error)} onRetry={() => void traces.refetch()} />
      ) : empty && (narrowed || newest.isSuccess) ? (
        <Nothing narrowed={narrowed} onClear={() => setSearch({ filter: undefined, q: undefined, in: undefined })} onWiden={() => setSearch({ range: '90d' })} />
      ) : (
        <DataTable
          label="Traces"
          scrollKey={`traces ${projectId} ${JSON.stringify(search)}`}
          rows={rows}
          rowId={(row) => row.id}
          rowLabel={(row) => row.name ?? row.id}
          columns={columns}
          arrangement={arrangement}
          onArrange={change}
          orderBy={orderBy}
          onOrderBy={(sort) => setSearch({ sort: sort === DEFAULT_SORT ? undefined : sort })}
          onOpen={open}
          selected={selected}
          onSelect={mayWrite ? setSelected : undefined}
          fresh={fresh}
          loading={traces.isPending || empty}
          hasMore={traces.hasNextPage}
          onMore={onMore}
          onScrolled={onScrolled}
          tone={(row) => (row.level === 'ERROR' ? 'error' : row.level === 'WARNING' ? 'warning' : null)}
          banner={(scrollToTop) =>
            waiting.length > 0 ? (
              <button type="button" className={styles.pill} onClick={scrollToTop}>
                {plural(waiting.length, 'new trace')}
              </button>
            ) : null
          }
        />
      )}
      <BulkBar projectId={projectId} selected={selected} onClear={() => setSelected(new Set())} rows={rows} />
    </>
  )
}

function Nothing({ narrowed, onClear, onWiden }: { narrowed: boolean; onClear: () => void; onWiden: () => void }) {
  return narrowed ? (
    <EmptyState icon="search" title="No traces match" actions={<><Button onClick={onClear}>Clear filters</Button><Button onClick={onWiden}>Look at the last 90 days</Button></>}>
      Nothing in this time range matches the filters and the search.
    </EmptyState>
  ) : (
    <EmptyState icon="traces" title="No traces in this time range" actions={<Button onClick={onWiden}>Look at the last 90 days</Button>}>
      This project has traces, but none of them in the chosen range.
    </EmptyState>
  )
}
