// Builders: an observation with sensible defaults, and a trace whose totals follow from its observations.
import type { Level, Score, TraceRow } from '../src/api/types'
import type { MockObservation, MockTrace } from './model'

const iso = (ms: number) => new Date(ms).toISOString()

export interface ObservationSeed {
  id: string
  parent?: string | null
  type?: string
  name?: string | null
  start: number
  end?: number | null
  firstToken?: number | null
  level?: Level
  statusMessage?: string | null
  model?: string | null
  tokens?: { input: number; output: number; cacheRead?: number; cacheWrite?: number }
  /** USD a million tokens; null: the price is unknown. */
  price?: { input: number; output: number } | null
  prompt?: { name: string; version: number }
  input?: unknown
  output?: unknown
  metadata?: unknown
  modelParameters?: Record<string, unknown> | null
}

export function observation(seed: ObservationSeed): MockObservation {
  const { tokens, price } = seed
  const cached = tokens?.cacheRead ?? 0
  const written = tokens?.cacheWrite ?? 0
  const total = tokens ? tokens.input + tokens.output + cached + written : 0
  const costDetails = tokens && price
    ? { input: (tokens.input * price.input) / 1e6, output: (tokens.output * price.output) / 1e6, ...(cached ? { cache_read_input_tokens: (cached * price.input * 0.1) / 1e6 } : {}), ...(written ? { cache_creation_input_tokens: (written * price.input * 1.25) / 1e6 } : {}) }
    : null
  const totalCost = costDetails ? Object.values(costDetails).reduce((sum, cost) => sum + cost, 0) : null
  const text = (value: unknown) => (value == null ? null : typeof value === 'string' ? value : JSON.stringify(value))
  const end = seed.end === undefined ? seed.start + 100 : seed.end
  return {
    id: seed.id,
    parentObservationId: seed.parent ?? null,
    type: seed.type ?? 'SPAN',
    name: seed.name === undefined ? 'span' : seed.name,
    startTime: iso(seed.start),
    endTime: end == null ? null : iso(end),
    completionStartTime: seed.firstToken == null ? null : iso(seed.firstToken),
    level: seed.level ?? 'DEFAULT',
    statusMessage: seed.statusMessage ?? null,
    latency: end == null ? null : (end - seed.start) / 1000,
    timeToFirstToken: seed.firstToken == null ? null : (seed.firstToken - seed.start) / 1000,
    model: price === null ? null : (seed.model ?? null),
    providedModel: seed.model ?? null,
    environment: 'production',
    version: null,
    usage: { input: tokens ? tokens.input + cached + written : 0, output: tokens?.output ?? 0, total },
    usageDetails: tokens ? { input: tokens.input, output: tokens.output, ...(cached ? { cache_read_input_tokens: cached } : {}), ...(written ? { cache_creation_input_tokens: written } : {}), total } : {},
    costDetails: costDetails ? { ...costDetails, total: totalCost ?? 0 } : {},
    totalCost,
    promptName: seed.prompt?.name ?? null,
    promptVersion: seed.prompt?.version ?? null,
    inputLength: text(seed.input)?.length ?? 0,
    outputLength: text(seed.output)?.length ?? 0,
    inputPreview: text(seed.input)?.slice(0, 120) ?? null,
    input: seed.input ?? null,
    output: seed.output ?? null,
    metadata: seed.metadata ?? null,
    modelParameters: seed.modelParameters ?? null,
  }
}

export interface TraceSeed {
  id: string
  start: number
  name?: string | null
  userId?: string | null
  sessionId?: string | null
  environment?: string
  tags?: string[]
  release?: string | null
  version?: string | null
  bookmarked?: boolean
  input?: unknown
  output?: unknown
  metadata?: unknown
  observations: MockObservation[]
  scores?: Score[]
  updatedAt?: number
}

export function trace(seed: TraceSeed): MockTrace {
  const { observations } = seed
  const count = (level: Level) => observations.filter((entry) => entry.level === level).length
  const sum = (read: (entry: MockObservation) => number | null | undefined) => observations.reduce((total, entry) => total + (read(entry) ?? 0), 0)
  const ends = observations.map((entry) => Date.parse(entry.endTime ?? entry.startTime))
  const end = ends.reduce((last, time) => Math.max(last, time), seed.start)
  const priced = observations.filter((entry) => entry.totalCost != null)
  const level: Level = count('ERROR') > 0 ? 'ERROR' : count('WARNING') > 0 ? 'WARNING' : 'DEFAULT'
  const preview = (value: unknown) => (value == null ? null : (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 300))
  const row: TraceRow = {
    id: seed.id,
    timestamp: iso(seed.start),
    name: seed.name === undefined ? 'trace' : seed.name,
    userId: seed.userId ?? null,
    sessionId: seed.sessionId ?? null,
    environment: seed.environment ?? 'production',
    tags: seed.tags ?? [],
    release: seed.release ?? null,
    version: seed.version ?? null,
    level,
    public: false,
    bookmarked: seed.bookmarked ?? false,
    inputPreview: preview(seed.input),
    outputPreview: preview(seed.output),
    latency: observations.length > 0 ? (end - seed.start) / 1000 : null,
    observationCount: observations.length,
    errorCount: count('ERROR'),
    warningCount: count('WARNING'),
    inputTokens: sum((entry) => entry.usage.input),
    outputTokens: sum((entry) => entry.usage.output),
    cachedTokens: sum((entry) => entry.usageDetails.cache_read_input_tokens),
    totalTokens: sum((entry) => entry.usage.total),
    totalCost: priced.length > 0 ? priced.reduce((total, entry) => total + (entry.totalCost ?? 0), 0) : null,
    unpricedCount: observations.filter((entry) => entry.providedModel != null && entry.totalCost == null).length,
    models: [...new Set(observations.flatMap((entry) => entry.model ?? entry.providedModel ?? []))],
    updatedAt: iso(seed.updatedAt ?? end + 400),
  }
  return { row, input: seed.input ?? null, output: seed.output ?? null, metadata: seed.metadata ?? null, observations, scores: seed.scores ?? [] }
}
