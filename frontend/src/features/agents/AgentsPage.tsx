// The agents page: every session by agent, repository, branch, person and cost, with what they add up to.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'

import type { UsageGroup } from '../../api/agents'
import { messageOf } from '../../api/client'
import { agentName, AGENTS, repositoryName } from '../../lib/agents/names'
import type { AgentsSearch } from '../../lib/agents/search'
import { parseRange } from '../../lib/timeRange'
import { agentSessionLink } from '../../paths'
import { LiveDot } from '../../ui/Badge'
import { Button } from '../../ui/Button'
import { ColumnMenu } from '../../ui/data-table/ColumnMenu'
import { useArrangement } from '../../ui/data-table/columns'
import { DataTable } from '../../ui/data-table/DataTable'
import { Dialog } from '../../ui/Dialog'
import { EmptyState, ErrorState } from '../../ui/Feedback'
import { SearchBox } from '../../ui/filter-bar/SearchBox'
import { TimeRangePicker } from '../../ui/filter-bar/TimeRangePicker'
import { Gap, Toolbar } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { Picker } from '../../ui/Picker'
import { useNow } from '../../ui/useNow'
import styles from './Agents.module.css'
import { agentSessionColumns } from './columns'
import { Connect } from './Connect'
import { agentSessionsQuery, anySessionQuery, usageQuery } from './queries'
import { Summary } from './Summary'

const route = getRouteApi('/app/project/$projectId/agents')
const REFRESH_MS = 10_000
const NOTHING: Partial<AgentsSearch> = { agent: undefined, repository: undefined, branch: undefined, user: undefined, environment: undefined, q: undefined }

export function AgentsPage() {
  const { projectId } = route.useParams()
  const search = route.useSearch()
  const navigate = useNavigate()
  const setSearch = useCallback((change: Partial<AgentsSearch>) => void navigate({ to: '.', search: (current) => ({ ...current, ...change }), replace: 'q' in change || 'connect' in change || 'group' in change }), [navigate])
  const range = parseRange(search.range)
  const sessions = useInfiniteQuery({ ...agentSessionsQuery(projectId, search), refetchInterval: ({ state }) => (range.kind === 'preset' && (state.data?.pages.length ?? 0) <= 1 ? REFRESH_MS : false) })
  const rows = useMemo(() => sessions.data?.pages.flatMap((page) => page.data) ?? [], [sessions.data])
  const narrowed = [search.agent, search.repository, search.branch, search.user, search.environment, search.q].some(Boolean)
  const empty = sessions.isSuccess && rows.length === 0
  const any = useQuery({ ...anySessionQuery(projectId), enabled: empty && !narrowed, refetchInterval: ({ state }) => (state.data === false ? 2000 : false) })
  const now = useNow(60_000)
  const columns = useMemo(() => agentSessionColumns(projectId, now), [projectId, now])
  const { arrangement, change, reset } = useArrangement('agents', columns)
  const { fetchNextPage, isFetchingNextPage } = sessions
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  const onSearch = useCallback((q: string) => setSearch({ q: q.trim() === '' ? undefined : q }), [setSearch])
  const order = search.order ?? 'startTime'

  if (empty && !narrowed && any.data === false) return <FirstAgent projectId={projectId} />
  return (
    <>
      <PageHeader title="Agents">
        <Button icon="plus" onClick={() => setSearch({ connect: '1' })}>Connect an agent</Button>
        <TimeRangePicker range={range} onChange={(text) => setSearch({ range: text })} />
      </PageHeader>
      <Toolbar>
        <SearchBox label="Search prompts and ids" value={search.q ?? ''} onChange={onSearch} />
        <Picker label="Agent" value={search.agent} choices={AGENTS.map((agent) => ({ value: agent.id, label: agent.name }))} custom={/./} customLabel={agentName} onChange={(agent) => setSearch({ agent })} />
        <UsedPicker projectId={projectId} search={search} group="repository" label="Repository" value={search.repository} write={repositoryName} onChange={(repository) => setSearch({ repository })} />
        <UsedPicker projectId={projectId} search={search} group="branch" label="Branch" value={search.branch} onChange={(branch) => setSearch({ branch })} />
        <UsedPicker projectId={projectId} search={search} group="userId" label="Person" value={search.user} onChange={(user) => setSearch({ user })} />
        <Picker label="Environment" value={search.environment} choices={[...new Set(rows.map((row) => row.environment))].map((value) => ({ value, label: value }))} custom={/./} onChange={(environment) => setSearch({ environment })} />
        <Gap />
        <ColumnMenu columns={columns} arrangement={arrangement} onArrange={change} onReset={reset} />
      </Toolbar>
      <Summary projectId={projectId} search={search} onSearch={setSearch} />
      {sessions.isError && rows.length === 0 ? <ErrorState title="The sessions could not be loaded" message={messageOf(sessions.error)} onRetry={() => void sessions.refetch()} />
      : empty ? (
        narrowed ? (
          <EmptyState icon="search" title="No sessions match" actions={<Button onClick={() => setSearch(NOTHING)}>Clear filters</Button>}>
            No agent’s session of this time range fits the search and the filters.
          </EmptyState>
        ) : (
          <EmptyState icon="agent" title="No sessions in this time range" actions={<Button onClick={() => setSearch({ range: '90d' })}>Look at the last 90 days</Button>}>
            Sessions of coding agents that began in this time would be listed here.
          </EmptyState>
        )
      ) : (
        <DataTable
          label="Agent sessions"
          scrollKey={`agents ${projectId} ${JSON.stringify(search)}`}
          rows={rows}
          rowId={(row) => row.traceId}
          rowLabel={(row) => row.title ?? row.traceId}
          columns={columns}
          arrangement={arrangement}
          onArrange={change}
          orderBy={`${order}.desc`}
          onOrderBy={(sort) => {
            const [column] = sort.split('.')
            setSearch({ order: column === 'totalCost' || column === 'durationMs' || column === 'failedCommands' ? column : undefined })
          }}
          onOpen={(row, newTab) => {
            if (newTab) window.open(`/project/${encodeURIComponent(projectId)}/agents/${encodeURIComponent(row.traceId)}`, '_blank', 'noopener')
            else void navigate(agentSessionLink(projectId, row.traceId))
          }}
          loading={sessions.isPending}
          hasMore={sessions.hasNextPage}
          onMore={onMore}
        />
      )}
      {search.connect === '1' ? (
        <Dialog title="Connect a coding agent" width={760} sticky onClose={() => setSearch({ connect: undefined })}>
          <Connect projectId={projectId} />
        </Dialog>
      ) : null}
    </>
  )
}

/** A filter whose choices are what was used in the time range, with counts; asked for when it is opened. */
function UsedPicker({ projectId, search, group, label, value, write = (text) => text, onChange }: { projectId: string; search: AgentsSearch; group: UsageGroup; label: string; value: string | undefined; write?: (text: string) => string; onChange: (value: string | undefined) => void }) {
  const [open, setOpen] = useState(false)
  const scope = { ...search, ...(group === 'repository' ? { repository: undefined } : group === 'branch' ? { branch: undefined } : { user: undefined }) }
  const usage = useQuery({ ...usageQuery(projectId, scope, group), enabled: open })
  const choices = (usage.data ?? []).filter((row) => row.key !== '').map((row) => ({ value: row.key, label: write(row.key), count: row.sessions }))
  return <Picker label={label} value={value} choices={choices} loading={usage.isPending} custom={/./} customLabel={write} onChange={onChange} onOpenChange={setOpen} />
}

function FirstAgent({ projectId }: { projectId: string }) {
  return (
    <>
      <PageHeader title="Agents" />
      <div className={styles.first}>
        <div className={styles.firstPanel}>
          <h2 className={styles.firstTitle}>Connect your first coding agent</h2>
          <p className={styles.firstLead}>Every session becomes a trace you can read: prompts, model calls with their true cost, commands with exit codes, file diffs, commits.</p>
          <Connect projectId={projectId} />
          <p className={styles.waiting} role="status">
            <LiveDot on /> Waiting for the first session. This page shows it when it arrives.
          </p>
        </div>
      </div>
    </>
  )
}
