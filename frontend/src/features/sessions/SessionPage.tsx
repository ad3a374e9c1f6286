// One session: what it adds up to, and its traces in order as a conversation that can be read.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'

import { isStatus, messageOf } from '../../api/client'
import type { SessionRow } from '../../api/types'
import { formatCompact, formatCount, formatDateTime, formatDuration, plural } from '../../lib/format'
import { sessionsLink } from '../../paths'
import { Cost, Hostile, LiveDot, Tag } from '../../ui/Badge'
import { Button } from '../../ui/Button'
import { CopyButton } from '../../ui/CopyButton'
import { EmptyState, ErrorState, LoadingState } from '../../ui/Feedback'
import { isActive, sessionQuery, sessionTracesQuery } from './queries'
import styles from './SessionPage.module.css'
import { Turn } from './Turn'

const route = getRouteApi('/app/project/$projectId/sessions/$sessionId')

export function SessionPage() {
  const { projectId, sessionId } = route.useParams()
  const session = useQuery(sessionQuery(projectId, sessionId))
  const active = isActive(session.data, Date.now())
  const traces = useInfiniteQuery(sessionTracesQuery(projectId, sessionId, active))
  const rows = useMemo(() => traces.data?.pages.flatMap((page) => page.data) ?? [], [traces.data])
  const [all, setAll] = useState<boolean | null>(null)

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && event.target === document.body && !document.querySelector('dialog[open], :popover-open')) window.history.back()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])

  if (session.isPending) return <LoadingState label="Loading session" />
  if (!session.data) {
    return isStatus(session.error, 404) ? (
      <EmptyState icon="search" title="Session not found" actions={<Link {...sessionsLink(projectId)} tabIndex={-1}><Button>All sessions</Button></Link>}>
        No trace of this project carries the session id <code>{sessionId.slice(0, 120)}</code>.
      </EmptyState>
    ) : (
      <ErrorState title="The session could not be loaded" message={messageOf(session.error)} onRetry={() => void session.refetch()} />
    )
  }
  return (
    <>
      <SessionHeader projectId={projectId} session={session.data} active={active} />
      <div className={styles.page}>
        <div className={styles.column}>
          <div className={styles.bar}>
            <span className={styles.order}>{plural(session.data.traceCount, 'turn')}, oldest first</span>
            <Button variant="ghost" icon="expand" onClick={() => setAll(true)}>
              Open all
            </Button>
            <Button variant="ghost" icon="collapse" onClick={() => setAll(false)}>
              Close all
            </Button>
          </div>
          {traces.isError ? <ErrorState title="The traces could not be loaded" message={messageOf(traces.error)} onRetry={() => void traces.refetch()} /> : null}
          {traces.isPending ? <LoadingState label="Loading turns" /> : null}
          <ol className={styles.turns}>
            {rows.map((row, index) => (
              <Turn key={`${row.id} ${String(all)}`} projectId={projectId} row={row} index={index} startOpen={all ?? false} />
            ))}
          </ol>
          {traces.hasNextPage ? (
            <Button busy={traces.isFetchingNextPage} onClick={() => void traces.fetchNextPage()}>
              Load more turns
            </Button>
          ) : null}
        </div>
      </div>
    </>
  )
}

function SessionHeader({ projectId, session, active }: { projectId: string; session: SessionRow; active: boolean }) {
  const facts: [string, React.ReactNode][] = [
    ['Started', <span key="v" className="num">{formatDateTime(session.createdAt)}</span>],
    ['Duration', formatDuration(session.durationSeconds)],
    ['Traces', formatCount(session.traceCount)],
    ['Cost', <Cost key="v" usd={session.totalCost} unpriced={session.unpricedCount} />],
    ['Tokens', formatCompact(session.totalTokens)],
    ['Errors', session.errorCount > 0 ? <span key="v" className={styles.errors}>{formatCount(session.errorCount)}</span> : '0'],
  ]
  if (session.userIds.length > 0) facts.push([session.userIds.length === 1 ? 'User' : 'Users', <Hostile key="v" text={session.userIds.join(', ')} />])
  if (session.models.length > 0) facts.push(['Models', <Hostile key="v" text={session.models.join(', ')} />])
  if (session.environment) facts.push(['Environment', <Hostile key="v" text={session.environment} />])
  return (
    <header className={styles.header}>
      <div className={styles.top}>
        <Link {...sessionsLink(projectId)} className={styles.crumb}>
          Sessions
        </Link>
        <span className={styles.crumb}>/</span>
        <h1 className={styles.title}>
          <Hostile text={session.id} />
        </h1>
        <CopyButton text={session.id} label="Copy session id" />
        {active ? (
          <span className={styles.live}>
            <LiveDot on /> Live
          </span>
        ) : null}
      </div>
      <dl className={styles.facts}>
        {facts.map(([label, value]) => (
          <div key={label} className={styles.fact}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {session.tags.slice(0, 12).map((tag) => (
          <Tag key={tag} text={tag} />
        ))}
      </dl>
    </header>
  )
}
