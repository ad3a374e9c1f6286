// Annotating: one item after the other, what it holds on the left, the scores to give on the right. The server hands each
// item to one person at a time; taking it again keeps it.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'

import { setQueueItemStatus, takeQueueItem } from '../../api/annotation'
import { messageOf } from '../../api/client'
import { getObservation, listTraces } from '../../api/operations'
import type { AnnotationQueue, AnnotationQueueItem, ScoreConfig } from '../../api/types'
import type { ExistingScore } from '../../lib/annotate'
import { formatCompact, formatDuration } from '../../lib/format'
import { queueLink, queuesLink, sessionLink, traceLink } from '../../paths'
import { Cost, Hostile, Kbd } from '../../ui/Badge'
import { Button } from '../../ui/Button'
import { EmptyState, ErrorState, InlineError, LoadingState } from '../../ui/Feedback'
import { Progress } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { toast } from '../../ui/Toast'
import { Comments } from '../comments/Comments'
import { scoreConfigsQuery } from '../scores/queries'
import { ScoreFields } from '../scores/ScoreFields'
import { useAnnotation, type Target } from '../scores/useAnnotation'
import { InputOutput } from '../trace/detail/InputOutput'
import { traceQuery } from '../trace/queries'
import { progressQuery, queueItemQuery, queueQuery, sessionScoresQuery } from './queries'
import { SessionTrace } from './SessionTrace'
import styles from './queues.module.css'

const route = getRouteApi('/app/project/$projectId/annotation-queues/$queueId/work')
/** An item is the caller's for five minutes: taken again well before. */
const RENEW_MS = 3 * 60_000

export function WorkPage() {
  const { projectId, queueId } = route.useParams()
  const { item: wanted } = route.useSearch()
  const navigate = route.useNavigate()
  const client = useQueryClient()
  const queue = useQuery(queueQuery(projectId, queueId))
  const configs = useQuery(scoreConfigsQuery(projectId))
  const progress = useQuery(progressQuery(projectId, queueId))
  const [skipped, setSkipped] = useState<readonly string[]>([])
  const [finished, setFinished] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const item = useQuery({ ...queueItemQuery(projectId, queueId, wanted ?? ''), enabled: wanted != null, retry: false })
  const taking = useRef(false)

  const take = useCallback(
    async (skip: readonly string[]) => {
      if (taking.current) return
      taking.current = true
      setError(null)
      try {
        const taken = await takeQueueItem(projectId, queueId, skip.slice(-100))
        if (taken.item) {
          client.setQueryData(queueItemQuery(projectId, queueId, taken.item.id).queryKey, taken.item)
          await navigate({ to: '.', search: { item: taken.item.id }, replace: true })
          setFinished(false)
        } else setFinished(true)
      } catch (reason) {
        setError(messageOf(reason))
      } finally {
        taking.current = false
        void client.invalidateQueries({ queryKey: ['queues', projectId, 'progress', queueId] })
      }
    },
    [client, navigate, projectId, queueId],
  )
  useEffect(() => {
    if (wanted == null) void take([])
  }, [wanted, take])
  useEffect(() => {
    if (wanted == null || finished) return
    const timer = setInterval(() => void takeQueueItem(projectId, queueId, [...skipped]).catch(() => undefined), RENEW_MS)
    return () => clearInterval(timer)
  }, [wanted, finished, projectId, queueId, skipped])

  const skip = () => {
    if (item.data == null) return
    const next = [...skipped, item.data.id]
    setSkipped(next)
    void take(next)
  }
  const { pending = 0, completed = 0 } = progress.data ?? {}
  const header = (
    <PageHeader
      trail={[<Link key="all" {...queuesLink(projectId)}>Annotation queues</Link>, <Link key="one" {...queueLink(projectId, queueId)}><Hostile text={queue.data?.name ?? '…'} /></Link>]}
      title="Annotate"
      meta={progress.data ? `${completed} of ${pending + completed} done` : undefined}
    >
      <div className={styles.headProgress}>
        <Progress label="Progress of the queue" done={completed} total={pending + completed} />
      </div>
    </PageHeader>
  )
  const failure = queue.error ?? configs.error ?? (wanted != null ? item.error : null)
  if (failure) return <>{header}<ErrorState title="This could not be loaded" message={messageOf(failure)} onRetry={() => { void queue.refetch(); void configs.refetch(); void take(skipped) }} /></>
  if (error) return <>{header}<ErrorState title="No item could be taken" message={error} onRetry={() => void take(skipped)} /></>
  if (finished) {
    return (
      <>
        {header}
        <EmptyState
          icon="check"
          title={pending > 0 ? 'Nothing left for you right now' : 'All done'}
          actions={<>{skipped.length > 0 ? <Button variant="primary" onClick={() => { setSkipped([]); void take([]) }}>Go through the skipped ones</Button> : null}<Link {...queueLink(projectId, queueId)} tabIndex={-1}><Button>Back to the queue</Button></Link></>}
        >
          {pending > 0 ? `${pending} ${pending === 1 ? 'item waits' : 'items wait'}, skipped by you or being judged by others.` : 'Every item of this queue is judged.'}
        </EmptyState>
      </>
    )
  }
  if (!queue.data || !configs.data || wanted == null || !item.data) return <>{header}<LoadingState label="Taking the next item" /></>
  return (
    <>
      {header}
      <Item key={item.data.id} projectId={projectId} queue={queue.data} item={item.data} configs={queue.data.scoreConfigIds.flatMap((id) => configs.data.find((config) => config.id === id) ?? [])} onSkip={skip} onDone={() => void take(skipped)} />
    </>
  )
}

interface ItemProps {
  projectId: string
  queue: AnnotationQueue
  item: AnnotationQueueItem
  configs: readonly ScoreConfig[]
  onSkip: () => void
  onDone: () => void
}

function Item(props: ItemProps) {
  const { item } = props
  if (item.objectType === 'SESSION') return <SessionItem {...props} />
  if (item.objectType === 'OBSERVATION') return <ObservationItem {...props} />
  return <TraceItem {...props} traceId={item.objectId} />
}

function TraceItem(props: ItemProps & { traceId: string }) {
  const { projectId, traceId, item } = props
  const trace = useQuery(traceQuery(projectId, traceId))
  const detail = trace.data
  return (
    <Frame {...props} target={{ traceId, queueId: props.queue.id }} scores={detail?.scores ?? null} objectType="TRACE" link={<Link {...traceLink(projectId, traceId)} className={styles.link}>Open the trace</Link>}>
      {trace.isError ? <ErrorState title="The trace could not be loaded" message={`${messageOf(trace.error)} It may have been deleted: then complete or skip the item.`} onRetry={() => void trace.refetch()} />
      : !detail ? <LoadingState label="Loading trace" />
      : (
        <>
          <p className={styles.about}>
            <strong><Hostile text={detail.trace.name ?? item.objectId} /></strong>
            <span className={styles.faint}>{formatDuration(detail.trace.latency)} · <Cost usd={detail.trace.totalCost} unpriced={detail.trace.unpricedCount} /> · {formatCompact(detail.trace.totalTokens)} tokens</span>
          </p>
          <InputOutput input={detail.trace.input} output={detail.trace.output} type="TRACE" format="formatted" statusMessage={null} level={detail.trace.level} />
        </>
      )}
    </Frame>
  )
}

/** A queue names an observation by its id alone; the texts say which trace it belongs to. */
function ObservationItem(props: ItemProps) {
  const { projectId, item } = props
  const observation = useQuery({ queryKey: ['queued-observation', projectId, item.objectId], queryFn: ({ signal }) => getObservation(projectId, undefined, item.objectId, signal) })
  const traceId = observation.data?.traceId ?? null
  const trace = useQuery({ ...traceQuery(projectId, traceId ?? ''), enabled: traceId != null })
  return (
    <Frame {...props} target={{ traceId: traceId ?? undefined, observationId: item.objectId, queueId: props.queue.id }} scores={trace.data?.scores ?? null} objectType="OBSERVATION" link={traceId != null ? <Link {...traceLink(projectId, traceId, item.objectId)} className={styles.link}>Open the trace</Link> : null}>
      {observation.isError ? <ErrorState title="The observation could not be loaded" message={messageOf(observation.error)} onRetry={() => void observation.refetch()} />
      : !observation.data ? <LoadingState label="Loading observation" />
      : <InputOutput input={observation.data.input} output={observation.data.output} type="GENERATION" format="formatted" statusMessage={null} level="DEFAULT" />}
    </Frame>
  )
}

function SessionItem(props: ItemProps) {
  const { projectId, item } = props
  const traces = useQuery({ queryKey: ['queued-session', projectId, item.objectId], queryFn: ({ signal }) => listTraces(projectId, { filters: [{ type: 'stringOptions', column: 'sessionId', operator: 'any of', value: [item.objectId] }], fromTimestamp: '2000-01-01T00:00:00.000Z', orderBy: 'timestamp.asc', limit: 50 }, signal) })
  const scores = useQuery(sessionScoresQuery(projectId, item.objectId))
  return (
    <Frame {...props} target={{ sessionId: item.objectId, queueId: props.queue.id }} scores={scores.data ?? null} objectType="SESSION" link={<Link {...sessionLink(projectId, item.objectId)} className={styles.link}>Open the session</Link>}>
      {traces.isError ? <ErrorState title="The session could not be loaded" message={messageOf(traces.error)} onRetry={() => void traces.refetch()} />
      : !traces.data ? <LoadingState label="Loading session" />
      : (
        <>
          {traces.data.data.map((row, index) => <SessionTrace key={row.id} projectId={projectId} row={row} index={index} />)}
          {traces.data.meta.cursor ? <p className={styles.faint}>These are the first {traces.data.data.length} traces. <Link {...sessionLink(projectId, item.objectId)} className={styles.link}>All traces of the session</Link></p> : null}
        </>
      )}
    </Frame>
  )
}

function Frame({ projectId, queue, item, configs, onSkip, onDone, target, scores, objectType, link, children }: ItemProps & { target: Target; scores: readonly ExistingScore[] | null; objectType: 'TRACE' | 'OBSERVATION' | 'SESSION'; link: React.ReactNode; children: React.ReactNode }) {
  const client = useQueryClient()
  const form = useAnnotation(projectId, target, configs, scores ?? [])
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const blocked = form.problem || scores == null

  const complete = () => {
    if (busy || blocked) return
    setBusy(true)
    setError(null)
    form.save()
      .then(() => setQueueItemStatus(projectId, queue.id, item.id, 'COMPLETED'))
      .then(() => {
        if (target.traceId != null) void client.invalidateQueries({ queryKey: ['trace', projectId, target.traceId] })
        void client.invalidateQueries({ queryKey: ['queues', projectId, 'items', queue.id] })
        toast('Done')
        onDone()
      })
      .catch((reason: unknown) => setError(messageOf(reason)))
      .finally(() => setBusy(false))
  }
  // The keys 1 to 9 are those of the field that has the focus: once scores can be given, the first one has it, unless the person is elsewhere.
  const fields = useRef<HTMLElement>(null)
  const firstIsChoice = configs[0]?.dataType === 'BOOLEAN' || configs[0]?.dataType === 'CATEGORICAL'
  const begin = scores != null && firstIsChoice
  useEffect(() => {
    if (begin && (document.activeElement ?? document.body) === document.body) fields.current?.querySelector<HTMLElement>('[role=radio]')?.focus({ preventScroll: true })
  }, [begin])
  const latest = useRef({ complete, onSkip })
  useEffect(() => {
    latest.current = { complete, onSkip }
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (document.querySelector('dialog[open], [popover=auto]:popover-open')) return
      if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
        event.preventDefault()
        latest.current.complete()
      } else if (event.key === 'j' && !event.ctrlKey && !event.metaKey && !event.altKey && !(event.target instanceof HTMLElement && event.target.matches('input:not([type=checkbox]), textarea, select'))) latest.current.onSkip()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])

  return (
    <div className={styles.work}>
      <section className={styles.object} aria-label="Item">
        <header className={styles.objectHead}>
          <span className={styles.faint}>{item.objectType.toLowerCase()}</span> <code className={styles.objectId}><Hostile text={item.objectId} /></code> {link}
        </header>
        {children}
      </section>
      <section ref={fields} className={styles.form} aria-label="Scores">
        <div className={styles.formBody}>
          <h2 className={styles.formTitle}>Scores</h2>
          <ScoreFields configs={configs} entries={form.entries} onChange={form.setEntries} disabled={busy || scores == null} />
          <details className={styles.comments}>
            <summary>Comments</summary>
            <Comments projectId={projectId} objectType={objectType} objectId={item.objectId} />
          </details>
        </div>
        <footer className={styles.formFoot}>
          {error ? <InlineError>{error}</InlineError> : null}
          <div className={styles.formButtons}>
            <Button icon="skip" disabled={busy} onClick={onSkip}>
              Skip <Kbd>j</Kbd>
            </Button>
            <Button variant="primary" busy={busy} disabled={blocked} onClick={complete}>
              {form.changed > 0 ? 'Save and complete' : 'Complete'}
            </Button>
          </div>
          <span className={styles.faint}>{/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl'} + Enter saves, completes and takes the next one. 1–9 choose a category.</span>
        </footer>
      </section>
    </div>
  )
}
