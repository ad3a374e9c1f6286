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

export type Score = Nullable<Pick<Schemas['ScoreV1'], 'id' | 'name' | 'value' | 'stringValue' | 'dataType' | 'source' | 'comment' | 'observationId' | 'timestamp'>> & { configId?: string | null }

export interface TraceDetail {
  trace: TraceRow & { metadata: unknown; input?: unknown; output?: unknown }
  observations: ObservationNode[]
  scores: Score[]
  truncated: boolean
}

/** Only what the detail panel reads. */
export type ObservationDetail = Pick<Schemas['Observation'], 'id' | 'input' | 'output' | 'metadata'> & { modelParameters?: unknown; traceId?: string | null }

export interface NumberedPage<Row> {
  data: Row[]
  meta: { page: number; limit: number; totalItems: number; totalPages: number }
}

export type PromptMeta = Schemas['PromptMeta']
export type Prompt = Nullable<Schemas['Prompt']>
export type PromptVersionRow = Nullable<Omit<Schemas['PromptVersionRow'], 'prompt' | 'config'>> & { prompt?: unknown; config?: unknown }
export interface PromptHistory extends NumberedPage<PromptVersionRow> {
  name: string
  type: PromptMeta['type']
  tags: string[]
  labels: Record<string, number>
  protectedLabels: string[]
}
export type PromptFolder = Schemas['PromptFolder']
export type PromptFacets = Schemas['PromptFacets']
export type PromptDependent = Nullable<Schemas['PromptDependent']>

export type Dataset = Nullable<Schemas['Dataset']>
export type DatasetItem = Nullable<Schemas['DatasetItem']>
export type DatasetRun = Nullable<Schemas['DatasetRun']>
export type ScoreV3 = Nullable<Schemas['ScoreV3']>
export type Experiment = Nullable<Omit<Schemas['Experiment'], 'scores'>> & { scores?: ScoreV3[] | null }
export type ExperimentItem = Nullable<Omit<Schemas['ExperimentItem'], 'scores'>> & { scores?: ScoreV3[] | null; input?: unknown; output?: unknown; expectedOutput?: unknown }
export type ScoreListRow = Nullable<Schemas['Score']>

export type ScoreConfig = Nullable<Schemas['ScoreConfig']>
export type AnnotationQueue = Nullable<Schemas['AnnotationQueue']>
export type AnnotationQueueItem = Nullable<Schemas['AnnotationQueueItem']>
export type QueueProgress = Schemas['QueueProgress']
export type Assignee = Schemas['Assignee']
export type SignedComment = Nullable<Schemas['SignedComment']>

export type Model = Nullable<Omit<Schemas['Model'], 'serviceTiers'>> & { serviceTiers?: Schemas['ServiceTier'][] }
export type RateLimit = Nullable<Schemas['RateLimit']>
export type Recalculation = Nullable<Schemas['Recalculation']>
export type LlmConnection = Nullable<Schemas['LlmConnection']>
export type GithubWebhook = Nullable<Schemas['GithubWebhook']>
export type NewGithubWebhook = Nullable<Schemas['CreatedGithubWebhook']>
export type Media = Schemas['Media']

export type Membership = Schemas['MembershipEntry']
export type Invitation = Nullable<Schemas['InvitationEntry']>
export type NewInvitation = Nullable<Schemas['CreatedInvitation']>
export type InvitationAbout = Schemas['InvitationAbout']
export type Role = Membership['role']
/** Only what lists of steps read. */
export type ObservationRow = Nullable<Pick<Schemas['ObservationV2'], 'id' | 'traceId' | 'name' | 'type' | 'startTime' | 'level' | 'latency' | 'totalCost' | 'promptVersion' | 'model'>>

export type TerminalCommand = Nullable<Schemas['TerminalCommand']>
export type FileOperation = Nullable<Schemas['FileOperation']>
export type GitLink = Nullable<Schemas['GitLink']>
export type CiRun = Nullable<Schemas['CiRun']>
export type AgentSession = Nullable<Omit<Schemas['AgentSession'], 'pullRequests'>> & { pullRequests: Nullable<Schemas['PullRequestRef']>[] }
export type AgentUsage = Nullable<Schemas['AgentUsageRow']>
export type LinkedSession = Nullable<Schemas['CommitSession']>
export type Commit = Nullable<Omit<Schemas['Commit'], 'sessions'>> & { sessions: LinkedSession[] }
export type PullRequest = Nullable<Schemas['PullRequest']>
