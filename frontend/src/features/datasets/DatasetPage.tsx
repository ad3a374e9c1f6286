// One dataset: its items, its runs, and what is said of it.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useCallback, useState } from 'react'

import { isStatus, messageOf } from '../../api/client'
import { useMayWrite } from '../../api/queries'
import type { Dataset } from '../../api/types'
import { formatDateTime } from '../../lib/format'
import type { DatasetSearch, DatasetTab } from '../../lib/pageSearch'
import { visibleLine } from '../../lib/visibleText'
import { datasetsLink, importLink } from '../../paths'
import { Hostile } from '../../ui/Badge'
import { Button } from '../../ui/Button'
import { CopyButton } from '../../ui/CopyButton'
import { EmptyState, ErrorState, LoadingState } from '../../ui/Feedback'
import { Facts, PageBody, Section } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { Tabs } from '../../ui/Tabs'
import { toast } from '../../ui/Toast'
import { JsonViewer } from '../../ui/content/JsonViewer'
import { DatasetForm } from './DatasetDialog'
import styles from './datasets.module.css'
import { ItemsTab } from './ItemsTab'
import { datasetQuery, itemsQuery, runsQuery } from './queries'
import { RunsTab } from './RunsTab'

const route = getRouteApi('/app/project/$projectId/datasets/$datasetName')

export function DatasetPage() {
  const { projectId, datasetName } = route.useParams()
  const dataset = useQuery(datasetQuery(projectId, datasetName))
  if (dataset.isPending) return <LoadingState label="Loading dataset" />
  if (dataset.data) return <LoadedDataset key={dataset.data.id} projectId={projectId} dataset={dataset.data} />
  return isStatus(dataset.error, 404) ? (
    <EmptyState icon="search" title="Dataset not found" actions={<Link {...datasetsLink(projectId)} tabIndex={-1}><Button>All datasets</Button></Link>}>
      There is no dataset <code>{visibleLine(datasetName.slice(0, 120))}</code> in this project.
    </EmptyState>
  ) : <ErrorState title="The dataset could not be loaded" message={messageOf(dataset.error)} onRetry={() => void dataset.refetch()} />
}

function LoadedDataset({ projectId, dataset }: { projectId: string; dataset: Dataset }) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const mayWrite = useMayWrite(projectId)
  const setSearch = useCallback((change: Partial<DatasetSearch>) => void navigate({ to: '.', search: (current) => ({ ...current, ...change }), replace: 'q' in change }), [navigate])
  const items = useInfiniteQuery(itemsQuery(projectId, dataset.name, search.status ?? 'ACTIVE', search.version))
  const runs = useInfiniteQuery(runsQuery(projectId, dataset.name))
  const tab: DatasetTab = search.tab ?? 'items'
  const setTab = (next: DatasetTab) => setSearch({ tab: next === 'items' ? undefined : next, item: undefined })

  return (
    <>
      <PageHeader trail={[<Link key="all" {...datasetsLink(projectId)}>Datasets</Link>]} title={<Hostile text={dataset.name} />} meta={<CopyButton text={dataset.name} label="Copy the dataset’s name" />}>
        {mayWrite && tab === 'items' ? (
          <>
            <Link {...importLink(projectId, dataset.name)} tabIndex={-1}>
              <Button icon="upload">Import</Button>
            </Link>
            <Button variant="primary" icon="plus" onClick={() => setSearch({ item: 'new' })}>
              New item
            </Button>
          </>
        ) : null}
      </PageHeader>
      <div className={styles.tabs}>
        <Tabs
          label="Dataset"
          choices={[
            { value: 'items', label: 'Items', count: items.data?.pages[0]?.meta.totalItems },
            { value: 'runs', label: 'Runs', count: runs.data?.pages[0]?.meta.totalItems },
            { value: 'settings', label: 'About' },
          ]}
          value={tab}
          onChange={setTab}
        />
      </div>
      {tab === 'items' ? <ItemsTab projectId={projectId} dataset={dataset} search={search} setSearch={setSearch} />
      : tab === 'runs' ? <RunsTab projectId={projectId} dataset={dataset} />
      : <About projectId={projectId} dataset={dataset} mayWrite={mayWrite} />}
    </>
  )
}

function About({ projectId, dataset, mayWrite }: { projectId: string; dataset: Dataset; mayWrite: boolean }) {
  const [editing, setEditing] = useState(false)
  if (editing) {
    return (
      <PageBody narrow>
        <DatasetForm projectId={projectId} dataset={dataset} onCancel={() => setEditing(false)} onSaved={() => { setEditing(false); toast('Dataset saved') }} />
      </PageBody>
    )
  }
  const has = (value: unknown) => value != null
  return (
    <PageBody narrow>
      <Section title="About" actions={mayWrite ? <Button icon="edit" onClick={() => setEditing(true)}>Edit</Button> : null}>
        {dataset.description ? <p><Hostile text={dataset.description} /></p> : <p className={styles.faint}>No description</p>}
        <Facts facts={[['Created', formatDateTime(dataset.createdAt)], ['Changed', formatDateTime(dataset.updatedAt)], ['ID', <span key="id" className={styles.id}><code>{dataset.id}</code><CopyButton text={dataset.id} label="Copy the dataset’s id" /></span>]]} />
      </Section>
      <Section title="Metadata">{has(dataset.metadata) ? <JsonViewer value={dataset.metadata} label="metadata" /> : <p className={styles.faint}>None</p>}</Section>
      <Section title="Schema of the input">{has(dataset.inputSchema) ? <JsonViewer value={dataset.inputSchema} label="input schema" /> : <p className={styles.faint}>Any JSON is accepted.</p>}</Section>
      <Section title="Schema of the expected output">{has(dataset.expectedOutputSchema) ? <JsonViewer value={dataset.expectedOutputSchema} label="expected output schema" /> : <p className={styles.faint}>Any JSON is accepted.</p>}</Section>
    </PageBody>
  )
}
