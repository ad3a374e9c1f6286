// The commits of one session in order of time: how each is known to be its, what it cost, and how CI judged it.
import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import type { Commit } from '../../api/agents'
import { messageOf } from '../../api/client'
import type { GitLink } from '../../api/types'
import { commitPage, repositoryName, shortSha } from '../../lib/agents/names'
import { formatDateTime } from '../../lib/format'
import { agentSessionLink, commitLink, pullRequestLink } from '../../paths'
import { Cost, ExternalLink, Hostile } from '../../ui/Badge'
import { CopyButton } from '../../ui/CopyButton'
import { EmptyState, ErrorState, LoadingState } from '../../ui/Feedback'
import { Icon } from '../../ui/Icon'
import { Lines } from '../../ui/Lines'
import { CiBadge, Confidence } from '../commits/parts'
import styles from './GitTab.module.css'
import { commitQuery, linksQuery } from './queries'

interface GitTabProps {
  projectId: string
  traceId: string
  running: boolean
}

export function GitTab({ projectId, traceId, running }: GitTabProps) {
  const links = useQuery(linksQuery(projectId, traceId, running))
  const commits = useQueries({ queries: (links.data ?? []).slice(0, 50).map((link) => commitQuery(projectId, link.commitSha)) })
  if (links.isPending) return <LoadingState label="Loading commits" />
  if (links.isError) return <ErrorState title="The commits could not be loaded" message={messageOf(links.error)} onRetry={() => void links.refetch()} />
  if (links.data.length === 0) {
    return (
      <EmptyState icon="commit" title="No commits">
        No commit is linked to this session. <code>agenttrace git install</code> in a repository links every commit to the very step that made it.
      </EmptyState>
    )
  }
  return (
    <div className={styles.page}>
      <ol className={styles.timeline} aria-label="Commits">
        {links.data.map((link, index) => (
          <CommitEntry key={link.id} projectId={projectId} link={link} commit={commits[index]?.data?.find((entry) => entry.repositoryUrl === link.repositoryUrl) ?? commits[index]?.data?.[0]} />
        ))}
      </ol>
    </div>
  )
}

function CommitEntry({ projectId, link, commit }: { projectId: string; link: GitLink; commit: Commit | undefined }) {
  const message = commit?.message ?? link.commitMessage
  const [title = '', ...rest] = (message ?? 'No message recorded').split('\n')
  const body = rest.join('\n').trim()
  const page = commitPage(commit?.repositoryUrl ?? link.repositoryUrl, link.commitSha)
  const pull = commit?.prNumber ?? link.prNumber
  const repository = commit?.repositoryUrl ?? link.repositoryUrl
  return (
    <li className={styles.entry}>
      <span className={styles.mark}><Icon name="commit" size={14} /></span>
      <div className={styles.card}>
        <div className={styles.head}>
          <Link {...commitLink(projectId, link.commitSha)} className={styles.title}><Hostile text={title} /></Link>
          <span className={styles.gap} />
          <CiBadge status={commit?.ciStatus ?? null} runs={commit?.ciRuns ?? 0} />
        </div>
        {body !== '' ? <p className={styles.body}><Hostile text={body} /></p> : null}
        <div className={styles.facts}>
          <span className={styles.sha}>{page ? <ExternalLink href={page}>{shortSha(link.commitSha)}</ExternalLink> : shortSha(link.commitSha)} <CopyButton text={link.commitSha} label="Copy commit id" /></span>
          {repository ? <span><Hostile text={repositoryName(repository)} /></span> : null}
          {link.branch ? <span className={styles.branch}><Icon name="branch" size={12} /> <Hostile text={link.branch} /></span> : null}
          {pull != null && repository ? <Link {...pullRequestLink(projectId, repository, pull)} className={styles.link}><Icon name="pull" size={12} /> #{pull}</Link> : null}
          {link.authorName ? <span><Hostile text={link.authorName} /></span> : null}
          <time dateTime={link.timestamp}>{formatDateTime(link.timestamp)}</time>
          <Lines added={commit?.additions ?? link.additions} removed={commit?.deletions ?? link.deletions} />
          {commit?.cost != null ? <span data-tip="Model calls since the session’s commit before, up to this one"><Cost usd={commit.cost} unpriced={commit.costComplete ? 0 : 1} /></span> : null}
        </div>
        <div className={styles.foot}>
          <Confidence method={link.method} confidence={link.confidence} />
          <span className={styles.gap} />
          {link.observationId ? <Link {...agentSessionLink(projectId, link.traceId, { step: link.observationId })} className={styles.link}>Go to the step</Link> : null}
        </div>
      </div>
    </li>
  )
}
