// What the sessions list shows, and what it filters by. Mirrors docs/api-design.md, "v2/sessions".
import { Link } from '@tanstack/react-router'

import type { SessionRow } from '../../api/types'
import { formatCompact, formatCount, formatDateTime, formatDuration, formatShortTime } from '../../lib/format'
import type { FilterColumn } from '../../lib/filters'
import { sessionLink } from '../../paths'
import { Cost, Hostile, Tag } from '../../ui/Badge'
import type { Column } from '../../ui/data-table/columns'
import styles from './SessionsPage.module.css'

const dash = <span className={styles.faint}>–</span>

export function sessionColumns(projectId: string, now: number): Column<SessionRow>[] {
  const time = (iso: string) => (
    <time className="num" dateTime={iso} data-tip={formatDateTime(iso)}>
      {formatShortTime(iso, now)}
    </time>
  )
  return [
    { id: 'updatedAt', label: 'Last activity', width: 140, sort: 'updatedAt', render: (row) => time(row.updatedAt) },
    {
      id: 'id', label: 'Session', width: 240, grow: true,
      render: (row) => (
        <Link {...sessionLink(projectId, row.id)} className={styles.name}>
          <Hostile text={row.id} />
        </Link>
      ),
    },
    { id: 'userIds', label: 'Users', width: 190, render: (row) => (row.userIds.length > 0 ? <Hostile text={row.userIds.join(', ')} /> : dash) },
    { id: 'traceCount', label: 'Traces', width: 80, align: 'end', sort: 'traceCount', render: (row) => formatCount(row.traceCount) },
    { id: 'durationSeconds', label: 'Duration', width: 96, align: 'end', sort: 'durationSeconds', render: (row) => formatDuration(row.durationSeconds) },
    { id: 'totalCost', label: 'Cost', width: 96, align: 'end', sort: 'totalCost', render: (row) => <Cost usd={row.totalCost} unpriced={row.unpricedCount} /> },
    { id: 'totalTokens', label: 'Tokens', width: 84, align: 'end', render: (row) => (row.totalTokens > 0 ? formatCompact(row.totalTokens) : dash) },
    { id: 'errorCount', label: 'Errors', width: 76, align: 'end', render: (row) => (row.errorCount > 0 ? <span className={styles.errors}>{formatCount(row.errorCount)}</span> : dash) },
    { id: 'models', label: 'Models', width: 200, render: (row) => (row.models.length > 0 ? <Hostile text={row.models.join(', ')} /> : dash) },
    { id: 'tags', label: 'Tags', width: 160, render: (row) => (row.tags.length > 0 ? <span className={styles.tags}>{row.tags.slice(0, 6).map((tag) => <Tag key={tag} text={tag} />)}</span> : dash) },
    { id: 'environment', label: 'Environment', width: 120, render: (row) => (row.environment ? <Hostile text={row.environment} /> : dash) },
    { id: 'createdAt', label: 'Started', width: 140, sort: 'createdAt', hidden: true, render: (row) => time(row.createdAt) },
  ]
}

export const SESSION_FILTERS: readonly FilterColumn[] = [
  { id: 'userIds', label: 'Users', type: 'arrayOptions', facet: true },
  { id: 'environment', label: 'Environment', type: 'stringOptions', facet: true },
  { id: 'tags', label: 'Tags', type: 'arrayOptions', facet: true },
  { id: 'traceCount', label: 'Traces', type: 'number' },
  { id: 'totalCost', label: 'Cost', type: 'number', unit: 'USD' },
  { id: 'durationSeconds', label: 'Duration', type: 'number', unit: 'seconds' },
  { id: 'id', label: 'Session ID', type: 'stringOptions', facet: true },
  { id: 'createdAt', label: 'Started', type: 'datetime' },
]

/** Facets are counted over traces; these are their names there. */
export const FACET_COLUMN: Record<string, string> = { userIds: 'userId', id: 'sessionId' }
