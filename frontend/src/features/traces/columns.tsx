// What the traces list shows of each trace.
import { Link } from '@tanstack/react-router'

import type { TraceRow } from '../../api/types'
import { formatCompact, formatCount, formatDateTime, formatDuration, formatShortTime } from '../../lib/format'
import { readPreview } from '../../lib/preview'
import { sessionLink, traceLink } from '../../paths'
import { Cost, Hostile, LevelBadge, Tag } from '../../ui/Badge'
import { CopyButton } from '../../ui/CopyButton'
import { IconButton } from '../../ui/Button'
import type { Column } from '../../ui/data-table/columns'
import styles from './TracesPage.module.css'

interface Handlers {
  projectId: string
  mayWrite: boolean
  now: number
  onBookmark: (row: TraceRow) => void
}

const dash = <span className={styles.faint}>–</span>

export function traceColumns({ projectId, mayWrite, now, onBookmark }: Handlers): Column<TraceRow>[] {
  const text = (value: string | null) => (value == null || value === '' ? dash : <Hostile text={value} />)
  return [
    {
      id: 'bookmarked', label: 'Bookmark', iconOnly: true, width: 40,
      render: (row) => (
        <IconButton icon="star" size="sm" tone="star" filled={row.bookmarked} active={row.bookmarked} aria-pressed={row.bookmarked} disabled={!mayWrite} label={row.bookmarked ? 'Remove bookmark' : 'Bookmark'} onClick={() => onBookmark(row)} />
      ),
    },
    {
      id: 'timestamp', label: 'Time', width: 134, sort: 'timestamp',
      render: (row) => (
        <time className="num" dateTime={row.timestamp} data-tip={formatDateTime(row.timestamp, { millis: true })}>
          {formatShortTime(row.timestamp, now)}
        </time>
      ),
    },
    {
      id: 'name', label: 'Name', width: 190, sort: 'name',
      render: (row) => (
        <Link {...traceLink(projectId, row.id)} className={styles.name}>
          {row.name ? <Hostile text={row.name} /> : <span className={styles.faint}>unnamed</span>}
        </Link>
      ),
    },
    { id: 'input', label: 'Input', width: 190, grow: true, render: (row) => <span className={styles.preview}>{text(readPreview(row.inputPreview ?? ''))}</span> },
    { id: 'output', label: 'Output', width: 190, render: (row) => <span className={styles.preview}>{text(readPreview(row.outputPreview ?? ''))}</span> },
    { id: 'level', label: 'Level', width: 82, render: (row) => (row.level === 'DEFAULT' ? dash : <LevelBadge level={row.level} />) },
    { id: 'latency', label: 'Latency', width: 80, align: 'end', sort: 'latency', render: (row) => formatDuration(row.latency) },
    { id: 'totalCost', label: 'Cost', width: 106, align: 'end', sort: 'totalCost', render: (row) => <Cost usd={row.totalCost} unpriced={row.unpricedCount} /> },
    {
      id: 'totalTokens', label: 'Tokens', width: 76, align: 'end', sort: 'totalTokens',
      render: (row) => (row.totalTokens === 0 ? dash : <span data-tip={`${formatCount(row.inputTokens)} in · ${formatCount(row.cachedTokens)} of them cached · ${formatCount(row.outputTokens)} out`}>{formatCompact(row.totalTokens)}</span>),
    },
    { id: 'observationCount', label: 'Steps', width: 66, align: 'end', sort: 'observationCount', render: (row) => formatCount(row.observationCount) },
    { id: 'errorCount', label: 'Errors', width: 70, align: 'end', sort: 'errorCount', render: (row) => (row.errorCount > 0 ? <span className={styles.errors}>{formatCount(row.errorCount)}</span> : dash) },
    { id: 'userId', label: 'User', width: 150, render: (row) => text(row.userId) },
    {
      id: 'sessionId', label: 'Session', width: 120,
      render: (row) => (row.sessionId ? <Link {...sessionLink(projectId, row.sessionId)} className={styles.quietLink}><Hostile text={row.sessionId} /></Link> : dash),
    },
    { id: 'models', label: 'Models', width: 170, render: (row) => (row.models.length === 0 ? dash : <Hostile text={row.models.join(', ')} />) },
    { id: 'tags', label: 'Tags', width: 150, render: (row) => (row.tags.length === 0 ? dash : <span className={styles.tags}>{row.tags.slice(0, 6).map((tag) => <Tag key={tag} text={tag} />)}</span>) },
    { id: 'environment', label: 'Environment', width: 110, render: (row) => text(row.environment) },
    { id: 'release', label: 'Release', width: 100, hidden: true, render: (row) => text(row.release) },
    { id: 'version', label: 'Version', width: 90, hidden: true, render: (row) => text(row.version) },
    { id: 'inputTokens', label: 'Input tokens', width: 104, align: 'end', hidden: true, render: (row) => formatCount(row.inputTokens) },
    { id: 'outputTokens', label: 'Output tokens', width: 112, align: 'end', hidden: true, render: (row) => formatCount(row.outputTokens) },
    { id: 'cachedTokens', label: 'Cached tokens', width: 112, align: 'end', hidden: true, render: (row) => formatCount(row.cachedTokens) },
    {
      id: 'id', label: 'Trace ID', width: 190, hidden: true,
      render: (row) => (
        <span className={styles.id}>
          <Hostile text={row.id} className={styles.mono} />
          <CopyButton text={row.id} label="Copy trace id" />
        </span>
      ),
    },
    { id: 'updatedAt', label: 'Updated', width: 136, hidden: true, render: (row) => <span className="num">{formatShortTime(row.updatedAt, now)}</span> },
  ]
}
