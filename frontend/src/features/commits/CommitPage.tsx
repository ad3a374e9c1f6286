// One commit: its message, what it cost, the sessions that made it, its files and its CI runs.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'

import type { Commit } from '../../api/agents'
import { messageOf } from '../../api/client'
import type { GitLink } from '../../api/types'
import { commitPage, repositoryName, repositoryPage, shortSha } from '../../lib/agents/names'
import { formatDateTime, plural } from '../../lib/format'
import { agentSessionLink, commitsLink, pullRequestLink } from '../../paths'
import { AgentMark } from '../../ui/AgentMark'
import { Cost, ExternalLink, Hostile } from '../../ui/Badge'
import { Button } from '../../ui/Button'
import { CopyButton } from '../../ui/CopyButton'
import { EmptyState, ErrorState, LoadingState } from '../../ui/Feedback'
import { Icon } from '../../ui/Icon'
import { Lines } from '../../ui/Lines'
import { Facts, PageBody, Section } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { linksOfCommitQuery } from '../agent-session/queries'
import styles from './commits.module.css'
import { CiBadge, Confidence, RunsTable } from './parts'
import { commitQuery, commitRunsQuery } from './queries'

const route = getRouteApi('/app/project/$projectId/commits/$sha')
const FILES = 300

export function CommitPage() {
  const { projectId, sha } = route.useParams()
  const commit = useQuery(commitQuery(projectId, sha))
  const found = commit.data ?? []
  return (
    <>
      <PageHeader title={<span className={styles.shaTitle}>{shortSha(sha)}</span>} trail={[<Link key="all" {...commitsLink(projectId)}>Commits & PRs</Link>]}>
        <CopyButton text={found[0]?.commitSha ?? sha} label="Copy commit id" size="md" />
      </PageHeader>
      {commit.isPending ? <LoadingState label="Loading commit" />
      : commit.isError ? <ErrorState title="The commit could not be loaded" message={messageOf(commit.error)} onRetry={() => void commit.refetch()} />
      : found.length === 0 ? (
        <EmptyState icon="commit" title="Commit not found" actions={<Link {...commitsLink(projectId)} tabIndex={-1}><Button>All commits</Button></Link>}>
          No session is linked to <code>{sha.slice(0, 64)}</code>, and no push told of it.
        </EmptyState>
      ) : (
        <PageBody label={`Commit ${shortSha(sha)}`}>
          {found.map((entry) => <CommitView key={entry.repositoryUrl ?? ''} projectId={projectId} commit={entry} several={found.length > 1} />)}
        </PageBody>
      )}
    </>
  )
}

function CommitView({ projectId, commit, several }: { projectId: string; commit: Commit; several: boolean }) {
  const runs = useQuery(commitRunsQuery(projectId, commit.commitSha))
  const links = useQuery(linksOfCommitQuery(projectId, commit.commitSha))
  const [title = '', ...rest] = (commit.message ?? 'No message recorded').split('\n')
  const body = rest.join('\n').trim()
  const page = commitPage(commit.repositoryUrl, commit.commitSha)
  const home = repositoryPage(commit.repositoryUrl)
  return (
    <>
      <div className={styles.hero}>
        <div className={styles.heroTop}>
          <h2 className={styles.heroTitle}><Hostile text={title} /></h2>
          <CiBadge status={commit.ciStatus} runs={commit.ciRuns} />
        </div>
        {body !== '' ? <pre className={styles.heroBody}><Hostile text={body} /></pre> : null}
        {several ? <p className={styles.faint}>In <Hostile text={repositoryName(commit.repositoryUrl ?? 'an unknown repository')} /></p> : null}
      </div>
      <Facts
        facts={[
          ['Commit', page ? <ExternalLink key="v" href={page}>{shortSha(commit.commitSha)}</ExternalLink> : <span key="v" className={styles.sha}>{shortSha(commit.commitSha)}</span>],
          ['Cost', commit.sessions.length === 0 ? '–' : <span key="v" data-tip="Model calls of its sessions since their commit before, up to this one"><Cost usd={commit.cost} unpriced={commit.costComplete ? 0 : 1} /></span>],
          ['Lines', commit.additions == null && commit.deletions == null ? '–' : <Lines key="v" added={commit.additions} removed={commit.deletions} />],
          ['Files', commit.filesChanged.length > 0 ? String(commit.filesChanged.length) : '–'],
          ['Repository', commit.repositoryUrl == null ? '–' : home ? <ExternalLink key="v" href={home}><Hostile text={repositoryName(commit.repositoryUrl)} /></ExternalLink> : <Hostile key="v" text={repositoryName(commit.repositoryUrl)} />],
          ['Branch', commit.branch ? <Hostile key="v" text={commit.branch} /> : '–'],
          ['Pull request', commit.prNumber != null && commit.repositoryUrl != null ? <Link key="v" {...pullRequestLink(projectId, commit.repositoryUrl, commit.prNumber)} className={styles.linkish}>#{commit.prNumber}</Link> : '–'],
          ['Author', commit.authorName ?? commit.authorEmail ? <Hostile key="v" text={commit.authorName ?? commit.authorEmail ?? ''} /> : '–'],
          ['Time', formatDateTime(commit.timestamp)],
        ]}
      />
      <Section title="Sessions" meta={commit.sessions.length > 0 ? String(commit.sessions.length) : null}>
        {commit.sessions.length === 0 ? <p className={styles.faint}>No agent’s session is linked to this commit.</p> : (
          <ul className={styles.sessions}>
            {commit.sessions.map((session) => {
              const step = stepOf(links.data, session.traceId)
              return (
                <li key={session.traceId} className={styles.session}>
                  <Link {...agentSessionLink(projectId, session.traceId)} className={styles.sessionLink}>
                    <AgentMark agent={session.agent} withName />
                  </Link>
                  {session.userId ? <span className={styles.person}><Icon name="user" size={12} /> <Hostile text={session.userId} /></span> : null}
                  <Confidence method={session.method} confidence={session.confidence} />
                  <span className={styles.gap} />
                  {step ? <Link {...agentSessionLink(projectId, session.traceId, { step })} className={styles.linkish}>The step that made it</Link> : null}
                  <Link {...agentSessionLink(projectId, session.traceId)} className={styles.linkish}>Open session</Link>
                </li>
              )
            })}
          </ul>
        )}
      </Section>
      <Section title="CI runs" meta={runs.data && runs.data.length > 0 ? String(runs.data.length) : null}>
        {runs.isPending ? <LoadingState label="Loading CI runs" />
        : runs.isError ? <ErrorState title="The CI runs could not be loaded" message={messageOf(runs.error)} onRetry={() => void runs.refetch()} />
        : runs.data.length === 0 ? <p className={styles.faint}>No CI run is known for this commit.</p>
        : <RunsTable projectId={projectId} runs={runs.data} />}
      </Section>
      {commit.filesChanged.length > 0 ? (
        <Section title="Files" meta={plural(commit.filesChanged.length, 'file')}>
          <ul className={styles.files}>
            {commit.filesChanged.slice(0, FILES).map((file) => <li key={file}><Icon name="file" size={12} /> <Hostile text={file} /></li>)}
            {commit.filesChanged.length > FILES ? <li className={styles.faint}>and {commit.filesChanged.length - FILES} more</li> : null}
          </ul>
        </Section>
      ) : null}
    </>
  )
}

function stepOf(links: readonly GitLink[] | undefined, traceId: string): string | null {
  return links?.find((link) => link.traceId === traceId && link.observationId != null)?.observationId ?? null
}
