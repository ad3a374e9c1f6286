// Lists, facets and single objects of the mock.
import type { ObservationNode, SessionRow, TraceDetail, TraceRow } from '../src/api/types'
import type { Filter } from '../src/lib/filters'
import { found, matches } from './filter'
import { notFound } from './http'
import type { MockObservation, MockProject, MockTrace } from './model'

function readFilters(params: URLSearchParams): Filter[] {
  return JSON.parse(params.get('filter') ?? '[]') as Filter[]
}

function inRange(time: string, params: URLSearchParams): boolean {
  const from = params.get('fromTimestamp')
  const to = params.get('toTimestamp')
  return (from == null || Date.parse(time) >= Date.parse(from)) && (to == null || Date.parse(time) < Date.parse(to))
}

function select(project: MockProject, params: URLSearchParams): MockTrace[] {
  const filters = readFilters(params)
  const search = params.get('search')?.trim() ?? ''
  const places = (params.get('searchIn') ?? '').split(',').filter(Boolean)
  return [...project.traces.values()].filter(
    (entry) =>
      inRange(entry.row.timestamp, params) &&
      filters.every((filter) => matches({ ...entry.row, input: entry.input, output: entry.output }, entry.metadata, filter)) &&
      (search === '' || found(entry, search, places)),
  )
}

function page<Row>(rows: Row[], params: URLSearchParams): { data: Row[]; cursor: string | null } {
  const limit = Number(params.get('limit') ?? 50)
  const from = Number(params.get('cursor') ?? 0)
  return { data: rows.slice(from, from + limit), cursor: from + limit < rows.length ? String(from + limit) : null }
}

function sorted<Row extends object>(rows: Row[], orderBy: string): Row[] {
  const [column = 'timestamp', direction] = orderBy.split('.')
  const sign = direction === 'asc' ? 1 : -1
  const read = (row: Row) => (row as Record<string, unknown>)[column] as string | number | null
  return [...rows].sort((a, b) => {
    const [left, right] = [read(a), read(b)]
    if (left == null || right == null) return left == null ? (right == null ? 0 : 1) : -1
    return left < right ? -sign : left > right ? sign : 0
  })
}

export function listTraces(project: MockProject, params: URLSearchParams): { data: TraceRow[]; cursor: string | null; total: number } {
  const rows = select(project, params).map((entry) => entry.row)
  return { ...page(sorted(rows, params.get('orderBy') ?? 'timestamp.desc'), params), total: rows.length }
}

export function listFacets(project: MockProject, params: URLSearchParams): { data: { value: string; count: number }[] } {
  const column = params.get('column') ?? ''
  const search = (params.get('search') ?? '').toLowerCase()
  const counts = new Map<string, number>()
  for (const { row } of project.traces.values()) {
    if (!inRange(row.timestamp, params)) continue
    const value = (row as unknown as Record<string, unknown>)[column]
    for (const entry of Array.isArray(value) ? (value as string[]) : typeof value === 'string' ? [value] : []) {
      if (entry.toLowerCase().includes(search)) counts.set(entry, (counts.get(entry) ?? 0) + 1)
    }
  }
  const data = [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count)
  return { data: data.slice(0, 50) }
}

export function getTrace(project: MockProject, id: string): TraceDetail {
  if (id === 'boom') throw new Error('asked for')
  const entry = project.traces.get(id)
  if (!entry) throw notFound('Trace')
  return {
    trace: { ...entry.row, metadata: entry.metadata, input: entry.input, output: entry.output },
    observations: entry.observations.map(withoutTexts),
    scores: entry.scores,
    truncated: false,
  }
}

function withoutTexts(observation: MockObservation): ObservationNode {
  const texts = new Set(['input', 'output', 'metadata', 'modelParameters'])
  return Object.fromEntries(Object.entries(observation).filter(([name]) => !texts.has(name))) as unknown as ObservationNode
}

export function getTraceV1(project: MockProject, id: string): unknown {
  const entry = project.traces.get(id)
  if (!entry) throw notFound('Trace')
  return { ...entry.row, input: entry.input, output: entry.output, metadata: entry.metadata, observations: entry.observations, scores: entry.scores }
}

function sessionRows(project: MockProject): SessionRow[] {
  const groups = new Map<string, TraceRow[]>()
  for (const { row } of project.traces.values()) if (row.sessionId != null) groups.set(row.sessionId, [...(groups.get(row.sessionId) ?? []), row])
  return [...groups].map(([id, rows]) => {
    const times = rows.map((row) => Date.parse(row.timestamp))
    const ends = rows.map((row) => Date.parse(row.timestamp) + (row.latency ?? 0) * 1000)
    const costs = rows.flatMap((row) => row.totalCost ?? [])
    return {
      id,
      createdAt: new Date(Math.min(...times)).toISOString(),
      updatedAt: new Date(Math.max(...ends)).toISOString(),
      traceCount: rows.length,
      userIds: [...new Set(rows.flatMap((row) => row.userId ?? []))],
      environment: rows[0]?.environment ?? 'default',
      durationSeconds: (Math.max(...ends) - Math.min(...times)) / 1000,
      totalCost: costs.length > 0 ? costs.reduce((sum, cost) => sum + cost, 0) : null,
      totalTokens: rows.reduce((sum, row) => sum + row.totalTokens, 0),
      unpricedCount: rows.reduce((sum, row) => sum + row.unpricedCount, 0),
      errorCount: rows.reduce((sum, row) => sum + row.errorCount, 0),
      models: [...new Set(rows.flatMap((row) => row.models))],
      tags: [...new Set(rows.flatMap((row) => row.tags))],
    }
  })
}

export function listSessions(project: MockProject, params: URLSearchParams): { data: SessionRow[]; meta: { cursor?: string } } {
  const filters = readFilters(params)
  const search = (params.get('search') ?? '').toLowerCase()
  const rows = sessionRows(project).filter((row) => inRange(row.updatedAt, params) && `${row.id} ${row.userIds.join(' ')}`.toLowerCase().includes(search) && filters.every((filter) => matches(row as unknown as Record<string, unknown>, null, filter)))
  const { data, cursor } = page(sorted(rows, params.get('orderBy') ?? 'updatedAt.desc'), params)
  return { data, meta: cursor ? { cursor } : {} }
}

export function getSession(project: MockProject, id: string): SessionRow {
  const row = sessionRows(project).find((entry) => entry.id === id)
  if (!row) throw notFound('Session')
  return row
}
