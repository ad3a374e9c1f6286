// One function per operation the dashboard calls. Paths and shapes: docs/api-design.md.
import type { Filter } from '../lib/filters'
import { call, callRaw } from './client'
import { recentScores } from './recentScores'
import type { ApiKey, FacetValue, Me, NewApiKey, ObservationDetail, ObservationRow, Page, SessionRow, TraceDetail, TraceRow } from './types'

export interface ListQuery {
  fromTimestamp?: string
  toTimestamp?: string
  filters: readonly Filter[]
  search?: string
  searchIn?: string
  orderBy?: string
  limit?: number
  cursor?: string
}

const seg = encodeURIComponent

function listParams(query: ListQuery): Record<string, string | number | undefined> {
  const { filters, search, ...rest } = query
  return {
    ...rest,
    filter: filters.length > 0 ? JSON.stringify(filters) : undefined,
    search: search === '' ? undefined : search,
    searchIn: search ? query.searchIn : undefined,
  }
}

export const signIn = (email: string, password: string) => call<Me>('/api/auth/sign-in', { method: 'POST', body: { email, password }, anonymous: true })
export const signOut = () => call<undefined>('/api/auth/sign-out', { method: 'POST', anonymous: true })
export const signOutEverywhere = () => call<undefined>('/api/auth/sign-out-everywhere', { method: 'POST' })
export const getMe = (signal?: AbortSignal) => call<Me>('/api/auth/me', { signal })
export const changePassword = (currentPassword: string, newPassword: string) =>
  call<undefined>('/api/auth/password', { method: 'POST', body: { currentPassword, newPassword } })

export const createProject = (organizationId: string, name: string, projectId?: string) =>
  call<{ id: string; name: string }>('/api/public/projects', { method: 'POST', body: { name, organizationId }, projectId })

export const listApiKeys = (projectId: string, signal?: AbortSignal) =>
  call<{ apiKeys: ApiKey[] }>(`/api/public/projects/${seg(projectId)}/apiKeys`, { projectId, signal })
export const createApiKey = (projectId: string, note: string) =>
  call<NewApiKey>(`/api/public/projects/${seg(projectId)}/apiKeys`, { method: 'POST', projectId, body: note === '' ? {} : { note } })
export const revokeApiKey = (projectId: string, id: string) =>
  call<unknown>(`/api/public/projects/${seg(projectId)}/apiKeys/${seg(id)}`, { method: 'DELETE', projectId })

export const listTraces = (projectId: string, query: ListQuery, signal?: AbortSignal) =>
  call<Page<TraceRow>>('/api/public/v2/traces', { projectId, query: listParams(query), signal })
export const countTraces = (projectId: string, query: ListQuery, signal?: AbortSignal) =>
  call<{ count: number; atLeast: boolean }>('/api/public/v2/traces/count', { projectId, query: listParams(query), signal })
export const listFacet = (projectId: string, query: { column: string; search?: string; fromTimestamp?: string; toTimestamp?: string }, signal?: AbortSignal) =>
  call<{ data: FacetValue[] }>('/api/public/v2/traces/facets', { projectId, query, signal })
export async function getTrace(projectId: string, traceId: string, signal?: AbortSignal): Promise<TraceDetail> {
  const detail = await call<TraceDetail>(`/api/public/v2/traces/${seg(traceId)}`, { projectId, signal })
  return { ...detail, scores: recentScores.ofTrace(projectId, traceId, detail.scores) }
}
export const getObservation = (projectId: string, traceId: string | undefined, observationId: string, signal?: AbortSignal) =>
  call<ObservationDetail>(`/api/public/observations/${seg(observationId)}`, { projectId, query: { traceId }, signal })
export const downloadTrace = (projectId: string, traceId: string) => callRaw(`/api/public/traces/${seg(traceId)}`, { projectId })
export const bookmarkTrace = (projectId: string, traceId: string, bookmarked: boolean) =>
  call<unknown>(`/api/public/traces/${seg(traceId)}`, { method: 'PATCH', projectId, body: { bookmarked } })
export const deleteTraces = (projectId: string, traceIds: string[]) =>
  call<unknown>('/api/public/traces', { method: 'DELETE', projectId, body: { traceIds } })

export const listSessions = (projectId: string, query: ListQuery, signal?: AbortSignal) =>
  call<Page<SessionRow>>('/api/public/v2/sessions', { projectId, query: listParams(query), signal })
export const getSession = (projectId: string, sessionId: string, signal?: AbortSignal) =>
  call<SessionRow>(`/api/public/v2/sessions/${seg(sessionId)}`, { projectId, signal })

export interface NewScore {
  /** The id of a score that is to be replaced. */
  id?: string
  traceId?: string
  observationId?: string
  sessionId?: string
  name: string
  value: number | string
  dataType: 'NUMERIC' | 'BOOLEAN' | 'CATEGORICAL' | 'TEXT'
  comment?: string
  source?: 'API' | 'ANNOTATION'
  configId?: string
  queueId?: string
}
export async function createScore(projectId: string, score: NewScore): Promise<void> {
  const { id } = await call<{ id: string }>('/api/public/scores', { method: 'POST', projectId, body: score })
  recentScores.save(projectId, id, score)
}
export async function deleteScore(projectId: string, id: string): Promise<void> {
  await call<unknown>(`/api/public/scores/${seg(id)}`, { method: 'DELETE', projectId })
  recentScores.delete(projectId, id)
}

/** Steps of any trace, newest first, without their texts. */
export const listObservations = (projectId: string, query: { filters: readonly Filter[]; fromStartTime: string; limit: number }, signal?: AbortSignal) =>
  call<Page<ObservationRow>>('/api/public/v2/observations', { projectId, query: { fields: 'core,basic,model,usage,metrics,prompt', filter: JSON.stringify(query.filters), fromStartTime: query.fromStartTime, limit: query.limit }, signal })
