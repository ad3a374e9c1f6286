// The datasets of a project, with how many items and runs each has.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'

import { messageOf } from '../../api/client'
import { useMayWrite } from '../../api/queries'
import type { Dataset } from '../../api/types'
import { formatAgo, formatCount, formatDateTime } from '../../lib/format'
import type { DatasetsSearch } from '../../lib/pageSearch'
import { datasetLink } from '../../paths'
import { Hostile } from '../../ui/Badge'
import { Button } from '../../ui/Button'
import { EmptyState, ErrorState, LoadingState, Skeleton } from '../../ui/Feedback'
import { SearchBox } from '../../ui/filter-bar/SearchBox'
import { Toolbar } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { CodeSnippets } from '../../ui/Snippets'
import { Table, tableStyles } from '../../ui/Table'
import { useNow } from '../../ui/useNow'
import { DatasetDialog } from './DatasetDialog'
import styles from './datasets.module.css'
import { datasetFiguresQuery, datasetsQuery } from './queries'
import { createDatasetSnippets } from './snippets'

const route = getRouteApi('/app/project/$projectId/datasets')

export function DatasetsPage() {
  const { projectId } = route.useParams()
  const search = route.useSearch()
  const navigate = useNavigate()
  const mayWrite = useMayWrite(projectId)
  const datasets = useInfiniteQuery(datasetsQuery(projectId, search.q))
  const setSearch = useCallback((change: Partial<DatasetsSearch>) => void navigate({ to: '.', search: (current) => ({ ...current, ...change }), replace: true }), [navigate])
  const onSearch = useCallback((q: string) => setSearch({ q: q.trim() === '' ? undefined : q }), [setSearch])
  const rows = datasets.data?.pages.flatMap((page) => page.data) ?? []
  const now = useNow(60_000)
  const create = () => setSearch({ create: '1' })

  return (
    <>
      <PageHeader title="Datasets" meta={datasets.data ? formatCount(datasets.data.pages[0]?.meta.totalItems) : undefined}>
        {mayWrite ? (
          <Button variant="primary" icon="plus" onClick={create}>
            New dataset
          </Button>
        ) : null}
      </PageHeader>
      <Toolbar>
        <SearchBox label="Search datasets" value={search.q ?? ''} onChange={onSearch} />
      </Toolbar>
      <div className={styles.list}>
        {datasets.isPending ? <LoadingState label="Loading datasets" />
        : datasets.isError ? <ErrorState title="The datasets could not be loaded" message={messageOf(datasets.error)} onRetry={() => void datasets.refetch()} />
        : rows.length === 0 && search.q ? <EmptyState icon="search" title="No datasets match" actions={<Button onClick={() => setSearch({ q: undefined })}>Clear search</Button>}>No dataset’s name contains “{search.q.slice(0, 80)}”.</EmptyState>
        : rows.length === 0 ? (
          <>
            <EmptyState icon="dataset" title="No datasets yet" actions={mayWrite ? <Button variant="primary" onClick={create}>Create the first dataset</Button> : null}>
              A dataset is a set of inputs with what you expect of them. Run your application over it after each change, and compare the runs.
            </EmptyState>
            <div className={styles.snippets}>
              <CodeSnippets snippets={createDatasetSnippets('capital cities')} />
            </div>
          </>
        ) : (
          <>
            <Table label="Datasets" flush head={['Name', 'Description', { label: 'Items', align: 'end' }, { label: 'Runs', align: 'end' }, 'Last run', 'Created']}>
              {rows.map((row) => (
                <DatasetRow key={row.id} projectId={projectId} row={row} now={now} />
              ))}
            </Table>
            {datasets.hasNextPage ? (
              <div className={styles.more}>
                <Button busy={datasets.isFetchingNextPage} onClick={() => void datasets.fetchNextPage()}>
                  Load more
                </Button>
              </div>
            ) : null}
          </>
        )}
      </div>
      {search.create === '1' && mayWrite ? <DatasetDialog projectId={projectId} onClose={() => setSearch({ create: undefined })} onSaved={(made) => void navigate(datasetLink(projectId, made.name))} /> : null}
    </>
  )
}

function DatasetRow({ projectId, row, now }: { projectId: string; row: Dataset; now: number }) {
  const figures = useQuery(datasetFiguresQuery(projectId, row.name))
  const dash = <span className={tableStyles.faint}>–</span>
  const figure = (value: number | undefined) => (figures.isPending ? <Skeleton width={24} height={10} /> : value == null ? dash : formatCount(value))
  const lastRun = figures.data?.lastRun
  return (
    <tr>
      <td className={tableStyles.name}>
        <Link {...datasetLink(projectId, row.name)}>
          <Hostile text={row.name} />
        </Link>
      </td>
      <td className={tableStyles.wide}>{row.description ? <Hostile text={row.description} /> : dash}</td>
      <td className={tableStyles.end}>{figure(figures.data?.items)}</td>
      <td className={tableStyles.end}>{figure(figures.data?.runs)}</td>
      <td>{lastRun ? <time dateTime={lastRun} data-tip={formatDateTime(lastRun)}>{formatAgo(lastRun, now)}</time> : dash}</td>
      <td>
        <time dateTime={row.createdAt} data-tip={formatDateTime(row.createdAt)}>{formatAgo(row.createdAt, now)}</time>
      </td>
    </tr>
  )
}
