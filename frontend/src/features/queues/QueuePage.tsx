// One queue: how far it is, what is in it, and who works on it.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { isStatus, messageOf } from '../../api/client'
import { findProject, meQuery, useMayAdminister, useMayWrite } from '../../api/queries'
import type { AnnotationQueue, AnnotationQueueItem } from '../../api/types'
import { formatCount, formatDateTime } from '../../lib/format'
import { queuesLink, sessionLink, traceLink, tracesLink, workLink } from '../../paths'
import { Badge, Hostile } from '../../ui/Badge'
import { Button, IconButton } from '../../ui/Button'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { EmptyState, ErrorState, LoadingState } from '../../ui/Feedback'
import { Select } from '../../ui/Field'
import { Menu } from '../../ui/Menu'
import { Facts, PageBody, Progress, Section } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { Segmented } from '../../ui/Tabs'
import { Table, tableStyles } from '../../ui/Table'
import { toast } from '../../ui/Toast'
import { membersQuery } from '../organization/queries'
import { scoreConfigsQuery } from '../scores/queries'
import { assigneesQuery, progressQuery, queueItemsQuery, queueQuery, useAssign, useDeleteQueue, useRemoveItem, useSetStatus } from './queries'
import { QueueDialog } from './QueueDialog'
import styles from './queues.module.css'

const route = getRouteApi('/app/project/$projectId/annotation-queues/$queueId')

export function QueuePage() {
  const { projectId, queueId } = route.useParams()
  const queue = useQuery(queueQuery(projectId, queueId))
  if (queue.isPending) return <LoadingState label="Loading queue" />
  if (queue.data) return <LoadedQueue projectId={projectId} queue={queue.data} />
  return isStatus(queue.error, 404) ? (
    <EmptyState icon="search" title="Queue not found" actions={<Link {...queuesLink(projectId)} tabIndex={-1}><Button>All queues</Button></Link>}>It may have been deleted. The scores that were given in it stay.</EmptyState>
  ) : <ErrorState title="The queue could not be loaded" message={messageOf(queue.error)} onRetry={() => void queue.refetch()} />
}

function LoadedQueue({ projectId, queue }: { projectId: string; queue: AnnotationQueue }) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const go = useNavigate()
  const mayWrite = useMayWrite(projectId)
  const progress = useQuery(progressQuery(projectId, queue.id))
  const configs = useQuery(scoreConfigsQuery(projectId))
  const [dialog, setDialog] = useState<'edit' | 'delete' | null>(null)
  const { pending = 0, completed = 0 } = progress.data ?? {}
  return (
    <>
      <PageHeader trail={[<Link key="all" {...queuesLink(projectId)}>Annotation queues</Link>]} title={<Hostile text={queue.name} />}>
        {mayWrite ? (
          <>
            <Menu label="Queue actions" align="end" entries={[{ label: 'Edit…', icon: 'edit', onSelect: () => setDialog('edit') }, { label: 'Delete queue…', icon: 'trash', danger: true, onSelect: () => setDialog('delete') }]} trigger={(trigger) => <IconButton icon="more" label="More actions" {...trigger} />} />
            <Link {...workLink(projectId, queue.id)} tabIndex={-1}>
              <Button variant="primary" icon="play" disabled={progress.data != null && pending === 0}>
                Annotate
              </Button>
            </Link>
          </>
        ) : null}
      </PageHeader>
      <PageBody>
        <Section title="Progress">
          {queue.description ? <p><Hostile text={queue.description} /></p> : null}
          <Progress label="Progress" done={completed} total={pending + completed} />
          <Facts
            facts={[
              ['Waiting', formatCount(pending)],
              ['Done', formatCount(completed)],
              ['Judged by', <Hostile key="v" text={queue.scoreConfigIds.map((id) => configs.data?.find((config) => config.id === id)?.name ?? '…').join(', ')} />],
              ['Created', formatDateTime(queue.createdAt)],
            ]}
          />
        </Section>
        <Assignees projectId={projectId} queueId={queue.id} mayWrite={mayWrite} />
        <Section
          title="Items"
          actions={<Segmented label="Status" choices={[{ value: 'ALL', label: 'All' }, { value: 'PENDING', label: 'Waiting' }, { value: 'COMPLETED', label: 'Done' }]} value={search.status ?? 'ALL'} onChange={(status) => void navigate({ to: '.', search: { status: status === 'ALL' ? undefined : status } })} />}
        >
          <Items projectId={projectId} queueId={queue.id} status={search.status} mayWrite={mayWrite} />
        </Section>
      </PageBody>
      {dialog === 'edit' ? <QueueDialog projectId={projectId} queue={queue} onClose={() => setDialog(null)} onSaved={() => toast('Queue saved')} /> : null}
      {dialog === 'delete' ? <DeleteQueueDialog projectId={projectId} queue={queue} waiting={pending} onClose={() => setDialog(null)} onDeleted={() => void go(queuesLink(projectId))} /> : null}
    </>
  )
}

export function objectLink(projectId: string, item: AnnotationQueueItem) {
  return item.objectType === 'SESSION' ? sessionLink(projectId, item.objectId) : item.objectType === 'TRACE' ? traceLink(projectId, item.objectId) : null
}

function Items({ projectId, queueId, status, mayWrite }: { projectId: string; queueId: string; status: string | undefined; mayWrite: boolean }) {
  const items = useInfiniteQuery(queueItemsQuery(projectId, queueId, status))
  const setStatus = useSetStatus(projectId, queueId)
  const remove = useRemoveItem(projectId, queueId)
  const rows = items.data?.pages.flatMap((page) => page.data) ?? []
  const failed = (error: unknown) => toast(`Not changed: ${messageOf(error)}`, 'error')
  if (items.isPending) return <LoadingState label="Loading items" />
  if (items.isError) return <ErrorState title="The items could not be loaded" message={messageOf(items.error)} onRetry={() => void items.refetch()} />
  if (rows.length === 0) {
    return status ? <EmptyState icon="queue" title={status === 'PENDING' ? 'Nothing waits' : 'Nothing is done yet'} /> : (
      <EmptyState icon="queue" title="The queue is empty" actions={<Link {...tracesLink(projectId)} tabIndex={-1}><Button>Go to the traces</Button></Link>}>Select traces in the list, then “Add to queue”.</EmptyState>
    )
  }
  return (
    <>
      <Table label="Items" head={['What', 'ID', 'Status', 'Added', 'Done', { label: 'Actions', hidden: true }]}>
        {rows.map((item) => {
          const link = objectLink(projectId, item)
          const done = item.status === 'COMPLETED'
          return (
            <tr key={item.id}>
              <td>{item.objectType.toLowerCase()}</td>
              <td className={tableStyles.name}>{link ? <Link {...link}><Hostile text={item.objectId} /></Link> : <Hostile text={item.objectId} />}</td>
              <td>{done ? <Badge tone="green">done</Badge> : <Badge>waiting</Badge>}</td>
              <td>{formatDateTime(item.createdAt)}</td>
              <td>{item.completedAt ? formatDateTime(item.completedAt) : <span className={tableStyles.faint}>–</span>}</td>
              <td className={tableStyles.actions}>
                {mayWrite ? (
                  <>
                    <Link {...workLink(projectId, queueId, item.id)} tabIndex={-1}>
                      <IconButton icon="edit" size="sm" label={`Annotate ${item.objectId.slice(0, 40)}`} />
                    </Link>
                    <IconButton icon={done ? 'refresh' : 'check'} size="sm" label={done ? `Put ${item.objectId.slice(0, 40)} back` : `Complete ${item.objectId.slice(0, 40)}`} onClick={() => setStatus.mutate({ itemId: item.id, status: done ? 'PENDING' : 'COMPLETED' }, { onError: failed })} />
                    <IconButton icon="trash" tone="danger" size="sm" label={`Remove ${item.objectId.slice(0, 40)} from the queue`} onClick={() => remove.mutate(item.id, { onError: failed })} />
                  </>
                ) : null}
              </td>
            </tr>
          )
        })}
      </Table>
      {items.hasNextPage ? <div><Button busy={items.isFetchingNextPage} onClick={() => void items.fetchNextPage()}>Load more</Button></div> : null}
    </>
  )
}

function Assignees({ projectId, queueId, mayWrite }: { projectId: string; queueId: string; mayWrite: boolean }) {
  const assignees = useQuery(assigneesQuery(projectId, queueId))
  const me = useQuery(meQuery())
  const mayAdminister = useMayAdminister(projectId)
  const organizationId = findProject(me.data, projectId)?.organization.id ?? ''
  const members = useQuery({ ...membersQuery(organizationId), enabled: mayWrite && organizationId !== '', retry: false })
  const change = useAssign(projectId, queueId)
  const failed = (error: unknown) => toast(`Not changed: ${messageOf(error)}`, 'error')
  if (!assignees.data) return null
  const assigned = new Set(assignees.data.map((person) => person.userId))
  const own = me.data?.user
  const everybody = mayAdminister || members.data ? (members.data ?? []).map((member) => ({ userId: member.userId, name: member.name || member.email })) : own ? [{ userId: own.id, name: own.name || own.email }] : []
  const offered = everybody.filter((person) => !assigned.has(person.userId))
  return (
    <Section title="People">
      <div className={styles.people}>
        {assignees.data.length === 0 ? <span className={styles.faint}>Nobody is assigned: everybody may annotate.</span> : null}
        {assignees.data.map((person) => (
          <span key={person.userId} className={styles.person}>
            <span className={styles.avatar} aria-hidden>{(person.name || person.email).slice(0, 1).toUpperCase()}</span>
            <Hostile text={person.name || person.email} />
            {mayWrite ? <IconButton icon="close" size="sm" label={`Unassign ${person.name || person.email}`} onClick={() => change.mutate({ userId: person.userId, on: false }, { onError: failed })} /> : null}
          </span>
        ))}
        {mayWrite && offered.length > 0 ? (
          <Select label="Assign" hideLabel value="" onChange={(event) => event.target.value !== '' && change.mutate({ userId: event.target.value, on: true }, { onError: failed })}>
            <option value="">Assign…</option>
            {offered.map((person) => (
              <option key={person.userId} value={person.userId}>
                {person.name}
              </option>
            ))}
          </Select>
        ) : null}
      </div>
    </Section>
  )
}

function DeleteQueueDialog({ projectId, queue, waiting, onClose, onDeleted }: { projectId: string; queue: AnnotationQueue; waiting: number; onClose: () => void; onDeleted: () => void }) {
  const remove = useDeleteQueue(projectId)
  return (
    <Dialog title="Delete this queue?" onClose={onClose}>
      <DialogForm submitLabel="Delete queue" danger onCancel={onClose} onSubmit={async () => { await remove.mutateAsync(queue.id); onDeleted() }}>
        <p>
          “{queue.name.slice(0, 100)}” goes with its list of items{waiting > 0 ? `, ${formatCount(waiting)} of them not judged yet` : ''}. The scores that were given, and the traces, stay.
        </p>
      </DialogForm>
    </Dialog>
  )
}
