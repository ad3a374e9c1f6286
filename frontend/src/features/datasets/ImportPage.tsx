// Imports a file of rows into a dataset: read in the browser, columns mapped, looked at, then sent item by item through the
// API, a few at a time, with what was refused row by row.
import { useQueryClient, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'

import { ApiError, messageOf } from '../../api/client'
import { saveDatasetItem } from '../../api/datasets'
import { useMayWrite } from '../../api/queries'
import { formatBytes, formatCount, plural } from '../../lib/format'
import { schemaProblems } from '../../lib/jsonSchema'
import { runPool } from '../../lib/pool'
import { formatOf, guessMapping, readTable, toItem, type ImportedItem, type ItemField, type Mapping, type Table as FileTable } from '../../lib/table'
import { visibleLine } from '../../lib/visibleText'
import { datasetLink, datasetsLink } from '../../paths'
import { Hostile } from '../../ui/Badge'
import { Button } from '../../ui/Button'
import { saveFile } from '../../ui/CopyButton'
import { cx } from '../../ui/cx'
import { EmptyState, ErrorState, InlineError, LoadingState, Notice } from '../../ui/Feedback'
import { Icon } from '../../ui/Icon'
import { Lead, PageBody, Progress, Section } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { Table, tableStyles } from '../../ui/Table'
import styles from './datasets.module.css'
import { datasetQuery } from './queries'

const route = getRouteApi('/app/project/$projectId/datasets/$datasetName/import')

const MAX_BYTES = 50_000_000
const PARALLEL = 6
const TRIES = 4

interface Outcome {
  done: number
  failed: { row: number; message: string }[]
  running: boolean
  stopped: boolean
}

export function ImportPage() {
  const { projectId, datasetName } = route.useParams()
  const dataset = useQuery(datasetQuery(projectId, datasetName))
  const mayWrite = useMayWrite(projectId)
  const [file, setFile] = useState<{ name: string; table: FileTable } | null>(null)
  const header = <PageHeader trail={[<Link key="all" {...datasetsLink(projectId)}>Datasets</Link>, <Link key="one" {...datasetLink(projectId, datasetName)}><Hostile text={datasetName} /></Link>]} title="Import items" />
  if (dataset.isPending) return <LoadingState label="Loading dataset" />
  if (dataset.isError) return <ErrorState title="The dataset could not be loaded" message={messageOf(dataset.error)} onRetry={() => void dataset.refetch()} />
  if (!mayWrite) return <>{header}<EmptyState icon="upload" title="Viewers cannot import">Ask an administrator for the role of a member.</EmptyState></>
  return (
    <>
      {header}
      <PageBody>
        {file == null ? <ChooseFile onFile={setFile} /> : (
          <MapAndSend key={file.name} projectId={projectId} datasetName={datasetName} file={file} inputSchema={dataset.data.inputSchema} outputSchema={dataset.data.expectedOutputSchema} onAgain={() => setFile(null)} />
        )}
      </PageBody>
    </>
  )
}

function ChooseFile({ onFile }: { onFile: (file: { name: string; table: FileTable }) => void }) {
  const [over, setOver] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const ref = useRef<HTMLInputElement>(null)
  const read = async (file: File | undefined) => {
    setProblem(null)
    if (!file) return
    if (file.size > MAX_BYTES) {
      setProblem(`The file has ${formatBytes(file.size)}. Split it into files of at most ${formatBytes(MAX_BYTES)}, or send the items from code.`)
      return
    }
    const text = await file.text()
    const table = readTable(text, formatOf(file.name, text))
    if (table.rows.length === 0) setProblem(table.problems[0]?.message ?? 'There are no rows in this file. The first line of a CSV file names its columns.')
    else onFile({ name: file.name, table })
  }
  return (
    <>
      <Lead>A CSV file with a header line, a JSON list, or JSONL with a value a line. The file is read in your browser; you choose what becomes of its columns before anything is sent.</Lead>
      <div
        className={cx(styles.drop, over && styles.dropOver)}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          void read(event.dataTransfer.files[0])
        }}
      >
        <Icon name="upload" size={22} />
        <p>Drop a file here</p>
        <Button variant="primary" onClick={() => ref.current?.click()}>
          Choose a file
        </Button>
        <p className={styles.faint}>CSV, JSON or JSONL, at most {formatBytes(MAX_BYTES)}</p>
        <input ref={ref} type="file" className="visually-hidden" tabIndex={-1} aria-label="File to import" accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,text/csv,application/json" onChange={(event) => void read(event.target.files?.[0])} />
      </div>
      {problem ? <InlineError>{problem}</InlineError> : null}
    </>
  )
}

const FIELD_NAMES: Record<ItemField, string> = { input: 'Input', expectedOutput: 'Expected output', metadata: 'Metadata', id: 'ID' }
const FIELDS: readonly ItemField[] = ['input', 'expectedOutput', 'metadata', 'id']

function MapAndSend({ projectId, datasetName, file, inputSchema, outputSchema, onAgain }: { projectId: string; datasetName: string; file: { name: string; table: FileTable }; inputSchema: unknown; outputSchema: unknown; onAgain: () => void }) {
  const { table } = file
  const client = useQueryClient()
  const [mapping, setMapping] = useState<Mapping>(() => guessMapping(table.columns))
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const abort = useRef<AbortController | null>(null)
  useEffect(() => () => abort.current?.abort(), [])

  const items = useMemo(() => table.rows.map((row) => toItem(row, mapping)), [table, mapping])
  const misfits = useMemo(() => items.flatMap((item, index) => problemsOf(item, inputSchema, outputSchema).map((problem) => ({ row: index + 1, message: problem }))), [items, inputSchema, outputSchema])
  const without = items.filter((item) => item.input === undefined).length
  const ids = items.flatMap((item) => item.id ?? [])
  const twice = ids.length - new Set(ids).size

  const start = async () => {
    const controller = new AbortController()
    abort.current = controller
    const failed: Outcome['failed'] = []
    setOutcome({ done: 0, failed, running: true, stopped: false })
    await runPool(items, async (item, index) => {
      const message = await send(projectId, { ...item, datasetName }, controller.signal)
      if (message != null) failed.push({ row: index + 1, message })
    }, { parallel: PARALLEL, signal: controller.signal, onProgress: (done) => setOutcome({ done, failed: [...failed], running: true, stopped: false }) })
    setOutcome((current) => current && { ...current, failed: [...failed].sort((a, b) => a.row - b.row), running: false, stopped: controller.signal.aborted })
    await client.invalidateQueries({ queryKey: ['datasets', projectId] })
  }

  if (outcome) return <Sending projectId={projectId} datasetName={datasetName} total={items.length} outcome={outcome} rows={table.rows} onStop={() => abort.current?.abort()} onAgain={onAgain} />
  const assign = (column: string, field: ItemField | '') => {
    setMapping((current) => {
      const next = Object.fromEntries(FIELDS.map((entry) => [entry, current[entry].filter((name) => name !== column)])) as Mapping
      if (field === 'id') next.id = [column]
      else if (field !== '') next[field] = table.columns.filter((name) => name === column || next[field].includes(name))
      return next
    })
  }
  return (
    <>
      <Section title="Columns" meta={`${file.name} · ${plural(table.rows.length, 'row')}`} actions={<Button onClick={onAgain}>Another file</Button>}>
        <Lead>One column becomes the value itself; several become an object with a key each. Cells that hold JSON are read as JSON.</Lead>
        <Table label="Columns" head={['Column', 'Becomes', 'First value']}>
          {table.columns.slice(0, 100).map((column) => (
            <tr key={column}>
              <td className={tableStyles.name}>
                <Hostile text={column} />
              </td>
              <td>
                <select className={styles.mapping} aria-label={`Column ${column} becomes`} value={FIELDS.find((field) => mapping[field].includes(column)) ?? ''} onChange={(event) => assign(column, event.target.value as ItemField | '')}>
                  <option value="">left out</option>
                  {FIELDS.map((field) => (
                    <option key={field} value={field}>
                      {FIELD_NAMES[field]}
                    </option>
                  ))}
                </select>
              </td>
              <td className={tableStyles.wide}>
                <Hostile text={short(table.rows[0]?.[column])} />
              </td>
            </tr>
          ))}
        </Table>
      </Section>
      {table.problems.length > 0 ? <Notice tone="warning">{plural(table.problems.length, 'line')} could not be read and {table.problems.length === 1 ? 'is' : 'are'} left out: {table.problems.slice(0, 5).map((problem) => `line ${problem.line} (${problem.message})`).join(', ')}</Notice> : null}
      {without > 0 ? <Notice tone="warning">{plural(without, 'row')} {without === 1 ? 'has' : 'have'} no input.</Notice> : null}
      {twice > 0 ? <Notice tone="warning">{plural(twice, 'row')} {twice === 1 ? 'repeats' : 'repeat'} an id of another row: the later one wins.</Notice> : null}
      {misfits.length > 0 ? <Notice tone="warning">{plural(misfits.length, 'value')} {misfits.length === 1 ? 'does' : 'do'} not fit the dataset’s schema and will be refused: {misfits.slice(0, 3).map((problem) => `row ${problem.row}: ${problem.message}`).join('; ')}</Notice> : null}
      <Section title="Preview" meta={`the first ${Math.min(5, items.length)}`}>
        <Table label="Preview" head={['Row', 'Input', 'Expected output', 'Metadata', 'ID']}>
          {items.slice(0, 5).map((item, index) => (
            <tr key={index}>
              <td className={tableStyles.faint}>{index + 1}</td>
              {(['input', 'expectedOutput', 'metadata', 'id'] as const).map((field) => (
                <td key={field} className={tableStyles.wide}>
                  {item[field] === undefined ? <span className={styles.faint}>–</span> : <code><Hostile text={short(item[field], field !== 'id')} /></code>}
                </td>
              ))}
            </tr>
          ))}
        </Table>
      </Section>
      <div>
        <Button variant="primary" icon="upload" disabled={FIELDS.every((field) => mapping[field].length === 0)} onClick={() => void start()}>
          Import {plural(items.length, 'item')}
        </Button>
      </div>
    </>
  )
}

function problemsOf(item: ImportedItem, inputSchema: unknown, outputSchema: unknown): string[] {
  return [
    ...(inputSchema != null && item.input !== undefined ? schemaProblems(inputSchema, item.input).slice(0, 1).map((problem) => `input ${problem}`) : []),
    ...(outputSchema != null && item.expectedOutput !== undefined ? schemaProblems(outputSchema, item.expectedOutput).slice(0, 1).map((problem) => `expected output ${problem}`) : []),
  ]
}

/** Waits and tries again when the server is busy; any other refusal is the row's. Null when the item is stored. */
async function send(projectId: string, item: Parameters<typeof saveDatasetItem>[1], signal: AbortSignal): Promise<string | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await saveDatasetItem(projectId, item, signal)
      return null
    } catch (error) {
      if (signal.aborted) return 'Stopped'
      const passing = error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500)
      if (!passing || attempt >= TRIES) return messageOf(error)
      await new Promise((resolve) => setTimeout(resolve, (error.retryAfter ?? 2 ** (attempt - 1)) * 1000))
    }
  }
}

function Sending({ projectId, datasetName, total, outcome, rows, onStop, onAgain }: { projectId: string; datasetName: string; total: number; outcome: Outcome; rows: readonly Record<string, unknown>[]; onStop: () => void; onAgain: () => void }) {
  const stored = outcome.done - outcome.failed.length
  return (
    <>
      <Section title={outcome.running ? 'Importing' : outcome.stopped ? 'Stopped' : outcome.failed.length > 0 ? 'Imported in part' : 'Imported'}>
        <Progress label="Import" done={outcome.done} total={total} />
        <p role="status">
          {formatCount(stored)} of {plural(total, 'item')} stored{outcome.failed.length > 0 ? `, ${formatCount(outcome.failed.length)} refused` : ''}.
        </p>
        <div className={styles.buttons}>
          {outcome.running ? <Button onClick={onStop}>Stop</Button> : (
            <>
              <Link {...datasetLink(projectId, datasetName)} tabIndex={-1}>
                <Button variant="primary">Show the items</Button>
              </Link>
              <Button onClick={onAgain}>Import another file</Button>
            </>
          )}
          {!outcome.running && outcome.failed.length > 0 ? (
            <Button icon="download" onClick={() => saveFile('refused-rows.jsonl', new Blob([outcome.failed.map((entry) => `${JSON.stringify(rows[entry.row - 1])}\n`).join('')], { type: 'application/json' }))}>
              Save the refused rows
            </Button>
          ) : null}
        </div>
      </Section>
      {outcome.failed.length > 0 ? (
        <Section title="Refused rows" meta={formatCount(outcome.failed.length)}>
          <Table label="Refused rows" head={[{ label: 'Row', align: 'end' }, 'Why']}>
            {outcome.failed.slice(0, 200).map((entry) => (
              <tr key={entry.row}>
                <td className={tableStyles.end}>{entry.row}</td>
                <td className={tableStyles.wrapCell}>{visibleLine(entry.message.slice(0, 500))}</td>
              </tr>
            ))}
          </Table>
        </Section>
      ) : null}
    </>
  )
}

function short(value: unknown, asJson = false): string {
  if (value == null) return ''
  return (typeof value === 'string' && !asJson ? value : JSON.stringify(value)).slice(0, 160)
}
