// One trace: its header, the tree or the timeline of its observations, and the details of the selected one.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useState } from 'react'

import { isStatus, messageOf } from '../../api/client'
import type { TraceDetail } from '../../api/types'
import { buildSpanTree } from '../../lib/spanTree'
import { readStored, writeStored } from '../../lib/stored'
import type { TraceSearch, TraceView } from '../../lib/traceSearch'
import { traceLink, tracesLink } from '../../paths'
import { Button } from '../../ui/Button'
import { EmptyState, ErrorState, LoadingState, Notice } from '../../ui/Feedback'
import { SplitPane } from '../../ui/SplitPane'
import { neighboursOf } from '../traces/listOrder'
import { DetailPanel } from './detail/DetailPanel'
import { isRunning, traceQuery } from './queries'
import { TraceHeader } from './TraceHeader'
import { TraceMap } from './TraceMap'

const route = getRouteApi('/app/project/$projectId/traces/$traceId')

export function TracePage() {
  const { projectId, traceId } = route.useParams()
  const trace = useQuery(traceQuery(projectId, traceId))

  if (trace.isPending) return <LoadingState label="Loading trace" />
  if (trace.data) return <LoadedTrace key={traceId} projectId={projectId} detail={trace.data} failing={trace.isError} />
  if (isStatus(trace.error, 404)) {
    return (
      <EmptyState
        icon="search"
        title="Trace not found"
        actions={
          <>
            <Button icon="refresh" onClick={() => void trace.refetch()}>
              Look again
            </Button>
            <Link {...tracesLink(projectId)} tabIndex={-1}>
              <Button>All traces</Button>
            </Link>
          </>
        }
      >
        There is no trace <code>{traceId.slice(0, 120)}</code> in this project. It may have been deleted, belong to another project, or not have arrived yet: new traces are readable within a few seconds.
      </EmptyState>
    )
  }
  return <ErrorState title="The trace could not be loaded" message={messageOf(trace.error)} onRetry={() => void trace.refetch()} />
}

function LoadedTrace({ projectId, detail, failing }: { projectId: string; detail: TraceDetail; failing: boolean }) {
  const search = route.useSearch()
  const navigate = useNavigate()
  const traceId = detail.trace.id
  const tree = useMemo(() => buildSpanTree(detail.observations), [detail.observations])
  const setSearch = useCallback((change: Partial<TraceSearch>) => void navigate({ to: '.', search: (current) => ({ ...current, ...change }), replace: true }), [navigate])
  const select = useCallback((observation: string | null) => setSearch({ observation: observation ?? undefined }), [setSearch])

  const [defaultView] = useState<TraceView>(() => readStored('trace.view', readView) ?? (window.innerWidth >= 1200 ? 'both' : 'tree'))
  const view = search.view ?? defaultView
  const setView = useCallback(
    (next: TraceView) => {
      writeStored('trace.view', next)
      setSearch({ view: next })
    },
    [setSearch],
  )

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || document.querySelector('dialog[open], [popover=auto]:popover-open')) return
      if (event.target instanceof HTMLElement && event.target.matches('input:not([type=checkbox]), textarea, select')) return
      const { previous, next } = neighboursOf(projectId, traceId)
      const views: Record<string, TraceView> = { 1: 'tree', 2: 'timeline', 3: 'both' }
      const chosen = views[event.key]
      if (chosen) setView(chosen)
      else if (event.key === ']' && next != null) void navigate({ ...traceLink(projectId, next), replace: true })
      else if (event.key === '[' && previous != null) void navigate({ ...traceLink(projectId, previous), replace: true })
      else if (event.key === 'Escape') {
        // Stepping between traces replaces the entry, so the list is what lies behind.
        if (previous != null || next != null) window.history.back()
        else void navigate(tracesLink(projectId))
      }
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [navigate, projectId, traceId, setView])

  const selected = search.observation != null && tree.byId.has(search.observation) ? search.observation : null
  const running = isRunning(detail, Date.now())
  return (
    <>
      <TraceHeader projectId={projectId} detail={detail} running={running} failing={failing} />
      {detail.truncated ? <Notice tone="warning">This trace has more observations than can be shown: the first {detail.observations.length.toLocaleString('en-US')} are here. Download the JSON for all of them.</Notice> : null}
      {search.observation != null && selected == null ? <Notice tone="warning">The linked observation is not in this trace{running ? ' yet' : ''}.</Notice> : null}
      <SplitPane
        name="trace"
        label="Width of the tree"
        initial={view === 'tree' ? 42 : 56}
        first={<TraceMap trace={detail.trace} tree={tree} view={view} onView={setView} selected={selected} onSelect={select} running={running} />}
        second={<DetailPanel projectId={projectId} detail={detail} node={selected == null ? null : (tree.byId.get(selected) ?? null)} tab={search.tab ?? 'io'} format={search.format ?? 'formatted'} onSearch={setSearch} onSelect={select} />}
      />
    </>
  )
}

function readView(value: unknown): TraceView | null {
  return value === 'tree' || value === 'timeline' || value === 'both' ? value : null
}
