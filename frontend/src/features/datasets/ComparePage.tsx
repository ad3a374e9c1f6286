// Runs side by side: a row an item, a column a run, with output, scores, cost and latency; against what was expected, too.
import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'

import { messageOf } from '../../api/client'
import type { DatasetItem, ExperimentItem } from '../../api/types'
import { formatCost, formatDuration, plural } from '../../lib/format'
import { readRunIds, type CompareSearch } from '../../lib/pageSearch'
import { scoreText } from '../../lib/runStats'
import { visibleLine } from '../../lib/visibleText'
import { compareRunsLink, datasetLink, datasetsLink, traceLink } from '../../paths'
import { Badge, Hostile } from '../../ui/Badge'
import { Button, IconButton } from '../../ui/Button'
import { cx } from '../../ui/cx'
import { EmptyState, ErrorState, LoadingState, Notice } from '../../ui/Feedback'
import { Checkbox, Select } from '../../ui/Field'
import { Gap, Toolbar } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { DiffView } from '../../ui/content/DiffView'
import { Value } from '../../ui/content/Value'
import styles from './datasets.module.css'
import { experimentsQuery, itemsQuery, runItemsQuery, runsQuery, type TraceFigures } from './queries'
import { runSums, ScoreSums } from './RunsTab'

const route = getRouteApi('/app/project/$projectId/datasets/$datasetName/compare')
const PAGE = 50

export function ComparePage() {
  const { projectId, datasetName } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const ids = useMemo(() => readRunIds(search.runs), [search.runs])
  const runs = useInfiniteQuery(runsQuery(projectId, datasetName))
  const names = new Map(runs.data?.pages.flatMap((page) => page.data.map((run) => [run.id, run.name] as const)))
  const experiments = useQuery(experimentsQuery(projectId, ids))
  const queries = useQueries({ queries: ids.map((id) => runItemsQuery(projectId, id)) })
  const items = useInfiniteQuery(itemsQuery(projectId, datasetName, 'ALL', undefined))
  const [shownCount, setShownCount] = useState(PAGE)
  const [onlyDifferent, setOnlyDifferent] = useState(false)

  const columns = ids.map((id, index) => ({ id, name: names.get(id) ?? experiments.data?.get(id)?.name ?? id, query: queries[index], data: queries[index]?.data }))
  const datasetItems = useMemo(() => new Map(items.data?.pages.flatMap((page) => page.data.map((item) => [item.id, item] as const))), [items.data])
  const byItem = new Map<string, Map<string, ExperimentItem>>()
  for (const column of columns) {
    for (const item of column.data?.items ?? []) {
      const row = byItem.get(item.experimentItemId) ?? new Map<string, ExperimentItem>()
      if (!row.has(column.id)) row.set(column.id, item)
      byItem.set(item.experimentItemId, row)
    }
  }
  const rows = [...byItem].filter(([, row]) => !onlyDifferent || new Set(columns.map((column) => JSON.stringify(row.get(column.id)?.output ?? null))).size > 1)
  const failed = queries.find((query) => query.isError)
  const pending = queries.some((query) => query.isPending)
  const setRuns = (next: readonly string[]) => void navigate({ ...compareRunsLink(projectId, datasetName, next), replace: true })
  const setSearch = (change: Partial<CompareSearch>) => void navigate({ to: '.', search: (current) => ({ ...current, ...change }), replace: true })
  const others = [...names].filter(([id]) => !ids.includes(id))
  const diff = search.diff === 'on'

  return (
    <>
      <PageHeader
        trail={[<Link key="all" {...datasetsLink(projectId)}>Datasets</Link>, <Link key="one" {...datasetLink(projectId, datasetName, { tab: 'runs' })}><Hostile text={datasetName} /></Link>]}
        title={ids.length === 1 ? <Hostile text={columns[0]?.name ?? 'Run'} /> : 'Compare runs'}
        meta={pending ? undefined : plural(rows.length, 'item')}
      />
      <Toolbar>
        <Checkbox label="Mark differences from what was expected" checked={diff} onChange={(on) => setSearch({ diff: on ? 'on' : undefined })} />
        {ids.length > 1 ? <Checkbox label="Only items whose outputs differ" checked={onlyDifferent} onChange={setOnlyDifferent} /> : null}
        <Gap />
        {others.length > 0 && ids.length < 6 ? (
          <Select label="Add a run" hideLabel value="" onChange={(event) => event.target.value !== '' && setRuns([...ids, event.target.value])}>
            <option value="">Add a run…</option>
            {others.map(([id, name]) => (
              <option key={id} value={id}>
                {visibleLine(name.slice(0, 80))}
              </option>
            ))}
          </Select>
        ) : null}
      </Toolbar>
      {ids.length === 0 ? <EmptyState icon="compare" title="No runs chosen" actions={<Link {...datasetLink(projectId, datasetName, { tab: 'runs' })} tabIndex={-1}><Button>Choose runs</Button></Link>}>Select runs in the list, then “Compare”.</EmptyState>
      : failed ? <ErrorState title="A run could not be loaded" message={messageOf(failed.error)} onRetry={() => queries.forEach((query) => query.isError && void query.refetch())} />
      : pending ? <LoadingState label="Loading runs" />
      : rows.length === 0 ? <EmptyState icon="compare" title={onlyDifferent ? 'All outputs are alike' : 'These runs have no items'} actions={onlyDifferent ? <Button onClick={() => setOnlyDifferent(false)}>Show all items</Button> : null}>{onlyDifferent ? 'Every item has the same output in all these runs.' : 'A run that has just begun shows its first items within seconds.'}</EmptyState>
      : (
        <div className={styles.compareScroll} tabIndex={0} role="region" aria-label="Comparison">
          {columns.some((column) => column.data?.cut) ? <Notice tone="warning">Only the first 1,000 items of a run are shown.</Notice> : null}
          <table className={styles.compare} style={{ '--runs': columns.length }}>
            <thead>
              <tr>
                <th scope="col" className={styles.itemColumn}>
                  Item
                </th>
                {columns.map((column) => (
                  <th key={column.id} scope="col">
                    <div className={styles.runHead}>
                      <span className={styles.runName}><Hostile text={column.name} /></span>
                      {columns.length > 1 ? <IconButton icon="close" size="sm" label={`Take ${column.name.slice(0, 60)} out`} onClick={() => setRuns(ids.filter((id) => id !== column.id))} /> : null}
                    </div>
                    <RunFigures figures={[...(column.data?.traces.values() ?? [])]} />
                    <ScoreSums sums={runSums(column.data?.items.flatMap((item) => item.scores ?? []) ?? [], experiments.data?.get(column.id))} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, shownCount).map(([itemId, row]) => {
                const expected = datasetItems.get(itemId)?.expectedOutput ?? [...row.values()].find((entry) => entry.expectedOutput != null)?.expectedOutput
                return (
                  <tr key={itemId}>
                    <th scope="row" className={styles.itemColumn}>
                      <ItemCell projectId={projectId} datasetName={datasetName} itemId={itemId} item={datasetItems.get(itemId)} input={[...row.values()][0]?.input} expected={expected} />
                    </th>
                    {columns.map((column) => (
                      <td key={column.id}>
                        <RunCell projectId={projectId} item={row.get(column.id)} figures={column.data?.traces} expected={expected} diff={diff} />
                      </td>
                    ))}
                  </tr>
                )
              })}
            </tbody>
          </table>
          {rows.length > shownCount ? (
            <div className={styles.more}>
              <Button onClick={() => setShownCount(shownCount + PAGE)}>Show {Math.min(PAGE, rows.length - shownCount)} more</Button>
            </div>
          ) : null}
        </div>
      )}
    </>
  )
}

function RunFigures({ figures }: { figures: readonly TraceFigures[] }) {
  const costs = figures.flatMap((figure) => figure.cost ?? [])
  const latencies = figures.flatMap((figure) => figure.latency ?? [])
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  return (
    <div className={styles.figures}>
      <span data-tip="Cost of all items">{costs.length > 0 ? formatCost(sum(costs)) : '–'}</span>
      <span data-tip="Mean latency">{formatDuration(latencies.length > 0 ? sum(latencies) / latencies.length : null)}</span>
    </div>
  )
}

function ItemCell({ projectId, datasetName, itemId, item, input, expected }: { projectId: string; datasetName: string; itemId: string; item: DatasetItem | undefined; input: unknown; expected: unknown }) {
  return (
    <div className={styles.cell}>
      <Link {...datasetLink(projectId, datasetName, { item: itemId })} className={styles.idCell}>
        <Hostile text={itemId.length > 16 ? `${itemId.slice(0, 8)}…${itemId.slice(-4)}` : itemId} />
      </Link>
      <div className={styles.clip}>
        <Value value={item?.input ?? input ?? null} label="input" prose={false} />
      </div>
      <span className={styles.cellLabel}>Expected</span>
      <div className={styles.clip}>{expected == null ? <span className={styles.faint}>nothing said</span> : <Value value={expected} label="expected output" prose={false} />}</div>
    </div>
  )
}

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value ?? null, null, 2))

function RunCell({ projectId, item, figures, expected, diff }: { projectId: string; item: ExperimentItem | undefined; figures: Map<string, TraceFigures> | undefined; expected: unknown; diff: boolean }) {
  if (!item) return <span className={styles.faint}>not in this run</span>
  const figure = figures?.get(item.traceId)
  const scores = item.scores ?? []
  return (
    <div className={styles.cell}>
      <div className={styles.cellTop}>
        <Link {...traceLink(projectId, item.traceId)} className={styles.link}>
          Trace
        </Link>
        {item.level === 'ERROR' ? <Badge tone="red">Error</Badge> : null}
        <span className={styles.figures}>
          <span>{formatCost(figure?.cost)}</span>
          <span>{formatDuration(figure?.latency)}</span>
        </span>
      </div>
      <div className={cx(styles.clip, styles.output)}>
        {diff && expected != null ? <DiffView label="Output" before={asText(expected)} after={asText(item.output)} beforeName="what was expected" afterName="the output" /> : item.output == null ? <span className={styles.faint}>no output</span> : <Value value={item.output} label="output" prose={false} />}
      </div>
      {scores.length > 0 ? (
        <div className={styles.sums}>
          {scores.slice(0, 8).map((score) => (
            <span key={score.id} className={styles.sum} data-tip={score.comment ?? undefined}>
              <span className={styles.faint}><Hostile text={score.name} /></span>
              <strong><Hostile text={scoreText(score)} /></strong>
            </span>
          ))}
        </div>
      ) : null}
    </div>
  )
}
