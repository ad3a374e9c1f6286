// What the pages on commits, pull requests and CI share.
import { Link } from '@tanstack/react-router'

import type { LinkedSession } from '../../api/agents'
import type { CiRun } from '../../api/types'
import { agentName, confidenceWords, methodWords, shortSha } from '../../lib/agents/names'
import { formatDateTime, formatDuration, plural } from '../../lib/format'
import { agentSessionLink, commitLink } from '../../paths'
import { AgentMark } from '../../ui/AgentMark'
import { Badge, ExternalLink, Hostile } from '../../ui/Badge'
import { Icon, type IconName } from '../../ui/Icon'
import { Table, tableStyles } from '../../ui/Table'
import styles from './commits.module.css'

type Tone = 'green' | 'red' | 'amber' | 'accent' | 'neutral'

const STATES: Record<string, { tone: Tone; word: string; icon: IconName }> = {
  success: { tone: 'green', word: 'passed', icon: 'check' },
  failure: { tone: 'red', word: 'failed', icon: 'close' },
  running: { tone: 'accent', word: 'running', icon: 'refresh' },
  pending: { tone: 'amber', word: 'pending', icon: 'clock' },
  cancelled: { tone: 'neutral', word: 'cancelled', icon: 'block' },
}

export function CiBadge({ status, runs }: { status: string | null; runs?: number }) {
  if (status == null) return <span className={styles.faint}>{runs === undefined ? '–' : 'no CI runs'}</span>
  const state = STATES[status.toLowerCase()] ?? { tone: 'neutral' as const, word: status.toLowerCase().slice(0, 30), icon: 'info' as const }
  return (
    <Badge tone={state.tone} title={runs != null && runs > 0 ? plural(runs, 'CI run') : undefined}>
      <Icon name={state.icon} size={11} />
      CI {state.word}
    </Badge>
  )
}

const PULL: Record<string, { tone: Tone; icon: IconName }> = { open: { tone: 'green', icon: 'pull' }, merged: { tone: 'accent', icon: 'merge' }, closed: { tone: 'red', icon: 'close' } }

export function PullState({ state }: { state: string }) {
  const look = PULL[state] ?? { tone: 'neutral' as const, icon: 'pull' as const }
  return (
    <Badge tone={look.tone}>
      <Icon name={look.icon} size={11} />
      {state === 'unknown' ? 'state unknown' : state.slice(0, 30)}
    </Badge>
  )
}

/** How a link is known and how sure it is, in words. */
export function Confidence({ method, confidence }: { method: string; confidence: number }) {
  const words = confidenceWords(confidence)
  return (
    <span className={styles.confidence} data-tip={`Confidence ${Math.round(confidence * 100)}%`}>
      <span className={styles.meter} aria-hidden>
        {[0.3, 0.6, 0.9, 0.99].map((step) => <span key={step} className={confidence >= step ? styles.meterOn : undefined} />)}
      </span>
      <span><strong>{words.charAt(0).toUpperCase() + words.slice(1)}</strong> · <Hostile text={methodWords(method)} /></span>
    </span>
  )
}

export function SessionChip({ projectId, session }: { projectId: string; session: LinkedSession }) {
  return (
    <Link {...agentSessionLink(projectId, session.traceId)} className={styles.chip} data-tip={`${confidenceWords(session.confidence)}: ${methodWords(session.method)}`}>
      <AgentMark agent={session.agent} />
      <Hostile text={session.userId ?? agentName(session.agent)} />
    </Link>
  )
}

const PROVIDERS: Record<string, string> = { GITHUB_ACTIONS: 'GitHub Actions', GITLAB_CI: 'GitLab CI', JENKINS: 'Jenkins', CIRCLECI: 'CircleCI', OTHER: 'CI' }

export function RunsTable({ projectId, runs, withCommit = false }: { projectId: string; runs: readonly CiRun[]; withCommit?: boolean }) {
  return (
    <Table label="CI runs" head={['State', 'Workflow', 'Provider', ...(withCommit ? ['Commit'] : []), 'Branch', 'Started', { label: 'Duration', align: 'end' }]}>
        {runs.map((run) => {
          const name = [run.workflowName, run.jobName].filter(Boolean).join(' / ') || run.runId
          return (
            <tr key={run.id}>
              <td><CiBadge status={run.status} /></td>
              <td className={styles.workflow}>
                {run.runUrl != null && /^https?:\/\//i.test(run.runUrl) ? <ExternalLink href={run.runUrl}><Hostile text={name} /></ExternalLink> : <Hostile text={name} />}
                {run.attempt != null && run.attempt > 1 ? <span className={styles.faint}> attempt {run.attempt}</span> : null}
              </td>
              <td>{PROVIDERS[run.provider] ?? <Hostile text={run.provider} />}</td>
              {withCommit ? <td>{run.commitSha ? <Link {...commitLink(projectId, run.commitSha)} className={styles.sha}>{shortSha(run.commitSha)}</Link> : <span className={styles.faint}>–</span>}</td> : null}
              <td>{run.branch ? <Hostile text={run.branch} /> : <span className={styles.faint}>–</span>}</td>
              <td><time dateTime={run.startedAt ?? undefined}>{formatDateTime(run.startedAt)}</time></td>
              <td className={tableStyles.end}>{formatDuration(run.durationMs == null ? null : run.durationMs / 1000)}</td>
            </tr>
          )
        })}
    </Table>
  )
}
