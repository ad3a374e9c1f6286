// Every command of every session: searched in the command and in its output, narrowed by how it ended, who ran it and when.
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'

import { listCommands } from '../../api/agents'
import { messageOf } from '../../api/client'
import type { Page, TerminalCommand } from '../../api/types'
import { AGENTS, agentName } from '../../lib/agents/names'
import type { CommandsSearch } from '../../lib/agents/search'
import { parseRange, rangeBounds } from '../../lib/timeRange'
import { Button } from '../../ui/Button'
import { EmptyState, ErrorState, LoadingState } from '../../ui/Feedback'
import { SearchBox } from '../../ui/filter-bar/SearchBox'
import { TimeRangePicker } from '../../ui/filter-bar/TimeRangePicker'
import { PageHeader } from '../../ui/PageHeader'
import { Gap, Toolbar } from '../../ui/Page'
import { Picker } from '../../ui/Picker'
import { useNow } from '../../ui/useNow'
import { ConnectLink } from '../agents/ConnectLink'
import { CommandList } from './CommandList'

const route = getRouteApi('/app/project/$projectId/commands')

type Bounds = ReturnType<typeof rangeBounds>
type PageParam = { cursor: string; bounds: Bounds } | null

const commandsQuery = (projectId: string, search: CommandsSearch) =>
  infiniteQueryOptions({
    queryKey: ['commands', projectId, search.range, search.q, search.agent, search.exit, search.cwd],
    initialPageParam: null as PageParam,
    queryFn: async ({ pageParam, signal }): Promise<Page<TerminalCommand> & { bounds: Bounds }> => {
      const bounds = pageParam?.bounds ?? rangeBounds(parseRange(search.range), Date.now())
      const failed = search.exit === 'failed'
      const page = await listCommands(projectId, { ...bounds, search: search.q, agent: search.agent, workingDir: search.cwd, failed: failed ? true : undefined, exitCode: failed ? undefined : search.exit, limit: 100, cursor: pageParam?.cursor }, signal)
      return { ...page, bounds }
    },
    getNextPageParam: (last): PageParam => (last.meta.cursor ? { cursor: last.meta.cursor, bounds: last.bounds } : null),
    staleTime: 15_000,
  })

const EXITS = [
  { value: 'failed', label: 'Failed' },
  { value: '0', label: 'Exit 0' },
  { value: '1', label: 'Exit 1' },
  { value: '2', label: 'Exit 2' },
  { value: '126', label: 'Exit 126: not executable' },
  { value: '127', label: 'Exit 127: not found' },
  { value: '130', label: 'Exit 130: interrupted' },
  { value: '137', label: 'Exit 137: killed' },
]

export function CommandsPage() {
  const { projectId } = route.useParams()
  const search = route.useSearch()
  const navigate = useNavigate()
  const setSearch = useCallback((change: Partial<CommandsSearch>) => void navigate({ to: '.', search: (current) => ({ ...current, ...change }), replace: 'q' in change || 'cwd' in change || 'command' in change }), [navigate])
  const range = parseRange(search.range)
  const query = useInfiniteQuery(commandsQuery(projectId, search))
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.data) ?? [], [query.data])
  const now = useNow(60_000)
  const { fetchNextPage, isFetchingNextPage } = query
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  const directories = useMemo(() => {
    const counts = new Map<string, number>()
    for (const row of rows) if (row.workingDir) counts.set(row.workingDir, (counts.get(row.workingDir) ?? 0) + 1)
    return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 100).map(([value, count]) => ({ value, label: value, count }))
  }, [rows])
  const narrowed = [search.q, search.agent, search.exit, search.cwd].some(Boolean)

  return (
    <>
      <PageHeader title="Commands" meta={query.isSuccess && rows.length > 0 ? `${rows.length}${query.hasNextPage ? '+' : ''}` : null}>
        <TimeRangePicker range={range} onChange={(text) => setSearch({ range: text })} />
      </PageHeader>
      <Toolbar>
        <SearchBox label="Search commands and their output" value={search.q ?? ''} onChange={(q) => setSearch({ q: q.trim() === '' ? undefined : q })} />
        <Picker label="Exit code" value={search.exit} choices={EXITS} custom={/^-?\d{1,5}$/} customLabel={(text) => `Exit ${text}`} onChange={(exit) => setSearch({ exit })} />
        <Picker label="Agent" value={search.agent} choices={AGENTS.map((agent) => ({ value: agent.id, label: agent.name }))} custom={/./} customLabel={agentName} onChange={(agent) => setSearch({ agent })} />
        <Picker label="Directory" value={search.cwd} choices={directories} custom={/./} onChange={(next) => setSearch({ cwd: next })} />
        <Gap />
        <Button icon="refresh" busy={query.isFetching && !query.isPending} onClick={() => void query.refetch()}>
          Refresh
        </Button>
      </Toolbar>
      {query.isPending ? <LoadingState label="Loading commands" />
      : query.isError && rows.length === 0 ? <ErrorState title="The commands could not be loaded" message={messageOf(query.error)} onRetry={() => void query.refetch()} />
      : rows.length === 0 ? (
        narrowed ? (
          <EmptyState icon="search" title="No commands match" actions={<Button onClick={() => setSearch({ q: undefined, agent: undefined, exit: undefined, cwd: undefined })}>Clear filters</Button>}>
            No command of this time range fits the search and the filters. A command whose exit code is not known is neither 0 nor failed.
          </EmptyState>
        ) : (
          <EmptyState icon="terminal" title="No commands in this time range" actions={<><Button onClick={() => setSearch({ range: '90d' })}>Look at the last 90 days</Button><ConnectLink projectId={projectId} /></>}>
            Every command that a coding agent runs is kept here with its exit code and its output.
          </EmptyState>
        )
      ) : (
        <CommandList projectId={projectId} label="Commands" commands={rows} words={search.q ?? ''} open={search.command} onOpen={(command) => setSearch({ command })} now={now} withSession hasMore={query.hasNextPage} onMore={onMore} />
      )}
    </>
  )
}
