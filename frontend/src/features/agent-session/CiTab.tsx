// CI runs of a session's commits.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

import { messageOf } from '../../api/client'
import { EmptyState, ErrorState, LoadingState } from '../../ui/Feedback'
import { RunsTable } from '../commits/parts'
import styles from './GitTab.module.css'
import { linksQuery, runsQuery } from './queries'

export function CiTab({ projectId, traceId, running }: { projectId: string; traceId: string; running: boolean }) {
  const links = useQuery(linksQuery(projectId, traceId, running))
  const shas = useMemo(() => [...new Set((links.data ?? []).map((link) => link.commitSha))], [links.data])
  const runs = useQuery({ ...runsQuery(projectId, traceId, shas, running), enabled: !links.isPending })
  if (links.isPending || runs.isPending) return <LoadingState label="Loading CI runs" />
  if (runs.isError) return <ErrorState title="The CI runs could not be loaded" message={messageOf(runs.error)} onRetry={() => void runs.refetch()} />
  if (runs.data.length === 0) {
    return (
      <EmptyState icon="pipeline" title="No CI runs">
        No run is known for the session’s commits. Set up a GitHub webhook in the project’s settings, or send runs to <code>/api/public/ci-runs</code>.
      </EmptyState>
    )
  }
  return (
    <div className={styles.page}>
      <RunsTable projectId={projectId} runs={runs.data} withCommit />
    </div>
  )
}
