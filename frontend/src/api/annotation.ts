// Operations on scores, score configs, comments and annotation queues.
import { call } from './client'
import { recentScores } from './recentScores'
import type { AnnotationQueue, AnnotationQueueItem, Assignee, NumberedPage, Page, QueueProgress, ScoreConfig, ScoreV3, SignedComment } from './types'

const seg = encodeURIComponent
const queues = '/api/public/annotation-queues'
const queue = (id: string) => `${queues}/${seg(id)}`

export interface ScoresQuery {
  name?: string
  source?: string
  dataType?: string
  environment?: string
  value?: string
  valueMin?: number
  valueMax?: number
  traceId?: string
  sessionId?: string
  experimentId?: string
  configId?: string
  queueId?: string
  fromTimestamp?: string
  toTimestamp?: string
  limit?: number
  cursor?: string
}
export async function listScores(projectId: string, query: ScoresQuery, signal?: AbortSignal): Promise<Page<ScoreV3>> {
  const page = await call<Page<ScoreV3>>('/api/public/v3/scores', { projectId, query: { limit: 100, fields: 'details,subject,annotation', ...query }, signal })
  return { ...page, data: recentScores.without(projectId, page.data) }
}

export const listScoreConfigs = (projectId: string, page: number, signal?: AbortSignal) =>
  call<NumberedPage<ScoreConfig>>('/api/public/score-configs', { projectId, query: { page, limit: 100 }, signal })

export interface ScoreConfigBody {
  name?: string
  dataType?: string
  categories?: { label: string; value: number }[]
  minValue?: number | null
  maxValue?: number | null
  description?: string | null
  isArchived?: boolean
}
export const createScoreConfig = (projectId: string, body: ScoreConfigBody) => call<ScoreConfig>('/api/public/score-configs', { method: 'POST', projectId, body })
export const updateScoreConfig = (projectId: string, id: string, body: ScoreConfigBody) =>
  call<ScoreConfig>(`/api/public/score-configs/${seg(id)}`, { method: 'PATCH', projectId, body })

export type CommentObject = 'TRACE' | 'OBSERVATION' | 'SESSION' | 'PROMPT'
export const listComments = (projectId: string, objectType: CommentObject, objectId: string, signal?: AbortSignal) =>
  call<{ data: SignedComment[] }>('/api/public/v2/comments', { projectId, query: { objectType, objectId }, signal })
export const createComment = (projectId: string, objectType: CommentObject, objectId: string, content: string) =>
  call<{ id: string }>('/api/public/comments', { method: 'POST', projectId, body: { projectId, objectType, objectId, content } })
export const deleteComment = (projectId: string, id: string) => call<unknown>(`/api/public/comments/${seg(id)}`, { method: 'DELETE', projectId })

export const listQueues = (projectId: string, page: number, signal?: AbortSignal) =>
  call<NumberedPage<AnnotationQueue>>(queues, { projectId, query: { page, limit: 100 }, signal })
export const getQueue = (projectId: string, id: string, signal?: AbortSignal) => call<AnnotationQueue>(queue(id), { projectId, signal })
export const getQueueProgress = (projectId: string, id: string, signal?: AbortSignal) => call<QueueProgress>(`${queue(id)}/progress`, { projectId, signal })

export interface QueueBody {
  name: string
  description: string | null
  scoreConfigIds: string[]
}
export const createQueue = (projectId: string, body: QueueBody) => call<AnnotationQueue>(queues, { method: 'POST', projectId, body })
export const updateQueue = (projectId: string, id: string, body: QueueBody) => call<AnnotationQueue>(queue(id), { method: 'PATCH', projectId, body })
export const deleteQueue = (projectId: string, id: string) => call<unknown>(queue(id), { method: 'DELETE', projectId })

export type QueueObject = 'TRACE' | 'OBSERVATION' | 'SESSION'
export const listQueueItems = (projectId: string, id: string, query: { status?: string; page: number }, signal?: AbortSignal) =>
  call<NumberedPage<AnnotationQueueItem>>(`${queue(id)}/items`, { projectId, query: { ...query, limit: 50 }, signal })
export const getQueueItem = (projectId: string, id: string, itemId: string, signal?: AbortSignal) =>
  call<AnnotationQueueItem>(`${queue(id)}/items/${seg(itemId)}`, { projectId, signal })
export const addQueueItems = (projectId: string, id: string, objects: { objectId: string; objectType: QueueObject }[]) =>
  call<{ added: number; existing: number }>(`${queue(id)}/items/batch`, { method: 'POST', projectId, body: { objects } })
export const takeQueueItem = (projectId: string, id: string, skip: string[]) =>
  call<{ item?: AnnotationQueueItem | null; lockedUntil?: string | null }>(`${queue(id)}/items/next`, { method: 'POST', projectId, body: { skip } })
export const setQueueItemStatus = (projectId: string, id: string, itemId: string, status: 'PENDING' | 'COMPLETED') =>
  call<AnnotationQueueItem>(`${queue(id)}/items/${seg(itemId)}`, { method: 'PATCH', projectId, body: { status } })
export const deleteQueueItem = (projectId: string, id: string, itemId: string) => call<unknown>(`${queue(id)}/items/${seg(itemId)}`, { method: 'DELETE', projectId })
export const listAssignees = (projectId: string, id: string, signal?: AbortSignal) => call<{ data: Assignee[] }>(`${queue(id)}/assignments`, { projectId, signal })
export const assign = (projectId: string, id: string, userId: string) => call<unknown>(`${queue(id)}/assignments`, { method: 'POST', projectId, body: { userId } })
export const unassign = (projectId: string, id: string, userId: string) => call<unknown>(`${queue(id)}/assignments`, { method: 'DELETE', projectId, body: { userId } })
