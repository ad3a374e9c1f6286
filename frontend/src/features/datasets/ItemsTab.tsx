// The items of a dataset: search among those loaded, archived ones, earlier states, bulk actions, export.
import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'

import { messageOf } from '../../api/client'
import { listDatasetItems } from '../../api/datasets'
import { useMayWrite } from '../../api/queries'
import type { Dataset, DatasetItem } from '../../api/types'
import { toCsv } from '../../lib/csv'
import { formatDateTime, formatShortTime, plural } from '../../lib/format'
import type { DatasetSearch } from '../../lib/pageSearch'
import { Badge, Hostile } from '../../ui/Badge'
import { Button } from '../../ui/Button'
import { saveFile } from '../../ui/CopyButton'
import { DataTable } from '../../ui/data-table/DataTable'
import { useArrangement, type Column } from '../../ui/data-table/columns'
import { ColumnMenu } from '../../ui/data-table/ColumnMenu'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { EmptyState, ErrorState, Notice } from '../../ui/Feedback'
import { Select } from '../../ui/Field'
import { SearchBox } from '../../ui/filter-bar/SearchBox'
import { Menu } from '../../ui/Menu'
import { ActionBar, Gap, Toolbar } from '../../ui/Page'
import { CodeSnippets } from '../../ui/Snippets'
import { toast } from '../../ui/Toast'
import styles from './datasets.module.css'
import { ItemDialog } from './ItemDialog'
import { itemsQuery, runsQuery, useArchiveItems, useDeleteItems } from './queries'
import { createDatasetSnippets } from './snippets'

const preview = (value: unknown) => (value == null ? '' : typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 400)
const dash = <span className={styles.faint}>–</span>

const COLUMNS: Column<DatasetItem>[] = [
  { id: 'id', label: 'ID', width: 130, render: (row) => <code className={styles.idCell}><Hostile text={row.id} /></code> },
  { id: 'input', label: 'Input', width: 300, grow: true, render: (row) => cell(row.input) },
  { id: 'expectedOutput', label: 'Expected output', width: 280, render: (row) => cell(row.expectedOutput) },
  { id: 'metadata', label: 'Metadata', width: 180, render: (row) => cell(row.metadata) },
  { id: 'status', label: 'Status', width: 90, render: (row) => (row.status === 'ARCHIVED' ? <Badge tone="amber">archived</Badge> : dash) },
  { id: 'source', label: 'From a trace', width: 130, hidden: true, render: (row) => (row.sourceTraceId ? <Hostile text={row.sourceTraceId} /> : dash) },
  { id: 'updatedAt', label: 'Changed', width: 140, render: (row) => <time className="num" dateTime={row.updatedAt} data-tip={formatDateTime(row.updatedAt)}>{formatShortTime(row.updatedAt, Date.now())}</time> },
]

function cell(value: unknown) {
  const text = preview(value)
  return text === '' ? dash : <Hostile text={text} />
}

interface ItemsTabProps {
  projectId: string
  dataset: Dataset
  search: DatasetSearch
  setSearch: (change: Partial<DatasetSearch>) => void
}

export function ItemsTab({ projectId, dataset, search, setSearch }: ItemsTabProps) {
  const mayWrite = useMayWrite(projectId)
  const items = useInfiniteQuery(itemsQuery(projectId, dataset.name, search.status ?? 'ACTIVE', search.version))
  const runs = useInfiniteQuery(runsQuery(projectId, dataset.name))
  const all = useMemo(() => items.data?.pages.flatMap((page) => page.data) ?? [], [items.data])
  const total = items.data?.pages[0]?.meta.totalItems ?? 0
  const words = (search.q ?? '').trim().toLowerCase()
  const rows = useMemo(() => (words === '' ? all : all.filter((row) => [row.id, preview(row.input), preview(row.expectedOutput), preview(row.metadata)].join('\n').toLowerCase().includes(words))), [all, words])
  const { arrangement, change, reset } = useArrangement('dataset-items', COLUMNS)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [deleting, setDeleting] = useState(false)
  const archive = useArchiveItems(projectId)
  const chosen = all.filter((row) => selected.has(row.id))
  const { fetchNextPage, isFetchingNextPage } = items
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  const onSearch = useCallback((q: string) => setSearch({ q: q.trim() === '' ? undefined : q }), [setSearch])
  const times = runs.data?.pages.flatMap((page) => page.data).slice(0, 20) ?? []
  const open = (row: DatasetItem | undefined) => row && setSearch({ item: row.id })
  const setStatus = (status: 'ACTIVE' | 'ARCHIVED') =>
    archive.mutate({ items: chosen, status }, { onSuccess: () => { toast(`${plural(chosen.length, 'item')} ${status === 'ARCHIVED' ? 'archived: new runs leave them out' : 'active again'}`); setSelected(new Set()) } })

  return (
    <>
      <Toolbar>
        <SearchBox label={items.hasNextPage ? 'Search the loaded items' : 'Search items'} value={search.q ?? ''} onChange={onSearch} />
        <Select label="Status" hideLabel value={search.status ?? 'ACTIVE'} disabled={search.version != null} onChange={(event) => setSearch({ status: event.target.value === 'ACTIVE' ? undefined : (event.target.value as 'ARCHIVED' | 'ALL') })}>
          <option value="ACTIVE">Active</option>
          <option value="ARCHIVED">Archived</option>
          <option value="ALL">Active and archived</option>
        </Select>
        <Select label="State" hideLabel value={search.version ?? ''} onChange={(event) => setSearch({ version: event.target.value || undefined, status: undefined })}>
          <option value="">As they are now</option>
          {search.version != null && !times.some((run) => run.createdAt === search.version) ? <option value={search.version}>At {formatDateTime(search.version)}</option> : null}
          {times.map((run) => (
            <option key={run.id} value={run.createdAt}>
              As of run “{run.name.slice(0, 40)}”
            </option>
          ))}
        </Select>
        <Gap />
        <ExportMenu projectId={projectId} dataset={dataset} total={total} search={search} />
        <ColumnMenu columns={COLUMNS} arrangement={arrangement} onArrange={change} onReset={reset} />
      </Toolbar>
      {search.version != null ? <div className={styles.notice}><Notice>The items as they were at {formatDateTime(search.version)}. They cannot be changed here; the list of now can.</Notice></div> : null}
      {items.isError ? <ErrorState title="The items could not be loaded" message={messageOf(items.error)} onRetry={() => void items.refetch()} />
      : items.isSuccess && all.length === 0 ? (
        search.status || search.version ? <EmptyState icon="archive" title="No such items" actions={<Button onClick={() => setSearch({ status: undefined, version: undefined })}>Show active items</Button>}>{search.version ? 'The dataset had no items at that time.' : 'Nothing is archived. Archived items are kept, but new runs leave them out.'}</EmptyState> : (
          <div className={styles.scroll}>
            <EmptyState icon="dataset" title="No items yet" actions={mayWrite ? <Button variant="primary" onClick={() => setSearch({ item: 'new' })}>Write the first item</Button> : null}>
              Write items here, import a CSV, JSON or JSONL file, add them from a trace (“Add to dataset”), or send them from code:
            </EmptyState>
            <div className={styles.snippets}>
              <CodeSnippets snippets={createDatasetSnippets(dataset.name)} />
            </div>
          </div>
        )
      ) : items.isSuccess && rows.length === 0 ? (
        <EmptyState icon="search" title="No items match" actions={<><Button onClick={() => setSearch({ q: undefined })}>Clear search</Button>{items.hasNextPage ? <Button busy={isFetchingNextPage} onClick={onMore}>Search 100 more</Button> : null}</>}>
          {items.hasNextPage ? `Searched ${plural(all.length, 'loaded item')} of ${total}.` : 'Nothing in the items’ texts matches.'}
        </EmptyState>
      ) : (
        <DataTable
          label="Items"
          rows={rows}
          rowId={(row) => row.id}
          rowLabel={(row) => row.id}
          columns={COLUMNS}
          arrangement={arrangement}
          onArrange={change}
          orderBy=""
          onOrderBy={() => undefined}
          onOpen={open}
          selected={selected}
          onSelect={mayWrite && search.version == null ? setSelected : undefined}
          loading={items.isPending}
          hasMore={items.hasNextPage}
          onMore={onMore}
        />
      )}
      {selected.size > 0 ? (
        <ActionBar label="Selected items">
          <span>{plural(selected.size, 'item')} selected</span>
          <Button icon="archive" busy={archive.isPending} onClick={() => setStatus('ARCHIVED')}>Archive</Button>
          <Button busy={archive.isPending} onClick={() => setStatus('ACTIVE')}>Make active</Button>
          <Button icon="trash" variant="danger" onClick={() => setDeleting(true)}>Delete</Button>
          <Button variant="ghost" onClick={() => setSelected(new Set())}>Clear</Button>
        </ActionBar>
      ) : null}
      {search.item != null ? <ItemDialog key={search.item} projectId={projectId} dataset={dataset} id={search.item} known={all.find((row) => row.id === search.item) ?? null} readOnly={!mayWrite || search.version != null} neighbours={rows.map((row) => row.id)} onShow={(id) => setSearch({ item: id })} onClose={() => setSearch({ item: undefined })} /> : null}
      {deleting ? <DeleteDialog projectId={projectId} ids={[...selected]} onClose={() => setDeleting(false)} onDeleted={() => { setDeleting(false); setSelected(new Set()) }} /> : null}
    </>
  )
}

function DeleteDialog({ projectId, ids, onClose, onDeleted }: { projectId: string; ids: string[]; onClose: () => void; onDeleted: () => void }) {
  const remove = useDeleteItems(projectId)
  return (
    <Dialog title={`Delete ${plural(ids.length, 'item')}?`} onClose={onClose}>
      <DialogForm submitLabel="Delete" danger onCancel={onClose} onSubmit={async () => { await remove.mutateAsync(ids); onDeleted() }}>
        <p>New runs leave them out. Runs that were made keep their outputs and scores, and the state “as of” an earlier run still shows them. To keep an item at hand, archive it instead.</p>
      </DialogForm>
    </Dialog>
  )
}

const FIELDS = ['id', 'input', 'expectedOutput', 'metadata', 'status', 'sourceTraceId', 'sourceObservationId', 'createdAt', 'updatedAt'] as const

/** Asks for every page first: an export that stops at the loaded rows would look whole and not be. */
function ExportMenu({ projectId, dataset, total, search }: { projectId: string; dataset: Dataset; total: number; search: DatasetSearch }) {
  const [done, setDone] = useState<number | null>(null)
  const save = async (format: 'csv' | 'json' | 'jsonl') => {
    setDone(0)
    const rows: DatasetItem[] = []
    for (let page = 1, pages = 1; page <= pages; page += 1) {
      const answer = await listDatasetItems(projectId, { datasetName: dataset.name, status: search.version == null ? (search.status ?? 'ACTIVE') : undefined, version: search.version, page })
      rows.push(...answer.data)
      pages = answer.meta.totalPages
      setDone(rows.length)
    }
    const records = rows.map((row) => Object.fromEntries(FIELDS.map((field) => [field, row[field]])))
    const text = format === 'json' ? JSON.stringify(records, null, 2) : format === 'jsonl' ? records.map((record) => `${JSON.stringify(record)}\n`).join('') : toCsv(FIELDS, rows.map((row) => FIELDS.map((field) => row[field])))
    saveFile(`${dataset.name}.${format}`, new Blob([text], { type: format === 'csv' ? 'text/csv;charset=utf-8' : 'application/json' }))
  }
  const start = (format: 'csv' | 'json' | 'jsonl') => {
    save(format).catch((error: unknown) => toast(`Not exported: ${messageOf(error)}`, 'error')).finally(() => setDone(null))
  }
  return (
    <Menu
      label="Export"
      align="end"
      entries={[
        { kind: 'heading', label: `All ${plural(total, 'item')} of this list` },
        { label: 'CSV', icon: 'download', disabled: total === 0, onSelect: () => start('csv') },
        { label: 'JSON', icon: 'download', disabled: total === 0, onSelect: () => start('json') },
        { label: 'JSONL', icon: 'download', disabled: total === 0, onSelect: () => start('jsonl') },
      ]}
      trigger={(trigger) => (
        <Button icon="download" busy={done != null} {...trigger}>
          {done != null ? `${done} of ${total}` : 'Export'}
        </Button>
      )}
    />
  )
}
