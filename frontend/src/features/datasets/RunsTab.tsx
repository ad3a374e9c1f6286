// The runs of a dataset with what they scored and cost; several can be compared side by side.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'

import { messageOf } from '../../api/client'
import { useMayWrite } from '../../api/queries'
import type { Dataset, DatasetRun, Experiment } from '../../api/types'
import { formatCost, formatCount, formatDateTime, formatDuration, formatShortTime } from '../../lib/format'
import { sumScores, sumText, type ScoreSum } from '../../lib/runStats'
import { compareRunsLink } from '../../paths'
import { Hostile } from '../../ui/Badge'
import { Button, IconButton } from '../../ui/Button'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { EmptyState, ErrorState, LoadingState, Skeleton } from '../../ui/Feedback'
import { Checkbox } from '../../ui/Field'
import { ActionBar } from '../../ui/Page'
import { CodeSnippets } from '../../ui/Snippets'
import { Table, tableStyles } from '../../ui/Table'
import styles from './datasets.module.css'
import { experimentsQuery, runItemsQuery, runsQuery, useDeleteRun } from './queries'
import { runSnippets } from './snippets'

const MOST_COMPARED = 6

export function RunsTab({ projectId, dataset }: { projectId: string; dataset: Dataset }) {
  const runs = useInfiniteQuery(runsQuery(projectId, dataset.name))
  const rows = useMemo(() => runs.data?.pages.flatMap((page) => page.data) ?? [], [runs.data])
  const experiments = useQuery(experimentsQuery(projectId, rows.slice(0, 50).map((run) => run.id)))
  const mayWrite = useMayWrite(projectId)
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [deleting, setDeleting] = useState<DatasetRun | null>(null)
  const toggle = (id: string) => setChosen(chosen.includes(id) ? chosen.filter((entry) => entry !== id) : [...chosen, id])

  if (runs.isPending) return <LoadingState label="Loading runs" />
  if (runs.isError) return <ErrorState title="The runs could not be loaded" message={messageOf(runs.error)} onRetry={() => void runs.refetch()} />
  if (rows.length === 0) {
    return (
      <div className={styles.scroll}>
        <EmptyState icon="play" title="No runs yet">
          A run tries your application on every item and keeps output, scores, cost and latency. Start one from code:
        </EmptyState>
        <div className={styles.snippets}>
          <CodeSnippets snippets={runSnippets(dataset.name)} />
        </div>
      </div>
    )
  }
  return (
    <>
      <div className={styles.list}>
        <Table label="Runs" flush head={[{ label: 'Compare', hidden: true }, 'Run', { label: 'Items', align: 'end' }, 'Scores', { label: 'Cost', align: 'end' }, { label: 'Mean latency', align: 'end' }, 'Started', { label: 'Actions', hidden: true }]}>
          {rows.map((run) => (
            <RunRow key={run.id} projectId={projectId} datasetName={dataset.name} run={run} experiment={experiments.data?.get(run.id)} chosen={chosen.includes(run.id)} full={chosen.length >= MOST_COMPARED} onChoose={() => toggle(run.id)} onDelete={mayWrite ? () => setDeleting(run) : null} />
          ))}
        </Table>
        {runs.hasNextPage ? (
          <div className={styles.more}>
            <Button busy={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
              Load more
            </Button>
          </div>
        ) : null}
      </div>
      {chosen.length > 0 ? (
        <ActionBar label="Selected runs">
          <span>{chosen.length} selected</span>
          <Link {...compareRunsLink(projectId, dataset.name, chosen)} tabIndex={-1}>
            <Button variant="primary" icon="compare">
              {chosen.length === 1 ? 'Look at its items' : 'Compare'}
            </Button>
          </Link>
          <Button variant="ghost" onClick={() => setChosen([])}>
            Clear
          </Button>
          {chosen.length >= MOST_COMPARED ? <span className={styles.faint}>At most {MOST_COMPARED} side by side</span> : null}
        </ActionBar>
      ) : null}
      {deleting ? <DeleteRunDialog projectId={projectId} datasetName={dataset.name} run={deleting} onClose={() => setDeleting(null)} onDeleted={() => { setChosen(chosen.filter((id) => id !== deleting.id)); setDeleting(null) }} /> : null}
    </>
  )
}

function RunRow({ projectId, datasetName, run, experiment, chosen, full, onChoose, onDelete }: { projectId: string; datasetName: string; run: DatasetRun; experiment: Experiment | undefined; chosen: boolean; full: boolean; onChoose: () => void; onDelete: (() => void) | null }) {
  const items = useQuery(runItemsQuery(projectId, run.id))
  const sums = items.data ? runSums(items.data.items.flatMap((item) => item.scores ?? []), experiment) : null
  const traces = items.data ? [...items.data.traces.values()] : []
  const costs = traces.flatMap((trace) => trace.cost ?? [])
  const latencies = traces.flatMap((trace) => trace.latency ?? [])
  const wait = <Skeleton width={48} height={10} />
  return (
    <tr>
      <td>
        <Checkbox label={`Compare ${run.name}`} hideLabel checked={chosen} onChange={() => (chosen || !full) && onChoose()} />
      </td>
      <td className={tableStyles.name}>
        <Link {...compareRunsLink(projectId, datasetName, [run.id])}>
          <Hostile text={run.name} />
        </Link>
        {run.description ? <div className={styles.description}><Hostile text={run.description} /></div> : null}
      </td>
      <td className={tableStyles.end}>{experiment ? formatCount(experiment.itemCount) : items.data ? formatCount(items.data.items.length) : wait}</td>
      <td>{items.isError ? <span className={styles.faint}>not loaded</span> : sums ? <ScoreSums sums={sums} /> : wait}</td>
      <td className={tableStyles.end}>{items.data ? (costs.length > 0 ? formatCost(costs.reduce((sum, cost) => sum + cost, 0)) : '–') : wait}</td>
      <td className={tableStyles.end}>{items.data ? formatDuration(latencies.length > 0 ? latencies.reduce((sum, latency) => sum + latency, 0) / latencies.length : null) : wait}</td>
      <td>
        <time dateTime={run.createdAt} data-tip={formatDateTime(run.createdAt)}>{formatShortTime(run.createdAt, Date.now())}</time>
      </td>
      <td className={tableStyles.actions}>{onDelete ? <IconButton icon="trash" tone="danger" size="sm" label={`Delete run ${run.name.slice(0, 80)}`} onClick={onDelete} /> : null}</td>
    </tr>
  )
}

/** Scores of items summed up; scores of the whole run stand beside them under their own names. */
export function runSums(scores: readonly { name: string; dataType: string; value: unknown }[], experiment: Experiment | undefined): ScoreSum[] {
  const ofItems = sumScores(scores)
  const known = new Set(ofItems.map((sum) => sum.name))
  return [...ofItems, ...sumScores(experiment?.scores ?? []).filter((sum) => !known.has(sum.name))]
}

export function ScoreSums({ sums }: { sums: readonly ScoreSum[] }) {
  if (sums.length === 0) return <span className={styles.faint}>none</span>
  return (
    <span className={styles.sums}>
      {sums.slice(0, 5).map((sum) => (
        <span key={`${sum.name} ${sum.kind}`} className={styles.sum} data-tip={`${sum.count} ${sum.count === 1 ? 'score' : 'scores'}`}>
          <span className={styles.faint}><Hostile text={sum.name} /></span>
          <strong>{sumText(sum)}</strong>
        </span>
      ))}
      {sums.length > 5 ? <span className={styles.faint}>+{sums.length - 5}</span> : null}
    </span>
  )
}

function DeleteRunDialog({ projectId, datasetName, run, onClose, onDeleted }: { projectId: string; datasetName: string; run: DatasetRun; onClose: () => void; onDeleted: () => void }) {
  const remove = useDeleteRun(projectId, datasetName)
  return (
    <Dialog title="Delete this run?" onClose={onClose}>
      <DialogForm submitLabel="Delete run" danger onCancel={onClose} onSubmit={async () => { await remove.mutateAsync(run.name); onDeleted() }}>
        <p>
          “{run.name.slice(0, 200)}” leaves the list and can no longer be compared. Its traces and their scores stay. This cannot be undone.
        </p>
      </DialogForm>
    </Dialog>
  )
}
