// What the mock keeps: whole traces, with the texts that the real API serves separately.
import type { ApiKey, Me, ObservationNode, Score, TraceRow } from '../src/api/types'

export interface MockObservation extends ObservationNode {
  input: unknown
  output: unknown
  metadata: unknown
  modelParameters: Record<string, unknown> | null
}

export interface MockTrace {
  row: TraceRow
  input: unknown
  output: unknown
  metadata: unknown
  observations: MockObservation[]
  scores: Score[]
}

export interface MockProject {
  traces: Map<string, MockTrace>
  keys: ApiKey[]
  /** Makes a trace every few seconds while someone looks. */
  live: boolean
}

export interface MockStore {
  started: number
  me: Me
  password: string
  projects: Map<string, MockProject>
  sessions: Set<string>
  failures: number
  nextLive: number
}
