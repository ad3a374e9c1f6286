// Whose session it is, where it worked, what it cost, how it ended.
import { Link } from '@tanstack/react-router'

import type { AgentSession } from '../../api/agents'
import type { TraceDetail } from '../../api/types'
import type { ConversationModel } from '../../lib/agents/conversation'
import { agentName, agentOfTrace, repositoryName, repositoryPage } from '../../lib/agents/names'
import { formatCompact, formatCount, formatDateTime, formatDuration, plural } from '../../lib/format'
import { agentsLink, sessionLink, traceLink } from '../../paths'
import { AgentMark } from '../../ui/AgentMark'
import { Badge, Cost, ExternalLink, Hostile, LiveDot } from '../../ui/Badge'
import { IconButton } from '../../ui/Button'
import { copyText } from '../../ui/CopyButton'
import { Icon } from '../../ui/Icon'
import { Lines } from '../../ui/Lines'
import { Menu } from '../../ui/Menu'
import { toast } from '../../ui/Toast'
import { useDownload } from '../trace/queries'
import styles from './AgentSession.module.css'

interface HeaderProps {
  projectId: string
  detail: TraceDetail
  session: AgentSession | null
  conversation: ConversationModel
  running: boolean
  failing: boolean
}

export function SessionHeader({ projectId, detail, session, conversation, running, failing }: HeaderProps) {
  const { trace } = detail
  const agent = session?.agent ?? agentOfTrace(trace)
  const version = session?.agentVersion ?? fact(trace.metadata, 'agent.version')
  const repository = session?.repositoryUrl ?? fact(trace.metadata, 'vcs.repository.url.full')
  const branch = session?.branch ?? fact(trace.metadata, 'vcs.ref.head.name')
  const person = session?.userId ?? trace.userId
  const title = session?.title ?? trace.inputPreview ?? `${agentName(agent)} session`
  const download = useDownload(projectId, trace.id)
  const page = repositoryPage(repository)
  const models = session?.models ?? trace.models
  const unpriced = session ? (session.costComplete ? 0 : Math.max(1, trace.unpricedCount)) : trace.unpricedCount

  return (
    <header className={styles.header}>
      <div className={styles.top}>
        <Link {...agentsLink(projectId)} className={styles.crumb}>
          Agents
        </Link>
        <span className={styles.slash} aria-hidden>/</span>
        <AgentMark agent={agent} />
        <h1 className={styles.title}>
          <Hostile text={title} />
        </h1>
        {running ? (
          <span className={styles.running}>
            <LiveDot on={!failing} /> {failing ? 'Reconnecting' : 'Live'}
          </span>
        ) : <span className={styles.endTop}><EndState detail={detail} conversation={conversation} /></span>}
        <span className={styles.gap} />
        <IconButton icon="link" label="Copy link" onClick={() => void copyText(location.href).then((done) => done && toast('Link copied'))} />
        <Link {...traceLink(projectId, trace.id)} className={styles.traceLink} data-tip="Tree, timeline, scores, raw data">
          <Icon name="traces" size={14} />
          <span>Trace</span>
        </Link>
        <Menu
          label="Session actions"
          align="end"
          entries={[
            { label: 'Download JSON', icon: 'download', onSelect: () => download.mutate() },
            { label: 'Copy session id', icon: 'copy', onSelect: () => void copyText(session?.sessionId ?? trace.sessionId ?? trace.id).then((done) => done && toast('Session id copied')) },
            { label: 'Copy trace id', icon: 'copy', onSelect: () => void copyText(trace.id).then((done) => done && toast('Trace id copied')) },
          ]}
          trigger={(trigger) => <IconButton icon="more" label="More actions" {...trigger} />}
        />
      </div>
      <dl className={styles.facts}>
        {running ? null : <div className={styles.endFact}><dt className="visually-hidden">State</dt><dd><EndState detail={detail} conversation={conversation} /></dd></div>}
        <Fact label="Agent">
          {agentName(agent)}
          {version ? <span className={styles.faint}><Hostile text={version} /></span> : null}
        </Fact>
        {models.length > 0 ? <Fact label={models.length === 1 ? 'Model' : 'Models'}><Hostile text={models.join(', ')} /></Fact> : null}
        {repository ? (
          <Fact label="Repository">
            {page ? <ExternalLink href={page}><Hostile text={repositoryName(repository)} /></ExternalLink> : <Hostile text={repositoryName(repository)} />}
          </Fact>
        ) : null}
        {branch ? <Fact label="Branch"><Icon name="branch" size={12} /><Hostile text={branch} /></Fact> : null}
        {person ? <Fact label="Person"><Hostile text={person} /></Fact> : null}
        {trace.sessionId && trace.sessionId !== session?.sessionId ? <Fact label="Session"><Link {...sessionLink(projectId, trace.sessionId)} className={styles.inlineLink}><Hostile text={trace.sessionId} /></Link></Fact> : null}
        <Fact label="Started"><time className="num" dateTime={trace.timestamp} data-tip={formatDateTime(trace.timestamp, { millis: true })}>{formatDateTime(trace.timestamp)}</time></Fact>
      </dl>
      <dl className={styles.figures}>
        <Figure label="Duration">{formatDuration(session ? session.durationMs / 1000 : trace.latency)}</Figure>
        <Figure label="Cost"><Cost usd={session?.totalCost ?? trace.totalCost} unpriced={unpriced} /></Figure>
        <Figure label="Tokens" tip={`${formatCount(trace.inputTokens)} in · ${formatCount(trace.cachedTokens)} of them cached · ${formatCount(trace.outputTokens)} out`}>{formatCompact(trace.inputTokens)} → {formatCompact(trace.outputTokens)}</Figure>
        <Figure label="Turns">{formatCount(session?.turns ?? conversation.turns.filter((turn) => turn.node).length)}</Figure>
        <Figure label="Model calls">{formatCount(session?.modelCalls ?? conversation.steps.filter((step) => step.kind === 'call').length)}</Figure>
        <Figure label="Tool calls">{formatCount(session?.toolCalls ?? conversation.steps.filter((step) => step.kind === 'tool').length)}</Figure>
        {session ? (
          <>
            <Figure label="Commands">
              {formatCount(session.commands)}
              {session.failedCommands > 0 ? <span className={styles.failed}>{formatCount(session.failedCommands)} failed</span> : null}
            </Figure>
            <Figure label="Files">
              {formatCount(session.filesChanged)}
              {session.linesAdded + session.linesRemoved > 0 ? <Lines added={session.linesAdded} removed={session.linesRemoved} /> : null}
            </Figure>
            <Figure label="Commits">{formatCount(session.commits)}</Figure>
            {session.pullRequests.length > 0 ? (
              <Figure label={session.pullRequests.length === 1 ? 'Pull request' : 'Pull requests'}>
                {session.pullRequests.slice(0, 4).map((pull) => (pull.url != null && /^https?:\/\//i.test(pull.url) ? <ExternalLink key={pull.number} href={pull.url}>#{pull.number}</ExternalLink> : <span key={pull.number}>#{pull.number}</span>))}
              </Figure>
            ) : null}
          </>
        ) : null}
      </dl>
    </header>
  )
}

/** What is known of the end: an exit code where the session ran under `agenttrace wrap`, else what its last step says. */
function EndState({ detail, conversation }: { detail: TraceDetail; conversation: ConversationModel }) {
  const code = fact(detail.trace.metadata, 'process.exit.code')
  if (code != null) return <Badge tone={code === '0' ? 'green' : 'red'} title="The exit code of the agent’s process">{code === '0' ? 'Exited with 0' : `Exited with ${code.slice(0, 12)}`}</Badge>
  const last = conversation.steps.findLast((step) => step.kind === 'call' || step.kind === 'turn')
  if (last?.node.level === 'ERROR') return <Badge tone="red" title="The last model call failed">Ended with an error</Badge>
  const { errorCount } = detail.trace
  return errorCount > 0 ? <Badge tone="amber">Ended, {plural(errorCount, 'error')} on the way</Badge> : <Badge tone="neutral">Ended</Badge>
}

function fact(metadata: unknown, key: string): string | null {
  if (typeof metadata !== 'object' || metadata === null) return null
  const value = (metadata as Record<string, unknown>)[key]
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Figure({ label, tip, children }: { label: string; tip?: string; children: React.ReactNode }) {
  return (
    <div className={styles.figure}>
      <dt>{label}</dt>
      <dd data-tip={tip}>{children}</dd>
    </div>
  )
}
