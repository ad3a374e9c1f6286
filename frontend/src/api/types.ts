// The shapes of the API that the dashboard uses, as docs/api-design.md describes them.

export interface Me {
  user: { id: string; email: string; name: string | null }
  organizations: Organization[]
}

export type UserRole = 'OWNER' | 'ADMIN' | 'MEMBER' | 'VIEWER' | 'NONE'

export interface Organization {
  id: string
  name: string
  role: UserRole
  projects: Project[]
}

export interface Project {
  id: string
  name: string
  role: UserRole
}

export interface ApiKey {
  id: string
  publicKey: string
  displaySecretKey: string
  note: string | null
  createdAt: string
  expiresAt: string | null
  lastUsedAt: string | null
  createdBy: string | null
}

export interface NewApiKey extends ApiKey {
  secretKey: string
}

export interface Page<Row> {
  data: Row[]
  meta: { cursor?: string | null }
}

export type Level = 'DEBUG' | 'DEFAULT' | 'WARNING' | 'ERROR'

export interface TraceRow {
  id: string
  timestamp: string
  name: string | null
  userId: string | null
  sessionId: string | null
  environment: string | null
  tags: string[]
  release: string | null
  version: string | null
  level: Level
  public: boolean
  bookmarked: boolean
  inputPreview: string | null
  outputPreview: string | null
  latency: number | null
  observationCount: number
  errorCount: number
  warningCount: number
  inputTokens: number
  outputTokens: number
  cachedTokens: number
  totalTokens: number
  totalCost: number | null
  unpricedCount: number
  models: string[]
  updatedAt: string
}

export interface ObservationNode {
  id: string
  parentObservationId: string | null
  type: string
  name: string | null
  startTime: string
  endTime: string | null
  completionStartTime: string | null
  level: Level
  statusMessage: string | null
  latency: number | null
  timeToFirstToken: number | null
  model: string | null
  providedModel: string | null
  environment: string | null
  version: string | null
  usage: { input: number | null; output: number | null; total: number | null } | null
  usageDetails: Record<string, number> | null
  costDetails: Record<string, number> | null
  totalCost: number | null
  promptName: string | null
  promptVersion: number | null
  inputLength: number | null
  outputLength: number | null
  inputPreview: string | null
}

export interface Score {
  id: string
  name: string
  value?: number | null
  stringValue?: string | null
  dataType: string
  source: string
  comment: string | null
  observationId: string | null
  timestamp: string
}

export interface TraceDetail {
  trace: TraceRow & { metadata: unknown; input?: unknown; output?: unknown }
  observations: ObservationNode[]
  scores: Score[]
  truncated: boolean
}

/** Langfuse's v1 observation; only what the detail panel reads. */
export interface ObservationDetail {
  id: string
  input?: unknown
  output?: unknown
  metadata?: unknown
  modelParameters?: Record<string, unknown> | null
}

export interface SessionRow {
  id: string
  createdAt: string
  updatedAt: string
  traceCount: number
  userIds: string[]
  environment: string | null
  durationSeconds: number | null
  totalCost: number | null
  totalTokens: number
  errorCount: number
  models: string[]
  tags: string[]
}

export interface FacetValue {
  value: string
  count: number
}
