// What the mock keeps: whole traces, with the texts that the real API serves separately.
import type { ApiKey, Me, ObservationNode, Score, TraceRow } from '../src/api/types'
import type { MockAgents } from './seed/agentSession'
import type { MockAnnotation } from './resources/annotation'
import type { MockDatasets } from './resources/datasets'
import type { MockPrompts } from './resources/prompts'
import type { MockOrganization, MockSettings } from './resources/settings'

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
  prompts: MockPrompts
  datasets: MockDatasets
  annotation: MockAnnotation
  settings: MockSettings
  agents: MockAgents
  /** Makes a trace every few seconds while someone looks. */
  live: boolean
}

export interface MockStore extends MockOrganization {
  started: number
  me: Me
  password: string
  projects: Map<string, MockProject>
  sessions: Set<string>
  failures: number
  nextLive: number
}
