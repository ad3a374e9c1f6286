// One pull request: its state, what it cost, its commits with the sessions that made them, its CI runs.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'

import type { Commit } from '../../api/agents'
import { messageOf } from '../../api/client'
import { repositoryName, repositoryPage, shortSha } from '../../lib/agents/names'
import { formatCount, formatDateTime } from '../../lib/format'
import { commitLink, commitsLink } from '../../paths'
import { AgentMark } from '../../ui/AgentMark'
import { Cost, ExternalLink, Hostile } from '../../ui/Badge'
import { Button } from '../../ui/Button'
import { EmptyState, ErrorState, LoadingState } from '../../ui/Feedback'
import { Lines } from '../../ui/Lines'
import { Facts, PageBody, Section } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { Table, tableStyles } from '../../ui/Table'
import styles from './commits.module.css'
import { CiBadge, PullState, RunsTable, SessionChip } from './parts'
import { pullQuery } from './queries'

const route = getRouteApi('/app/project/$projectId/pull-requests/$number')

export function PullRequestPage() {
  const { projectId, number } = route.useParams()
  const { repository } = route.useSearch()
  const query = useQuery(pullQuery(projectId, repository, Number(number)))
  const pull = query.data?.pull ?? null
  return (
    <>
      <PageHeader
        title={pull ? <Hostile text={pull.title ?? `#${number.slice(0, 12)}`} /> : `#${number.slice(0, 12)}`}
        trail={[<Link key="all" {...commitsLink(projectId, { tab: 'pulls' })}>Commits & PRs</Link>]}
        meta={pull ? `#${pull.number}` : null}
      />
      {query.isPending ? <LoadingState label="Loading pull request" />
      : query.isError ? <ErrorState title="The pull request could not be loaded" message={messageOf(query.error)} onRetry={() => void query.refetch()} />
      : pull == null && query.data.links.length === 0 ? (
        <EmptyState icon="pull" title="Pull request not found" actions={<Link {...commitsLink(projectId, { tab: 'pulls' })} tabIndex={-1}><Button>All pull requests</Button></Link>}>
          Neither GitHub’s webhook nor a session’s commit told of this pull request.
        </EmptyState>
      ) : (
        <PageBody label={`Pull request ${number.slice(0, 12)}`}>
          {pull ? (
            <Facts
              facts={[
                ['State', <span key="v" className={styles.states}><PullState state={pull.state} /><CiBadge status={pull.ciStatus} /></span>],
                ['Cost', pull.sessions === 0 ? '–' : <Cost key="v" usd={pull.cost} unpriced={pull.costComplete ? 0 : 1} />],
                ['Lines', pull.additions == null && pull.deletions == null ? '–' : <Lines key="v" added={pull.additions} removed={pull.deletions} />],
                ['Commits', formatCount(pull.commits)],
                ['Sessions', formatCount(pull.sessions)],
                ['Agents', pull.agents.length === 0 ? '–' : <span key="v" className={styles.chips}>{pull.agents.map((agent) => <AgentMark key={agent} agent={agent} withName />)}</span>],
                ['Repository', <RepositoryLink key="v" url={pull.repositoryUrl} />],
                ['Branch', pull.headBranch ? <Hostile key="v" text={pull.headBranch} /> : '–'],
                ['Author', pull.author ? <Hostile key="v" text={pull.author} /> : '–'],
                ['Opened', formatDateTime(pull.createdAt)],
                ...(pull.mergedAt ? [['Merged', formatDateTime(pull.mergedAt)] as const] : []),
                ...(pull.url != null && /^https?:\/\//i.test(pull.url) ? [['On the host', <ExternalLink key="v" href={pull.url}>#{pull.number}</ExternalLink>] as const] : []),
              ]}
            />
          ) : null}
          <Section title="Commits" meta={formatCount(query.data.commits.length)}>
            {query.data.commits.length === 0 ? <p className={styles.faint}>No commit of this pull request is known.</p> : (
              <Table label="Commits of the pull request" head={['Commit', 'Message', 'Sessions', { label: 'Cost', align: 'end' }, { label: 'Lines', align: 'end' }, 'CI', 'Time']}>
                  {query.data.commits.map((commit) => <CommitRow key={commit.commitSha} projectId={projectId} commit={commit} />)}
              </Table>
            )}
          </Section>
          <Section title="CI runs" meta={query.data.runs.length > 0 ? String(query.data.runs.length) : null}>
            {query.data.runs.length === 0 ? <p className={styles.faint}>No CI run is known for this pull request.</p> : <RunsTable projectId={projectId} runs={query.data.runs} withCommit />}
          </Section>
        </PageBody>
      )}
    </>
  )
}

function RepositoryLink({ url }: { url: string }) {
  const page = repositoryPage(url)
  return page ? <ExternalLink href={page}><Hostile text={repositoryName(url)} /></ExternalLink> : <Hostile text={repositoryName(url)} />
}

function CommitRow({ projectId, commit }: { projectId: string; commit: Commit }) {
  return (
    <tr>
      <td><Link {...commitLink(projectId, commit.commitSha)} className={styles.sha}>{shortSha(commit.commitSha)}</Link></td>
      <td className={styles.wide}><Link {...commitLink(projectId, commit.commitSha)} className={styles.message}><Hostile text={commit.message?.split('\n')[0] ?? 'No message recorded'} /></Link></td>
      <td><span className={styles.chips}>{commit.sessions.length === 0 ? <span className={styles.faint}>–</span> : commit.sessions.slice(0, 3).map((session) => <SessionChip key={session.traceId} projectId={projectId} session={session} />)}</span></td>
      <td className={tableStyles.end}>{commit.sessions.length === 0 ? '–' : <Cost usd={commit.cost} unpriced={commit.costComplete ? 0 : 1} />}</td>
      <td className={tableStyles.end}><Lines added={commit.additions} removed={commit.deletions} /></td>
      <td><CiBadge status={commit.ciStatus} /></td>
      <td><time dateTime={commit.timestamp}>{formatDateTime(commit.timestamp)}</time></td>
    </tr>
  )
}
