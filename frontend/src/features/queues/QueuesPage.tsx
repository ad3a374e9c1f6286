// The annotation queues of a project and how far each is.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { messageOf } from '../../api/client'
import { useMayWrite } from '../../api/queries'
import type { AnnotationQueue } from '../../api/types'
import { formatCount, formatDateTime } from '../../lib/format'
import { queueLink, tracesLink, workLink } from '../../paths'
import { Hostile } from '../../ui/Badge'
import { Button } from '../../ui/Button'
import { EmptyState, ErrorState, LoadingState, Skeleton } from '../../ui/Feedback'
import { Lead, PageBody, Progress } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { CodeSnippets } from '../../ui/Snippets'
import { Table, tableStyles } from '../../ui/Table'
import { scoreConfigsQuery } from '../scores/queries'
import { progressQuery, queuesQuery } from './queries'
import { QueueDialog } from './QueueDialog'
import styles from './queues.module.css'

const route = getRouteApi('/app/project/$projectId/annotation-queues')

const SNIPPETS = [
  { kind: 'python', label: 'Python', text: ['from langfuse import get_client', 'from langfuse.api import AnnotationQueueObjectType', '', 'get_client().api.annotation_queues.create_queue_item(', '    queue_id="…",', '    object_id="<trace id>",', '    object_type=AnnotationQueueObjectType.TRACE,', ')'].join('\n') },
  { kind: 'typescript', label: 'TypeScript', text: ["import { LangfuseClient } from '@langfuse/client'", '', 'await new LangfuseClient().api.annotationQueues.createQueueItem(', "  '<queue id>',", "  { objectId: '<trace id>', objectType: 'TRACE' },", ')'].join('\n') },
]

export function QueuesPage() {
  const { projectId } = route.useParams()
  const navigate = useNavigate()
  const mayWrite = useMayWrite(projectId)
  const queues = useQuery(queuesQuery(projectId))
  const [creating, setCreating] = useState(false)
  return (
    <>
      <PageHeader title="Annotation queues" meta={queues.data && queues.data.length > 0 ? formatCount(queues.data.length) : undefined}>
        {mayWrite ? (
          <Button variant="primary" icon="plus" onClick={() => setCreating(true)}>
            New queue
          </Button>
        ) : null}
      </PageHeader>
      <PageBody>
        {queues.isPending ? <LoadingState label="Loading queues" />
        : queues.isError ? <ErrorState title="The queues could not be loaded" message={messageOf(queues.error)} onRetry={() => void queues.refetch()} />
        : queues.data.length === 0 ? (
          <>
            <EmptyState icon="queue" title="No annotation queues yet" actions={mayWrite ? <><Button variant="primary" onClick={() => setCreating(true)}>Create the first queue</Button><Link {...tracesLink(projectId)} tabIndex={-1}><Button>Go to the traces</Button></Link></> : null}>
              A queue is a list of traces that people judge one after another by the same scores. Select traces in the list, then “Add to queue”, or fill it from code:
            </EmptyState>
            <div className={styles.snippets}>
              <CodeSnippets snippets={SNIPPETS} />
            </div>
          </>
        ) : (
          <>
            <Lead>People judge what is in a queue one after another; nobody gets an item that another person works on.</Lead>
            <Table label="Annotation queues" head={['Name', 'Scores', 'Progress', { label: 'Waiting', align: 'end' }, { label: 'Done', align: 'end' }, 'Created', { label: 'Actions', hidden: true }]}>
              {queues.data.map((queue) => (
                <QueueRow key={queue.id} projectId={projectId} queue={queue} mayWrite={mayWrite} />
              ))}
            </Table>
          </>
        )}
      </PageBody>
      {creating ? <QueueDialog projectId={projectId} queue={null} onClose={() => setCreating(false)} onSaved={(made) => void navigate(queueLink(projectId, made.id))} /> : null}
    </>
  )
}

function QueueRow({ projectId, queue, mayWrite }: { projectId: string; queue: AnnotationQueue; mayWrite: boolean }) {
  const progress = useQuery(progressQuery(projectId, queue.id))
  const configs = useQuery(scoreConfigsQuery(projectId))
  const names = queue.scoreConfigIds.map((id) => configs.data?.find((config) => config.id === id)?.name ?? '…')
  const wait = <Skeleton width={24} height={10} />
  const { pending = 0, completed = 0 } = progress.data ?? {}
  return (
    <tr>
      <td className={tableStyles.name}>
        <Link {...queueLink(projectId, queue.id)}>
          <Hostile text={queue.name} />
        </Link>
        {queue.description ? <div className={styles.description}><Hostile text={queue.description} /></div> : null}
      </td>
      <td className={tableStyles.wide}>
        <Hostile text={names.join(', ')} />
      </td>
      <td className={styles.progressCell}>{progress.data ? <Progress label={`Progress of ${queue.name}`} done={completed} total={pending + completed} /> : null}</td>
      <td className={tableStyles.end}>{progress.data ? formatCount(pending) : progress.isError ? '–' : wait}</td>
      <td className={tableStyles.end}>{progress.data ? formatCount(completed) : progress.isError ? '–' : wait}</td>
      <td>{formatDateTime(queue.createdAt).slice(0, 10)}</td>
      <td className={tableStyles.actions}>
        {mayWrite ? (
          <Link {...workLink(projectId, queue.id)} tabIndex={-1} aria-label={`Annotate ${queue.name}`}>
            <Button variant={pending > 0 ? 'primary' : 'default'} disabled={progress.data != null && pending === 0}>
              Annotate
            </Button>
          </Link>
        ) : null}
      </td>
    </tr>
  )
}
