// What the tables of commits and pull requests show.
import { Link } from '@tanstack/react-router'

import type { Commit, PullRequest } from '../../api/agents'
import { agentName, repositoryName, shortSha } from '../../lib/agents/names'
import { formatCount, formatDateTime, formatShortTime, plural } from '../../lib/format'
import { commitLink, pullRequestLink } from '../../paths'
import { AgentMark } from '../../ui/AgentMark'
import { Cost, Hostile } from '../../ui/Badge'
import type { Column } from '../../ui/data-table/columns'
import { Lines } from '../../ui/Lines'
import styles from './commits.module.css'
import { CiBadge, PullState, SessionChip } from './parts'

const dash = <span className={styles.faint}>–</span>

const time = (iso: string | null, now: number) =>
  iso == null ? dash : (
    <time className="num" dateTime={iso} data-tip={formatDateTime(iso)}>
      {formatShortTime(iso, now)}
    </time>
  )

export function commitColumns(projectId: string, now: number): Column<Commit>[] {
  return [
    { id: 'timestamp', label: 'Time', width: 130, render: (row) => time(row.timestamp, now) },
    { id: 'commit', label: 'Commit', width: 92, render: (row) => <Link {...commitLink(projectId, row.commitSha)} className={styles.sha}>{shortSha(row.commitSha)}</Link> },
    { id: 'message', label: 'Message', width: 300, grow: true, render: (row) => <Link {...commitLink(projectId, row.commitSha)} className={styles.message}><Hostile text={row.message?.split('\n')[0] ?? 'No message recorded'} /></Link> },
    { id: 'sessions', label: 'Sessions', width: 190, render: (row) => (row.sessions.length === 0 ? dash : <span className={styles.chips}>{row.sessions.slice(0, 1).map((session) => <SessionChip key={session.traceId} projectId={projectId} session={session} />)}{row.sessions.length > 1 ? <Link {...commitLink(projectId, row.commitSha)} className={styles.moreChips} aria-label={`${plural(row.sessions.length, 'session')} in all`}>+{row.sessions.length - 1}</Link> : null}</span>) },
    { id: 'cost', label: 'Cost', width: 88, align: 'end', render: (row) => (row.sessions.length === 0 ? dash : <Cost usd={row.cost} unpriced={row.costComplete ? 0 : 1} />) },
    { id: 'lines', label: 'Lines', width: 106, align: 'end', render: (row) => (row.additions == null && row.deletions == null ? dash : <Lines added={row.additions} removed={row.deletions} />) },
    { id: 'ci', label: 'CI', width: 112, render: (row) => <CiBadge status={row.ciStatus} /> },
    { id: 'pr', label: 'PR', width: 62, render: (row) => (row.prNumber != null && row.repositoryUrl != null ? <Link {...pullRequestLink(projectId, row.repositoryUrl, row.prNumber)} className={styles.linkish}>#{row.prNumber}</Link> : dash) },
    { id: 'repository', label: 'Repository', width: 140, render: (row) => (row.repositoryUrl ? <Hostile text={repositoryName(row.repositoryUrl)} /> : dash) },
    { id: 'branch', label: 'Branch', width: 150, render: (row) => (row.branch ? <Hostile text={row.branch} /> : dash) },
    { id: 'author', label: 'Author', width: 130, render: (row) => (row.authorName ?? row.authorEmail ? <Hostile text={row.authorName ?? row.authorEmail ?? ''} /> : dash) },
  ]
}

export function pullColumns(projectId: string, now: number): Column<PullRequest>[] {
  return [
    { id: 'number', label: 'PR', width: 70, render: (row) => <Link {...pullRequestLink(projectId, row.repositoryUrl, row.number)} className={styles.linkish}>#{row.number}</Link> },
    { id: 'title', label: 'Title', width: 320, grow: true, render: (row) => <Link {...pullRequestLink(projectId, row.repositoryUrl, row.number)} className={styles.message}><Hostile text={row.title ?? row.headBranch ?? 'No title recorded'} /></Link> },
    { id: 'state', label: 'State', width: 116, render: (row) => <PullState state={row.state} /> },
    { id: 'agents', label: 'Agents', width: 90, render: (row) => (row.agents.length === 0 ? dash : <span className={styles.chips}>{row.agents.slice(0, 3).map((agent) => <AgentMark key={agent} agent={agent} />)}<span className="visually-hidden">{row.agents.map(agentName).join(', ')}</span></span>) },
    { id: 'cost', label: 'Cost', width: 88, align: 'end', render: (row) => (row.sessions === 0 ? dash : <Cost usd={row.cost} unpriced={row.costComplete ? 0 : 1} />) },
    { id: 'sessions', label: 'Sessions', width: 82, align: 'end', render: (row) => formatCount(row.sessions) },
    { id: 'commits', label: 'Commits', width: 82, align: 'end', render: (row) => formatCount(row.commits) },
    { id: 'lines', label: 'Lines', width: 110, align: 'end', render: (row) => (row.additions == null && row.deletions == null ? dash : <Lines added={row.additions} removed={row.deletions} />) },
    { id: 'ci', label: 'CI', width: 112, render: (row) => <CiBadge status={row.ciStatus} /> },
    { id: 'repository', label: 'Repository', width: 140, render: (row) => <Hostile text={repositoryName(row.repositoryUrl)} /> },
    { id: 'branch', label: 'Branch', width: 160, render: (row) => (row.headBranch ? <Hostile text={row.headBranch} /> : dash) },
    { id: 'author', label: 'Author', width: 120, render: (row) => (row.author ? <Hostile text={row.author} /> : dash) },
    { id: 'createdAt', label: 'Opened', width: 130, render: (row) => time(row.createdAt, now) },
    { id: 'mergedAt', label: 'Merged', width: 130, hidden: true, render: (row) => time(row.mergedAt, now) },
  ]
}
