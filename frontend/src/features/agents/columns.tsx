// What the list of agent sessions shows.
import { Link } from '@tanstack/react-router'

import type { AgentSession } from '../../api/agents'
import { agentName, repositoryName } from '../../lib/agents/names'
import { formatCompact, formatCount, formatDateTime, formatDuration, formatShortTime } from '../../lib/format'
import { agentSessionLink } from '../../paths'
import { AgentMark } from '../../ui/AgentMark'
import { Cost, Hostile } from '../../ui/Badge'
import type { Column } from '../../ui/data-table/columns'
import { Icon } from '../../ui/Icon'
import { Lines } from '../../ui/Lines'
import styles from './Agents.module.css'

const dash = <span className={styles.faint}>–</span>
const number = (count: number) => (count > 0 ? formatCount(count) : dash)

export function agentSessionColumns(projectId: string, now: number): Column<AgentSession>[] {
  return [
    {
      id: 'startTime', label: 'Started', width: 128, sort: 'startTime',
      render: (row) => <time className="num" dateTime={row.startTime} data-tip={formatDateTime(row.startTime)}>{formatShortTime(row.startTime, now)}</time>,
    },
    {
      id: 'title', label: 'Session', width: 360, grow: true,
      render: (row) => (
        <span className={styles.session}>
          <AgentMark agent={row.agent} />
          <Link {...agentSessionLink(projectId, row.traceId)} className={styles.name}>
            {row.title ? <Hostile text={row.title} /> : <>{agentName(row.agent)} session</>}
          </Link>
          {row.errors > 0 ? <span className={styles.errorMark} role="img" aria-label={`${row.errors} errors`} data-tip={`${formatCount(row.errors)} ${row.errors === 1 ? 'step' : 'steps'} failed`}><Icon name="error" size={12} /></span> : null}
        </span>
      ),
    },
    { id: 'totalCost', label: 'Cost', width: 88, align: 'end', sort: 'totalCost', render: (row) => <Cost usd={row.totalCost} unpriced={row.costComplete ? 0 : 1} /> },
    { id: 'repository', label: 'Repository', width: 132, render: (row) => (row.repositoryUrl ? <Hostile text={repositoryName(row.repositoryUrl)} /> : dash) },
    { id: 'branch', label: 'Branch', width: 140, render: (row) => (row.branch ? <Hostile text={row.branch} /> : dash) },
    { id: 'userId', label: 'Person', width: 150, render: (row) => (row.userId ? <Hostile text={row.userId} /> : dash) },
    { id: 'durationMs', label: 'Duration', width: 92, align: 'end', sort: 'durationMs', render: (row) => formatDuration(row.durationMs / 1000) },
    {
      id: 'commands', label: 'Commands', width: 104, align: 'end', sort: 'failedCommands',
      render: (row) => (row.commands === 0 ? dash : <span>{formatCount(row.commands)}{row.failedCommands > 0 ? <span className={styles.failedCount} data-tip={`${formatCount(row.failedCommands)} failed`}> {formatCount(row.failedCommands)}<span className="visually-hidden"> failed</span></span> : null}</span>),
    },
    { id: 'lines', label: 'Lines', width: 106, align: 'end', render: (row) => (row.linesAdded + row.linesRemoved > 0 ? <Lines added={row.linesAdded} removed={row.linesRemoved} /> : dash) },
    { id: 'commits', label: 'Commits', width: 78, align: 'end', render: (row) => number(row.commits) },
    { id: 'totalTokens', label: 'Tokens', width: 76, align: 'end', render: (row) => (row.totalTokens > 0 ? formatCompact(row.totalTokens) : dash) },
    { id: 'turns', label: 'Turns', width: 64, align: 'end', render: (row) => number(row.turns) },
    { id: 'models', label: 'Models', width: 170, render: (row) => (row.models.length > 0 ? <Hostile text={row.models.join(', ')} /> : dash) },
    { id: 'pullRequests', label: 'PRs', width: 80, render: (row) => (row.pullRequests.length > 0 ? row.pullRequests.map((pull) => `#${pull.number}`).join(' ') : dash) },
    { id: 'filesChanged', label: 'Files', width: 64, align: 'end', hidden: true, render: (row) => number(row.filesChanged) },
    { id: 'modelCalls', label: 'Model calls', width: 96, align: 'end', hidden: true, render: (row) => number(row.modelCalls) },
    { id: 'toolCalls', label: 'Tool calls', width: 88, align: 'end', hidden: true, render: (row) => number(row.toolCalls) },
    { id: 'subagents', label: 'Subagents', width: 88, align: 'end', hidden: true, render: (row) => number(row.subagents) },
    { id: 'agentVersion', label: 'Version', width: 90, hidden: true, render: (row) => (row.agentVersion ? <Hostile text={row.agentVersion} /> : dash) },
    { id: 'environment', label: 'Environment', width: 110, hidden: true, render: (row) => <Hostile text={row.environment} /> },
  ]
}
