// Sums over the observations of a project, by the metrics query of Langfuse.
import { call } from './client'

export interface MetricsQuery {
  view: 'observations' | 'scores-numeric' | 'scores-categorical'
  dimensions: { field: string }[]
  metrics: { measure: string; aggregation: string }[]
  filters: unknown[]
  timeDimension?: { granularity: 'hour' | 'day' | 'week' | 'auto' }
  fromTimestamp: string
  toTimestamp: string
  config?: { row_limit: number }
}

export type MetricsRow = Record<string, unknown>

export const queryMetrics = (projectId: string, query: MetricsQuery, signal?: AbortSignal) =>
  call<{ data: MetricsRow[] }>('/api/public/v2/metrics', { projectId, query: { query: JSON.stringify(query) }, signal })

/** Figures may come as JSON strings from an engine that counts in 64 bits. */
export function figure(row: MetricsRow, key: string): number {
  const value = Number(row[key] ?? 0)
  return Number.isFinite(value) ? value : 0
}
