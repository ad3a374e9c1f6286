// Commits and pull requests that agents had a part in: what each cost, which sessions made it, how CI judged it.
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'

import type { Commit, PullRequest } from '../../api/agents'
import { messageOf } from '../../api/client'
import { useMayAdminister } from '../../api/queries'
import { AGENTS, agentName, repositoryName } from '../../lib/agents/names'
import type { CommitsSearch } from '../../lib/agents/search'
import { parseRange } from '../../lib/timeRange'
import { commitLink, githubLink, pullRequestLink } from '../../paths'
import { Button } from '../../ui/Button'
import { ColumnMenu } from '../../ui/data-table/ColumnMenu'
import { useArrangement } from '../../ui/data-table/columns'
import { DataTable } from '../../ui/data-table/DataTable'
import { EmptyState, ErrorState } from '../../ui/Feedback'
import { SearchBox } from '../../ui/filter-bar/SearchBox'
import { TimeRangePicker } from '../../ui/filter-bar/TimeRangePicker'
import { Gap, Toolbar } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { Picker } from '../../ui/Picker'
import { Segmented } from '../../ui/Tabs'
import { useNow } from '../../ui/useNow'
import { commitColumns, pullColumns } from './columns'
import { commitsQuery, pullsQuery } from './queries'

const route = getRouteApi('/app/project/$projectId/commits')

export function CommitsPage() {
  const { projectId } = route.useParams()
  const search = route.useSearch()
  const navigate = useNavigate()
  const setSearch = useCallback((change: Partial<CommitsSearch>) => void navigate({ to: '.', search: (current) => ({ ...current, ...change }), replace: 'q' in change }), [navigate])
  const pulls = search.tab === 'pulls'
  const mayAdminister = useMayAdminister(projectId)
  return (
    <>
      <PageHeader title="Commits & PRs">
        {mayAdminister ? <Link {...githubLink(projectId)} tabIndex={-1}><Button icon="link">Connect GitHub</Button></Link> : null}
        <TimeRangePicker range={parseRange(search.range ?? '30d')} onChange={(text) => setSearch({ range: text })} />
      </PageHeader>
      {pulls ? <Pulls projectId={projectId} search={search} onSearch={setSearch} /> : <Commits projectId={projectId} search={search} onSearch={setSearch} />}
    </>
  )
}

interface ListProps {
  projectId: string
  search: CommitsSearch
  onSearch: (change: Partial<CommitsSearch>) => void
}

function Filters({ search, onSearch, repositories, branches, authors, children }: Omit<ListProps, 'projectId'> & { repositories: string[]; branches: string[]; authors: string[]; children: React.ReactNode }) {
  const onQuery = useCallback((q: string) => onSearch({ q: q.trim() === '' ? undefined : q }), [onSearch])
  const pulls = search.tab === 'pulls'
  const choices = (values: string[], label = (value: string) => value) => [...new Set(values)].slice(0, 200).map((value) => ({ value, label: label(value) }))
  return (
    <Toolbar>
      <Segmented label="What to list" choices={[{ value: 'commits', label: 'Commits', icon: 'commit' }, { value: 'pulls', label: 'Pull requests', icon: 'pull' }]} value={pulls ? 'pulls' : 'commits'} onChange={(next) => onSearch({ tab: next === 'pulls' ? 'pulls' : undefined, q: undefined })} />
      <SearchBox label={pulls ? 'Search number, title, branch' : 'Search message or commit id'} value={search.q ?? ''} onChange={onQuery} />
      <Picker label="Repository" value={search.repository} choices={choices(repositories, repositoryName)} custom={/./} customLabel={repositoryName} onChange={(repository) => onSearch({ repository })} />
      <Picker label="Branch" value={search.branch} choices={choices(branches)} custom={/./} onChange={(branch) => onSearch({ branch })} />
      <Picker label="Author" value={search.author} choices={choices(authors)} custom={/./} onChange={(author) => onSearch({ author })} />
      <Picker label="Agent" value={search.agent} choices={AGENTS.map((agent) => ({ value: agent.id, label: agent.name }))} custom={/./} customLabel={agentName} onChange={(agent) => onSearch({ agent })} />
      {pulls ? <Picker label="State" value={search.state} choices={['open', 'merged', 'closed'].map((value) => ({ value, label: value }))} onChange={(state) => onSearch({ state: state as CommitsSearch['state'] })} /> : null}
      <Gap />
      {children}
    </Toolbar>
  )
}

const NOTHING: Partial<CommitsSearch> = { q: undefined, repository: undefined, branch: undefined, author: undefined, agent: undefined, state: undefined }
const isNarrowed = (search: CommitsSearch) => [search.q, search.repository, search.branch, search.author, search.agent, search.state].some(Boolean)
const present = (values: (string | null)[]) => values.filter((value): value is string => value != null && value !== '')

function Commits({ projectId, search, onSearch }: ListProps) {
  const navigate = useNavigate()
  const query = useInfiniteQuery(commitsQuery(projectId, search))
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.data) ?? [], [query.data])
  const now = useNow(60_000)
  const columns = useMemo(() => commitColumns(projectId, now), [projectId, now])
  const { arrangement, change, reset } = useArrangement('commits', columns)
  const onMore = useMore(query)
  return (
    <>
      <Filters search={search} onSearch={onSearch} repositories={present(rows.map((row) => row.repositoryUrl))} branches={present(rows.map((row) => row.branch))} authors={present(rows.map((row) => row.authorName))}>
        <ColumnMenu columns={columns} arrangement={arrangement} onArrange={change} onReset={reset} />
      </Filters>
      {query.isError && rows.length === 0 ? <ErrorState title="The commits could not be loaded" message={messageOf(query.error)} onRetry={() => void query.refetch()} />
      : query.isSuccess && rows.length === 0 ? <Nothing kind="commits" narrowed={isNarrowed(search)} onClear={() => onSearch(NOTHING)} onWiden={() => onSearch({ range: '90d' })} />
      : (
        <DataTable<Commit>
          label="Commits"
          scrollKey={`commits ${projectId} ${JSON.stringify(search)}`}
          rows={rows}
          rowId={(row) => `${row.repositoryUrl ?? ''} ${row.commitSha}`}
          rowLabel={(row) => row.commitSha}
          columns={columns}
          arrangement={arrangement}
          onArrange={change}
          orderBy=""
          onOrderBy={() => undefined}
          onOpen={(row, newTab) => {
            if (newTab) window.open(`/project/${encodeURIComponent(projectId)}/commits/${encodeURIComponent(row.commitSha)}`, '_blank', 'noopener')
            else void navigate(commitLink(projectId, row.commitSha))
          }}
          loading={query.isPending}
          hasMore={query.hasNextPage}
          onMore={onMore}
          tone={(row) => (row.ciStatus === 'failure' ? 'error' : null)}
        />
      )}
    </>
  )
}

function Pulls({ projectId, search, onSearch }: ListProps) {
  const navigate = useNavigate()
  const query = useInfiniteQuery(pullsQuery(projectId, search))
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.data) ?? [], [query.data])
  const now = useNow(60_000)
  const columns = useMemo(() => pullColumns(projectId, now), [projectId, now])
  const { arrangement, change, reset } = useArrangement('pulls', columns)
  const onMore = useMore(query)
  return (
    <>
      <Filters search={search} onSearch={onSearch} repositories={rows.map((row) => row.repositoryUrl)} branches={present(rows.map((row) => row.headBranch))} authors={present(rows.map((row) => row.author))}>
        <ColumnMenu columns={columns} arrangement={arrangement} onArrange={change} onReset={reset} />
      </Filters>
      {query.isError && rows.length === 0 ? <ErrorState title="The pull requests could not be loaded" message={messageOf(query.error)} onRetry={() => void query.refetch()} />
      : query.isSuccess && rows.length === 0 ? <Nothing kind="pull requests" narrowed={isNarrowed(search)} onClear={() => onSearch(NOTHING)} onWiden={() => onSearch({ range: '90d' })} />
      : (
        <DataTable<PullRequest>
          label="Pull requests"
          scrollKey={`pulls ${projectId} ${JSON.stringify(search)}`}
          rows={rows}
          rowId={(row) => `${row.repositoryUrl} ${row.number}`}
          rowLabel={(row) => `#${row.number}`}
          columns={columns}
          arrangement={arrangement}
          onArrange={change}
          orderBy=""
          onOrderBy={() => undefined}
          onOpen={(row, newTab) => {
            if (newTab) window.open(`/project/${encodeURIComponent(projectId)}/pull-requests/${row.number}?repository=${encodeURIComponent(row.repositoryUrl)}`, '_blank', 'noopener')
            else void navigate(pullRequestLink(projectId, row.repositoryUrl, row.number))
          }}
          loading={query.isPending}
          hasMore={query.hasNextPage}
          onMore={onMore}
        />
      )}
    </>
  )
}

function useMore({ fetchNextPage, isFetchingNextPage }: { fetchNextPage: () => unknown; isFetchingNextPage: boolean }) {
  return useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
}

function Nothing({ kind, narrowed, onClear, onWiden }: { kind: string; narrowed: boolean; onClear: () => void; onWiden: () => void }) {
  return narrowed ? (
    <EmptyState icon="search" title={`No ${kind} match`} actions={<Button onClick={onClear}>Clear filters</Button>}>
      Nothing in this time range fits the search and the filters.
    </EmptyState>
  ) : (
    <EmptyState icon={kind === 'commits' ? 'commit' : 'pull'} title={`No ${kind} in this time range`} actions={<Button onClick={onWiden}>Look at the last 90 days</Button>}>
      Run <code>agenttrace git install</code> in a repository and its commits are linked to the sessions that made them. A GitHub webhook, set up in the project’s settings, adds pushes, pull requests and CI runs.
    </EmptyState>
  )
}
