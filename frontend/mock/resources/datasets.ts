// Datasets of the mock, their items, runs and experiments.
import type { Dataset, DatasetItem, DatasetRun, ScoreV3 } from '../../src/api/types'
import { invalid, notFound } from '../http'
import type { MockTrace } from '../model'
import { newId, now, numbered, ok, type Answer, type Call } from './kit'

interface RunItem {
  runId: string
  itemId: string
  traceId: string
  output: unknown
  startTime: string
  scores: ScoreV3[]
}

export interface MockDatasets {
  datasets: Dataset[]
  items: DatasetItem[]
  runs: DatasetRun[]
  runItems: RunItem[]
}

const CAPITALS = [['France', 'Paris'], ['Japan', 'Tokyo'], ['Kenya', 'Nairobi'], ['Chile', 'Santiago'], ['Canada', 'Ottawa'], ['Australia', 'Canberra'], ['Turkey', 'Ankara'], ['Morocco', 'Rabat'], ['Vietnam', 'Hanoi'], ['Peru', 'Lima']] as const

export function seedDatasets(at: number, traces: readonly MockTrace[]): MockDatasets {
  const time = (daysAgo: number) => new Date(at - daysAgo * 86_400_000).toISOString()
  const dataset = (id: string, name: string, daysAgo: number, extra: Partial<Dataset> = {}): Dataset => ({ id, name, description: null, metadata: null, inputSchema: null, expectedOutputSchema: null, projectId: 'proj-shop', createdAt: time(daysAgo), updatedAt: time(daysAgo), ...extra })
  const capitals = dataset('ds-1', 'geography/capital cities', 14, { description: 'Small and quick: run it after every change.', inputSchema: { type: 'object', required: ['question'], properties: { question: { type: 'string' } } } })
  const hostile = dataset('ds-2', 'hostile <b>texts</b>', 8, { description: '<img src=x onerror=alert(1)>' })
  const item = (id: string, of: Dataset, input: unknown, expectedOutput: unknown, extra: Partial<DatasetItem> = {}): DatasetItem => ({ id, status: 'ACTIVE', input, expectedOutput, metadata: null, sourceTraceId: null, sourceObservationId: null, datasetId: of.id, datasetName: of.name, createdAt: time(13), updatedAt: time(13), mediaReferences: [], ...extra })
  const items = [
    ...CAPITALS.map(([country, city], index) => item(`item-${index + 1}`, capitals, { question: `What is the capital of ${country}?` }, city, { metadata: { continent: index % 2 === 0 ? 'A' : 'B' } })),
    item('item-old', capitals, { question: 'What was the capital of the GDR?' }, 'East Berlin', { status: 'ARCHIVED' }),
    item('h-1', hostile, '<script>alert(1)</script>', '‮txt.exe'),
  ]
  const names = ['baseline', 'gpt-5, temperature 0', 'with the shared tone']
  const runs = names.map((name, index): DatasetRun => ({ id: `run-${index + 1}`, name, description: index === 2 ? 'Version 3 of support/answer' : null, metadata: { model: index === 0 ? 'gpt-4o' : 'gpt-5' }, datasetId: capitals.id, datasetName: capitals.name, createdAt: time(6 - index * 2), updatedAt: time(6 - index * 2) })).reverse()
  const score = (id: string, name: string, dataType: string, value: unknown, startTime: string): ScoreV3 => ({ id, projectId: 'proj-shop', name, value, dataType, source: 'API', timestamp: startTime, environment: 'default', createdAt: startTime, updatedAt: startTime, comment: null, authorUserId: null, configId: null, queueId: null, metadata: null, subject: null })
  const runItems = runs.flatMap((run, column) =>
    CAPITALS.map(([, city], index): RunItem => {
      const right = (index * 7 + column * 3) % 5 !== 0
      return {
        runId: run.id, itemId: `item-${index + 1}`, traceId: traces[index + column * 10]?.row.id ?? 'nowhere', output: right ? (column === 0 ? `The capital is ${city}.` : city) : 'I am not sure.', startTime: run.createdAt,
        scores: [score(`s-${column}-${index}`, 'exact_match', 'NUMERIC', right && column > 0 ? 1 : 0, run.createdAt), score(`b-${column}-${index}`, 'correct', 'BOOLEAN', right, run.createdAt)],
      }
    }),
  )
  return { datasets: [hostile, capitals], items, runs, runItems }
}

export function handleDatasets(call: Call): Answer | null {
  const { project, method, path, params, body } = call
  const { datasets } = project
  const [a, b, c, d, e] = path
  if (a === 'v2' && b === 'datasets') {
    if (method === 'POST') return ok(save(datasets, body))
    if (c != null) return ok(find(datasets, c))
    const words = (params.get('name') ?? '').toLowerCase()
    return ok(numbered(datasets.datasets.filter((entry) => entry.name.toLowerCase().includes(words)), params))
  }
  if (a === 'dataset-items') {
    if (method === 'POST') return ok(saveItem(datasets, body))
    if (method === 'DELETE') {
      datasets.items = datasets.items.filter((entry) => entry.id !== b)
      return ok({ message: 'Dataset item deleted' })
    }
    if (b != null) {
      const item = datasets.items.find((entry) => entry.id === b)
      if (!item) throw notFound('Dataset item')
      return ok(item)
    }
    const status = params.get('status') ?? 'ACTIVE'
    return ok(numbered(datasets.items.filter((entry) => entry.datasetName === params.get('datasetName') && (status === 'ALL' || entry.status === status)), params))
  }
  if (a === 'datasets' && b != null && c === 'runs') {
    if (method === 'DELETE') {
      datasets.runs = datasets.runs.filter((run) => run.name !== d)
      return ok({ message: 'Dataset run deleted' })
    }
    return ok(numbered(datasets.runs.filter((run) => run.datasetName === b && e == null), params))
  }
  if (a === 'experiments') {
    const ids = (params.get('id') ?? '').split(',')
    return ok({ data: datasets.runs.filter((run) => ids.includes(run.id)).map((run) => ({ id: run.id, name: run.name, description: run.description, startTime: run.createdAt, endTime: run.updatedAt, itemCount: datasets.runItems.filter((entry) => entry.runId === run.id).length, datasetId: run.datasetId, scores: [] })), meta: {} })
  }
  if (a === 'experiment-items') {
    const rows = datasets.runItems.filter((entry) => (!params.has('experimentId') || entry.runId === params.get('experimentId')) && (!params.has('experimentItemId') || entry.itemId === params.get('experimentItemId')))
    return ok({ data: rows.map((entry) => ({ id: `obs-${entry.traceId}`, traceId: entry.traceId, startTime: entry.startTime, endTime: entry.startTime, level: 'DEFAULT', environment: 'sdk-experiment', experimentId: entry.runId, experimentName: datasets.runs.find((run) => run.id === entry.runId)?.name ?? 'deleted', experimentItemId: entry.itemId, input: datasets.items.find((item) => item.id === entry.itemId)?.input, output: entry.output, expectedOutput: datasets.items.find((item) => item.id === entry.itemId)?.expectedOutput, scores: entry.scores })), meta: {} })
  }
  return null
}

function find({ datasets }: MockDatasets, name: unknown): Dataset {
  const found = datasets.find((entry) => entry.name === name)
  if (!found) throw notFound('Dataset')
  return found
}

function save(all: MockDatasets, body: Record<string, unknown>): Dataset {
  if (typeof body.name !== 'string' || body.name === '') throw invalid('A dataset needs a name')
  const found = all.datasets.find((entry) => entry.name === body.name)
  const changed = { description: typeof body.description === 'string' && body.description !== '' ? body.description : null, metadata: body.metadata ?? null, inputSchema: body.inputSchema ?? null, expectedOutputSchema: body.expectedOutputSchema ?? null, updatedAt: now() }
  if (found) return Object.assign(found, changed)
  const made: Dataset = { id: newId('ds'), name: body.name, projectId: 'proj', createdAt: now(), ...changed }
  all.datasets.unshift(made)
  return made
}

function saveItem(all: MockDatasets, body: Record<string, unknown>): DatasetItem {
  const dataset = find(all, body.datasetName)
  if (JSON.stringify(body.input ?? null).includes('refuse me')) throw invalid('input does not satisfy the schema of the dataset')
  const found = all.items.find((entry) => entry.id === body.id)
  const status = body.status === 'ARCHIVED' ? 'ARCHIVED' : 'ACTIVE'
  if (found) return Object.assign(found, Object.fromEntries(Object.entries({ input: body.input, expectedOutput: body.expectedOutput, metadata: body.metadata }).filter(([, value]) => value != null)), { status, updatedAt: now() })
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  const made: DatasetItem = { id: text(body.id) ?? newId('item'), status, input: body.input ?? null, expectedOutput: body.expectedOutput ?? null, metadata: body.metadata ?? null, sourceTraceId: text(body.sourceTraceId), sourceObservationId: text(body.sourceObservationId), datasetId: dataset.id, datasetName: dataset.name, createdAt: now(), updatedAt: now(), mediaReferences: [] }
  all.items.unshift(made)
  return made
}
