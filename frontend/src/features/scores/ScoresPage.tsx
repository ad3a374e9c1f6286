// Every score of the project, newest first, with filters; each leads to what it judges.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'

import { messageOf } from '../../api/client'
import { useMayWrite } from '../../api/queries'
import type { ScoreV3 } from '../../api/types'
import { toCsv } from '../../lib/csv'
import { formatDateTime, formatShortTime } from '../../lib/format'
import type { ScoresSearch } from '../../lib/pageSearch'
import { scoreText } from '../../lib/runStats'
import { parseRange } from '../../lib/timeRange'
import { scoreConfigsLink, sessionLink, traceLink } from '../../paths'
import { Badge, Hostile } from '../../ui/Badge'
import { Button, IconButton } from '../../ui/Button'
import { saveFile } from '../../ui/CopyButton'
import { DataTable } from '../../ui/data-table/DataTable'
import { ColumnMenu } from '../../ui/data-table/ColumnMenu'
import { useArrangement, type Column } from '../../ui/data-table/columns'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { EmptyState, ErrorState } from '../../ui/Feedback'
import { Select } from '../../ui/Field'
import { SearchBox } from '../../ui/filter-bar/SearchBox'
import { TimeRangePicker } from '../../ui/filter-bar/TimeRangePicker'
import { Gap, Toolbar } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { CodeSnippets } from '../../ui/Snippets'
import styles from './scores.module.css'
import { scoreConfigsQuery, scoresQuery, useDeleteScores } from './queries'
import { SCORE_SNIPPETS } from './snippets'

const route = getRouteApi('/app/project/$projectId/scores')
const dash = <span className={styles.faint}>–</span>

export function ScoresPage() {
  const { projectId } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const mayWrite = useMayWrite(projectId)
  const scores = useInfiniteQuery(scoresQuery(projectId, search))
  const configs = useQuery(scoreConfigsQuery(projectId))
  const rows = useMemo(() => scores.data?.pages.flatMap((page) => page.data) ?? [], [scores.data])
  const [deleting, setDeleting] = useState<ScoreV3 | null>(null)
  const setSearch = useCallback((change: Partial<ScoresSearch>) => void navigate({ to: '.', search: (current) => ({ ...current, ...change }), replace: 'name' in change }), [navigate])
  const onName = useCallback((name: string) => setSearch({ name: name.trim() === '' ? undefined : name.trim() }), [setSearch])
  const columns = useMemo(() => scoreColumns(projectId, mayWrite ? setDeleting : null), [projectId, mayWrite])
  const { arrangement, change, reset } = useArrangement('scores', columns)
  const { fetchNextPage, isFetchingNextPage } = scores
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  const narrowed = Boolean(search.name ?? search.source ?? search.type ?? search.environment)
  const pick = (key: 'source' | 'type', value: string) => setSearch({ [key]: value === '' ? undefined : value })
  const exportCsv = () => saveFile('scores.csv', new Blob([toCsv(['id', 'timestamp', 'name', 'value', 'dataType', 'source', 'comment', 'subject', 'environment'], rows.map((row) => [row.id, row.timestamp, row.name, row.value, row.dataType, row.source, row.comment, row.subject, row.environment]))], { type: 'text/csv;charset=utf-8' }))

  return (
    <>
      <PageHeader title="Scores">
        <TimeRangePicker range={parseRange(search.range)} onChange={(range) => setSearch({ range })} />
      </PageHeader>
      <Toolbar>
        <SearchBox label="Name of the score" value={search.name ?? ''} onChange={onName} />
        <Select label="Source" hideLabel value={search.source ?? ''} onChange={(event) => pick('source', event.target.value)}>
          <option value="">Any source</option>
          <option value="ANNOTATION">People</option>
          <option value="EVAL">Evaluators</option>
          <option value="API">API</option>
        </Select>
        <Select label="Type" hideLabel value={search.type ?? ''} onChange={(event) => pick('type', event.target.value)}>
          <option value="">Any type</option>
          <option value="NUMERIC">Number</option>
          <option value="BOOLEAN">Yes / no</option>
          <option value="CATEGORICAL">Category</option>
          <option value="TEXT">Text</option>
          <option value="CORRECTION">Correction</option>
        </Select>
        <Gap />
        <Button icon="refresh" busy={scores.isFetching && !scores.isPending} onClick={() => void scores.refetch()}>
          Refresh
        </Button>
        <Button icon="download" disabled={rows.length === 0} onClick={exportCsv}>
          Export
        </Button>
        <ColumnMenu columns={columns} arrangement={arrangement} onArrange={change} onReset={reset} />
      </Toolbar>
      {configs.data && configs.data.length > 0 ? (
        <div className={styles.names} role="group" aria-label="Names with a config">
          {configs.data.filter((config) => !config.isArchived).slice(0, 12).map((config) => (
            <Button key={config.id} variant="ghost" active={search.name === config.name} aria-pressed={search.name === config.name} onClick={() => setSearch({ name: search.name === config.name ? undefined : config.name })}>
              <Hostile text={config.name} />
            </Button>
          ))}
        </div>
      ) : null}
      {scores.isError ? <ErrorState title="The scores could not be loaded" message={messageOf(scores.error)} onRetry={() => void scores.refetch()} />
      : scores.isSuccess && rows.length === 0 ? (
        narrowed ? <EmptyState icon="search" title="No scores match" actions={<Button onClick={() => setSearch({ name: undefined, source: undefined, type: undefined, environment: undefined })}>Clear filters</Button>}>Nothing in this time range matches. The name must be the whole name.</EmptyState> : (
          <div className={styles.scroll}>
            <EmptyState icon="score" title="No scores in this time range" actions={<><Button onClick={() => setSearch({ range: '90d' })}>Look at the last 90 days</Button><Link {...scoreConfigsLink(projectId)} tabIndex={-1}><Button>Score configs</Button></Link></>}>
              Scores say how good an answer was. People give them on a trace’s page or in an annotation queue; programs send them:
            </EmptyState>
            <div className={styles.snippets}>
              <CodeSnippets snippets={SCORE_SNIPPETS} />
            </div>
          </div>
        )
      ) : (
        <DataTable
          label="Scores" rows={rows} rowId={(row) => row.id} rowLabel={(row) => row.name} columns={columns} arrangement={arrangement} onArrange={change} orderBy="" onOrderBy={() => undefined}
          onOpen={(row) => {
            const { subject } = row
            if (subject?.kind === 'trace') void navigate(traceLink(projectId, subject.id))
            else if (subject?.kind === 'observation' && subject.traceId) void navigate(traceLink(projectId, subject.traceId, subject.id))
            else if (subject?.kind === 'session') void navigate(sessionLink(projectId, subject.id))
          }}
          loading={scores.isPending} hasMore={scores.hasNextPage} onMore={onMore} scrollKey={`scores ${projectId} ${JSON.stringify(search)}`}
        />
      )}
      {deleting ? <DeleteScoreDialog projectId={projectId} score={deleting} onClose={() => setDeleting(null)} /> : null}
    </>
  )
}

function scoreColumns(projectId: string, onDelete: ((score: ScoreV3) => void) | null): Column<ScoreV3>[] {
  return [
    { id: 'timestamp', label: 'Time', width: 140, render: (row) => <time className="num" dateTime={row.timestamp} data-tip={formatDateTime(row.timestamp)}>{formatShortTime(row.timestamp, Date.now())}</time> },
    { id: 'name', label: 'Name', width: 180, render: (row) => <strong className={styles.name}><Hostile text={row.name} /></strong> },
    { id: 'value', label: 'Value', width: 130, render: (row) => <Hostile text={scoreText(row)} /> },
    { id: 'source', label: 'Source', width: 110, render: (row) => <Badge tone={row.source === 'ANNOTATION' ? 'accent' : row.source === 'EVAL' ? 'green' : 'neutral'}>{row.source === 'ANNOTATION' ? 'people' : row.source === 'EVAL' ? 'evaluator' : 'API'}</Badge> },
    { id: 'subject', label: 'Judges', width: 230, render: (row) => <Subject projectId={projectId} row={row} /> },
    { id: 'comment', label: 'Comment', width: 260, grow: true, render: (row) => (row.comment ? <Hostile text={row.comment} /> : dash) },
    { id: 'environment', label: 'Environment', width: 120, render: (row) => (row.environment ? <Hostile text={row.environment} /> : dash) },
    { id: 'dataType', label: 'Type', width: 110, hidden: true, render: (row) => <Hostile text={row.dataType.toLowerCase()} /> },
    ...(onDelete ? [{ id: 'delete', label: 'Delete', iconOnly: true, width: 44, render: (row: ScoreV3) => <IconButton icon="trash" tone="danger" size="sm" label={`Delete score ${row.name.slice(0, 60)}`} onClick={() => onDelete(row)} /> }] : []),
  ]
}

function Subject({ projectId, row }: { projectId: string; row: ScoreV3 }) {
  const { subject } = row
  if (!subject) return dash
  const id = <Hostile text={subject.id.length > 18 ? `${subject.id.slice(0, 8)}…${subject.id.slice(-4)}` : subject.id} className={styles.id} />
  if (subject.kind === 'trace') return <Link {...traceLink(projectId, subject.id)} className={styles.link}>Trace {id}</Link>
  if (subject.kind === 'observation' && subject.traceId) return <Link {...traceLink(projectId, subject.traceId, subject.id)} className={styles.link}>Step {id}</Link>
  if (subject.kind === 'session') return <Link {...sessionLink(projectId, subject.id)} className={styles.link}>Session {id}</Link>
  return <span>Run {id}</span>
}

function DeleteScoreDialog({ projectId, score, onClose }: { projectId: string; score: ScoreV3; onClose: () => void }) {
  const remove = useDeleteScores(projectId)
  return (
    <Dialog title="Delete this score?" onClose={onClose}>
      <DialogForm submitLabel="Delete score" danger onCancel={onClose} onSubmit={async () => { await remove.mutateAsync(score.id); onClose() }}>
        <p>
          “{score.name.slice(0, 100)}” = {scoreText(score).slice(0, 100)} is taken out of all averages. This cannot be undone.
        </p>
      </DialogForm>
    </Dialog>
  )
}
