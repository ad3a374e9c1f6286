// A trace's name, figures and facts, and what can be done with it.
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { useMayWrite } from '../../api/queries'
import type { TraceDetail } from '../../api/types'
import { agentName, agentOfTrace } from '../../lib/agents/names'
import { encodeFilters } from '../../lib/filters'
import { formatCompact, formatCount, formatDateTime, formatDuration } from '../../lib/format'
import { agentSessionLink, filteredTracesLink, sessionLink, traceLink, tracesLink } from '../../paths'
import { AgentMark } from '../../ui/AgentMark'
import { Cost, Hostile, LevelBadge, LiveDot, Tag } from '../../ui/Badge'
import { IconButton } from '../../ui/Button'
import { copyText, CopyButton } from '../../ui/CopyButton'
import { Menu } from '../../ui/Menu'
import { toast } from '../../ui/Toast'
import { DeleteTracesDialog } from '../traces/BulkBar'
import { AddToDatasetDialog, AddToQueueDialog } from '../traces/lazy'
import { neighboursOf } from '../traces/listOrder'
import { useBookmark } from '../traces/queries'
import { useDownload } from './queries'
import styles from './TraceHeader.module.css'

export function TraceHeader({ projectId, detail, running, failing }: { projectId: string; detail: TraceDetail; running: boolean; failing: boolean }) {
  const { trace } = detail
  const navigate = useNavigate()
  const mayWrite = useMayWrite(projectId)
  const bookmark = useBookmark(projectId)
  const download = useDownload(projectId, trace.id)
  const [dialog, setDialog] = useState<'delete' | 'dataset' | 'queue' | null>(null)
  const { previous, next } = neighboursOf(projectId, trace.id)
  const agent = agentOfTrace(trace)
  const go = (id: string | null) => id != null && void navigate({ ...traceLink(projectId, id), replace: true })

  return (
    <header className={styles.header}>
      <div className={styles.top}>
        <Link {...tracesLink(projectId)} className={styles.crumb}>
          Traces
        </Link>
        <span className={styles.slash}>/</span>
        <h1 className={styles.title}>{trace.name ? <Hostile text={trace.name} /> : 'unnamed trace'}</h1>
        {trace.level !== 'DEFAULT' ? <LevelBadge level={trace.level} /> : null}
        {running ? (
          <span className={styles.running}>
            <LiveDot on={!failing} /> {failing ? 'Reconnecting' : 'Live'}
          </span>
        ) : null}
        <span className={styles.gap} />
        {agent != null ? (
          <Link {...agentSessionLink(projectId, trace.id)} className={styles.agent} data-tip={`Conversation, files, terminal, git of this ${agentName(agent)} session`}>
            <AgentMark agent={agent} />
            <span>Agent view</span>
          </Link>
        ) : null}
        {previous != null || next != null ? (
          <>
            <IconButton icon="chevronUp" label="Previous trace" tip="Previous trace  [" disabled={previous == null} onClick={() => go(previous)} />
            <IconButton icon="chevronDown" label="Next trace" tip="Next trace  ]" disabled={next == null} onClick={() => go(next)} />
          </>
        ) : null}
        <IconButton icon="star" tone="star" filled={trace.bookmarked} active={trace.bookmarked} aria-pressed={trace.bookmarked} disabled={!mayWrite} label={trace.bookmarked ? 'Remove bookmark' : 'Bookmark'} onClick={() => bookmark.mutate({ id: trace.id, bookmarked: !trace.bookmarked })} />
        <IconButton icon="link" label="Copy link" onClick={() => void copyText(location.href).then((done) => done && toast('Link copied'))} />
        <Menu
          label="Trace actions"
          align="end"
          entries={[
            { label: 'Download JSON', icon: 'download', onSelect: () => download.mutate() },
            { label: 'Copy trace id', icon: 'copy', onSelect: () => void copyText(trace.id).then((done) => done && toast('Trace id copied')) },
            ...(mayWrite ? [
              { kind: 'separator' as const },
              { label: 'Add to dataset…', icon: 'dataset' as const, onSelect: () => setDialog('dataset') },
              { label: 'Add to annotation queue…', icon: 'queue' as const, onSelect: () => setDialog('queue') },
              { kind: 'separator' as const },
              { label: 'Delete trace…', icon: 'trash' as const, danger: true, onSelect: () => setDialog('delete') },
            ] : []),
          ]}
          trigger={(trigger) => <IconButton icon="more" label="More actions" {...trigger} />}
        />
      </div>
      <dl className={styles.facts}>
        <Fact label="Started">
          <time dateTime={trace.timestamp} className="num">
            {formatDateTime(trace.timestamp, { millis: true })}
          </time>
        </Fact>
        <Fact label="Latency">
          <span className="num">{formatDuration(trace.latency)}</span>
        </Fact>
        <Fact label="Cost">
          <Cost usd={trace.totalCost} unpriced={trace.unpricedCount} />
        </Fact>
        <Fact label="Tokens">
          <span className="num" data-tip={`${formatCount(trace.inputTokens)} in · ${formatCount(trace.cachedTokens)} of them cached · ${formatCount(trace.outputTokens)} out`}>
            {formatCompact(trace.inputTokens)} → {formatCompact(trace.outputTokens)}
          </span>
        </Fact>
        <Fact label="Steps">
          <span className="num">{formatCount(trace.observationCount)}</span>
        </Fact>
        {trace.userId ? (
          <Fact label="User">
            <Link {...filteredTracesLink(projectId, encodeFilters([{ type: 'stringOptions', column: 'userId', operator: 'any of', value: [trace.userId] }]) ?? '')} className={styles.link}>
              <Hostile text={trace.userId} />
            </Link>
          </Fact>
        ) : null}
        {trace.sessionId ? (
          <Fact label="Session">
            <Link {...sessionLink(projectId, trace.sessionId)} className={styles.link}>
              <Hostile text={trace.sessionId} />
            </Link>
          </Fact>
        ) : null}
        {trace.environment ? <Fact label="Environment"><Hostile text={trace.environment} /></Fact> : null}
        {trace.release ? <Fact label="Release"><Hostile text={trace.release} /></Fact> : null}
        {trace.version ? <Fact label="Version"><Hostile text={trace.version} /></Fact> : null}
        {trace.tags.length > 0 ? (
          <Fact label="Tags">
            <span className={styles.tags}>
              {trace.tags.slice(0, 20).map((tag) => (
                <Tag key={tag} text={tag} />
              ))}
            </span>
          </Fact>
        ) : null}
        <Fact label="ID">
          <Hostile text={trace.id.length > 20 ? `${trace.id.slice(0, 8)}…${trace.id.slice(-4)}` : trace.id} className={styles.id} />
          <CopyButton text={trace.id} label="Copy trace id" />
        </Fact>
      </dl>
      {dialog === 'dataset' ? <AddToDatasetDialog projectId={projectId} source={{ traceId: trace.id, input: trace.input, output: trace.output }} onClose={() => setDialog(null)} /> : null}
      {dialog === 'queue' ? <AddToQueueDialog projectId={projectId} objects={[{ objectId: trace.id, objectType: 'TRACE' }]} onClose={() => setDialog(null)} /> : null}
      {dialog === 'delete' ? <DeleteTracesDialog projectId={projectId} ids={[trace.id]} onClose={() => setDialog(null)} onDeleted={() => void navigate(tracesLink(projectId))} /> : null}
    </header>
  )
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
