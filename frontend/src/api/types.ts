// The shapes of the API that the dashboard uses: the generated ones, with the server's optional values as `null`. Code that
// reads them tests with `== null`, so an absent value is as good as a null one.
import type { components } from './generated/schema'

type Schemas = components['schemas']

/** Optional properties become required ones that may be null. */
type Nullable<T> = { [K in keyof T]-?: undefined extends T[K] ? Exclude<T[K], undefined> : T[K] }

export type Me = Schemas['Me']
export type Organization = Schemas['MeOrganization']
export type Project = Schemas['MeProject']
export type ApiKey = Nullable<Schemas['ApiKeyEntry']>
export type NewApiKey = Nullable<Schemas['CreatedApiKey']>
export type TraceRow = Nullable<Schemas['TraceRow']>
export type ObservationNode = Nullable<Schemas['ObservationNode']>
export type SessionRow = Nullable<Schemas['SessionRow']>
export type FacetValue = Schemas['Facet']

/** Known levels; others may come, and look like the default. */
export type Level = 'DEBUG' | 'DEFAULT' | 'WARNING' | 'ERROR'

export interface Page<Row> {
  data: Row[]
  meta: { cursor?: string | null }
}

export type Score = Nullable<Pick<Schemas['ScoreV1'], 'id' | 'name' | 'value' | 'stringValue' | 'dataType' | 'source' | 'comment' | 'observationId' | 'timestamp'>>

export interface TraceDetail {
  trace: TraceRow & { metadata: unknown; input?: unknown; output?: unknown }
  observations: ObservationNode[]
  scores: Score[]
  truncated: boolean
}

/** Only what the detail panel reads. */
export type ObservationDetail = Pick<Schemas['Observation'], 'id' | 'input' | 'output' | 'metadata'> & { modelParameters?: unknown }
