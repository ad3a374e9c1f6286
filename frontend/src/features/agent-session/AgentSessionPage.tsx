// One session of a coding agent: what it adds up to, and behind tabs the conversation, the files, the terminal, git and CI.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'

import { isStatus, messageOf } from '../../api/client'
import type { TraceDetail } from '../../api/types'
import { SESSION_TABS, type AgentSessionSearch, type SessionTab } from '../../lib/agents/search'
import { buildConversation } from '../../lib/agents/conversation'
import { agentsLink, traceLink } from '../../paths'
import { Button } from '../../ui/Button'
import { EmptyState, ErrorState, LoadingState, Notice } from '../../ui/Feedback'
import { Tabs, type Choice } from '../../ui/Tabs'
import { useKeys } from '../../ui/useKeys'
import { isRunning, traceQuery } from '../trace/queries'
import styles from './AgentSession.module.css'
import { CiTab } from './CiTab'
import { Conversation } from './Conversation'
import { FilesTab } from './FilesTab'
import { GitTab } from './GitTab'
import { SessionHeader } from './SessionHeader'
import { sessionFiguresQuery } from './queries'
import { TerminalTab } from './TerminalTab'

const route = getRouteApi('/app/project/$projectId/agents/$traceId')

export function AgentSessionPage() {
  const { projectId, traceId } = route.useParams()
  const trace = useQuery(traceQuery(projectId, traceId))
  if (trace.isPending) return <LoadingState label="Loading session" />
  if (trace.data) return <LoadedSession key={traceId} projectId={projectId} detail={trace.data} failing={trace.isError} />
  if (isStatus(trace.error, 404)) {
    return (
      <EmptyState icon="search" title="Session not found" actions={<><Button icon="refresh" onClick={() => void trace.refetch()}>Look again</Button><Link {...agentsLink(projectId)} tabIndex={-1}><Button>All agent sessions</Button></Link></>}>
        There is no session <code>{traceId.slice(0, 120)}</code> in this project. It may have been deleted, belong to another project, or not have arrived yet.
      </EmptyState>
    )
  }
  return <ErrorState title="The session could not be loaded" message={messageOf(trace.error)} onRetry={() => void trace.refetch()} />
}

function LoadedSession({ projectId, detail, failing }: { projectId: string; detail: TraceDetail; failing: boolean }) {
  const traceId = detail.trace.id
  const search = route.useSearch()
  const navigate = useNavigate()
  const setSearch = useCallback((change: Partial<AgentSessionSearch>) => void navigate({ to: '.', search: (current) => ({ ...current, ...change }), replace: true }), [navigate])
  const tab: SessionTab = search.tab ?? 'conversation'
  const setTab = useCallback((next: SessionTab) => void navigate({ to: '.', search: (current) => ({ ...current, tab: next === 'conversation' ? undefined : next, q: undefined, failed: undefined, command: undefined }) }), [navigate])
  const running = isRunning(detail, Date.now())
  const figures = useQuery(sessionFiguresQuery(projectId, traceId, running))
  const conversation = useMemo(() => buildConversation(traceId, detail.observations), [traceId, detail.observations])

  useKeys({
    ...Object.fromEntries(SESSION_TABS.map((name, index) => [String(index + 1), () => setTab(name)])),
    Escape: () => (window.history.length > 1 ? window.history.back() : void navigate(agentsLink(projectId))),
  })

  const session = figures.data ?? null
  const choices: Choice<SessionTab>[] = [
    { value: 'conversation', label: 'Conversation', count: conversation.turns.filter((turn) => turn.node).length },
    { value: 'files', label: 'Files', count: session?.filesChanged },
    { value: 'terminal', label: 'Terminal', count: session?.commands },
    { value: 'git', label: 'Git', count: session?.commits },
    { value: 'ci', label: 'CI runs' },
  ]
  return (
    <>
      <SessionHeader projectId={projectId} detail={detail} session={session} conversation={conversation} running={running} failing={failing} />
      {figures.isError ? <Notice tone="warning">The session’s sums could not be loaded: {messageOf(figures.error)}</Notice> : null}
      {detail.truncated ? <Notice tone="warning">This session has more steps than can be shown: the first {detail.observations.length.toLocaleString('en-US')} are here.</Notice> : null}
      {search.step != null && tab === 'conversation' && !detail.observations.some((node) => node.id === search.step) ? (
        <Notice tone="warning">The linked step is not in this session{running ? ' yet' : ''}. <Link {...traceLink(projectId, traceId)} className={styles.inlineLink}>Open the trace</Link></Notice>
      ) : null}
      <div className={styles.tabs}>
        <Tabs label="Parts of the session" choices={choices} value={tab} onChange={setTab} />
      </div>
      <div className={styles.panel} role="tabpanel" aria-label={choices.find((choice) => choice.value === tab)?.label}>
        {tab === 'conversation' ? <Conversation projectId={projectId} detail={detail} model={conversation} search={search} onSearch={setSearch} running={running} />
        : tab === 'files' ? <FilesTab projectId={projectId} traceId={traceId} search={search} onSearch={setSearch} running={running} />
        : tab === 'terminal' ? <TerminalTab projectId={projectId} traceId={traceId} search={search} onSearch={setSearch} running={running} />
        : tab === 'git' ? <GitTab projectId={projectId} traceId={traceId} running={running} />
        : <CiTab projectId={projectId} traceId={traceId} running={running} />}
      </div>
    </>
  )
}
