// Score configs, queues, comments and the scores list of the mock.
import type { AnnotationQueue, AnnotationQueueItem, ScoreConfig, SignedComment } from '../../src/api/types'
import { HttpError, invalid, notFound } from '../http'
import type { MockProject, MockTrace } from '../model'
import { LONG_SESSION } from '../seed/special'
import { newId, now, numbered, ok, texts, type Answer, type Call } from './kit'

export interface MockAnnotation {
  configs: ScoreConfig[]
  queues: AnnotationQueue[]
  items: AnnotationQueueItem[]
  assignees: Map<string, string[]>
  comments: SignedComment[]
}

export function seedAnnotation(at: number, traces: readonly MockTrace[]): MockAnnotation {
  const time = (hoursAgo: number) => new Date(at - hoursAgo * 3_600_000).toISOString()
  const config = (id: string, name: string, dataType: string, extra: Partial<ScoreConfig> = {}): ScoreConfig => ({ id, name, createdAt: time(400), updatedAt: time(400), projectId: 'proj-shop', dataType, isArchived: false, minValue: null, maxValue: null, categories: null, description: null, ...extra })
  const configs = [
    config('cfg-1', 'helpfulness', 'NUMERIC', { minValue: 0, maxValue: 1, description: 'How much of the question is answered' }),
    config('cfg-2', 'correct', 'BOOLEAN', { categories: [{ label: 'True', value: 1 }, { label: 'False', value: 0 }] }),
    config('cfg-3', 'tone', 'CATEGORICAL', { categories: [{ label: 'friendly', value: 2 }, { label: 'neutral', value: 1 }, { label: 'rude', value: 0 }] }),
    config('cfg-4', 'old measure', 'NUMERIC', { isArchived: true }),
  ]
  const queue: AnnotationQueue = { id: 'queue-1', name: 'Answers that users disliked', description: 'Twenty a week are enough.', scoreConfigIds: ['cfg-1', 'cfg-2', 'cfg-3'], createdAt: time(90), updatedAt: time(90) }
  const items = traces.slice(5, 13).map((trace, index): AnnotationQueueItem => ({ id: `qi-${index + 1}`, queueId: queue.id, objectId: trace.row.id, objectType: 'TRACE', status: index < 3 ? 'COMPLETED' : 'PENDING', completedAt: index < 3 ? time(20) : null, createdAt: time(80), updatedAt: time(80) }))
  const sessions: AnnotationQueue = { id: 'queue-2', name: 'Long conversations', description: null, scoreConfigIds: ['cfg-2', 'cfg-1'], createdAt: time(95), updatedAt: time(95) }
  items.push({ id: 'qi-session', queueId: sessions.id, objectId: LONG_SESSION, objectType: 'SESSION', status: 'PENDING', completedAt: null, createdAt: time(80), updatedAt: time(80) })
  const first = traces[0]?.row.id ?? ''
  const comments: SignedComment[] = [{ id: 'co-1', projectId: 'proj-shop', createdAt: time(3), updatedAt: time(3), objectType: 'TRACE', objectId: first, content: 'The **second** call is slow. <img src=x onerror=alert(1)>', authorUserId: 'user-2', authorName: 'Grace Hopper', mayDelete: true }]
  return { configs, queues: [queue, sessions], items, assignees: new Map([['queue-1', ['user-2']]]), comments }
}

const SUCCESS = { success: true, message: 'Deleted' }

export function handleAnnotation(call: Call): Answer | null {
  const { path } = call
  if (path[0] === 'score-configs') return handleConfigs(call)
  if (path[0] === 'annotation-queues') return handleQueues(call)
  if (path[0] === 'comments' || (path[0] === 'v2' && path[1] === 'comments')) return handleComments(call)
  if (path[0] === 'v3' && path[1] === 'scores') return ok(listScores(call.project, call.params))
  return null
}

function handleConfigs({ project, method, path, params, body }: Call): Answer {
  const { configs } = project.annotation
  if (method === 'GET') return ok(numbered(configs, params))
  if (method === 'POST') {
    if (configs.some((config) => config.name === body.name)) throw new HttpError(409, 'LangfuseConflictError', 'A config of this name exists already')
    const made: ScoreConfig = { id: newId('cfg'), name: String(body.name), createdAt: now(), updatedAt: now(), projectId: 'proj', dataType: String(body.dataType), isArchived: false, minValue: null, maxValue: null, categories: null, description: null, ...(body as Partial<ScoreConfig>) }
    configs.unshift(made)
    return ok(made)
  }
  const found = configs.find((config) => config.id === path[1])
  if (!found) throw notFound('Score config')
  return ok(Object.assign(found, body, { updatedAt: now() }))
}

function handleQueues({ store, project, method, path, params, body }: Call): Answer {
  const { annotation } = project
  const [, id, sub, itemId] = path
  if (id == null) {
    if (method === 'GET') return ok(numbered(annotation.queues, params))
    if (annotation.queues.some((queue) => queue.name === body.name)) throw new HttpError(409, 'LangfuseConflictError', 'A queue of this name exists already')
    const made: AnnotationQueue = { id: newId('queue'), name: String(body.name), description: typeof body.description === 'string' ? body.description : null, scoreConfigIds: texts(body.scoreConfigIds), createdAt: now(), updatedAt: now() }
    annotation.queues.unshift(made)
    return ok(made)
  }
  const queue = annotation.queues.find((entry) => entry.id === id)
  if (!queue) throw notFound('Annotation queue')
  const items = annotation.items.filter((item) => item.queueId === id)
  if (sub == null) {
    if (method === 'PATCH') return ok(Object.assign(queue, body, { updatedAt: now() }))
    if (method === 'DELETE') annotation.queues = annotation.queues.filter((entry) => entry.id !== id)
    return ok(method === 'DELETE' ? SUCCESS : queue)
  }
  if (sub === 'progress') return ok({ pending: items.filter((item) => item.status === 'PENDING').length, completed: items.filter((item) => item.status === 'COMPLETED').length })
  if (sub === 'assignments') {
    const people = annotation.assignees.get(id) ?? []
    if (method === 'POST') annotation.assignees.set(id, [...people, String(body.userId)])
    if (method === 'DELETE') annotation.assignees.set(id, people.filter((person) => person !== body.userId))
    return ok({ data: (annotation.assignees.get(id) ?? []).flatMap((userId) => store.members.filter((member) => member.userId === userId)) })
  }
  if (itemId === 'next') {
    const skip = texts(body.skip)
    return ok({ item: [...items].reverse().find((item) => item.status === 'PENDING' && !skip.includes(item.id)) ?? null, lockedUntil: new Date(Date.now() + 300_000).toISOString() })
  }
  if (itemId === 'batch') {
    const objects = (body.objects as { objectId: string; objectType: string }[] | undefined) ?? []
    const fresh = objects.filter((object) => !items.some((item) => item.objectId === object.objectId))
    for (const object of fresh) annotation.items.push({ id: newId('qi'), queueId: id, ...object, status: 'PENDING', completedAt: null, createdAt: now(), updatedAt: now() })
    return ok({ added: fresh.length, existing: objects.length - fresh.length })
  }
  if (itemId == null) return ok(numbered([...items].reverse().filter((item) => !params.has('status') || item.status === params.get('status')), params))
  const item = items.find((entry) => entry.id === itemId)
  if (!item) throw notFound('Annotation queue item')
  if (method === 'PATCH') Object.assign(item, { status: body.status, completedAt: body.status === 'COMPLETED' ? now() : null })
  if (method === 'DELETE') annotation.items = annotation.items.filter((entry) => entry.id !== itemId)
  return ok(method === 'DELETE' ? SUCCESS : item)
}

function handleComments({ store, project, method, path, params, body }: Call): Answer {
  const { annotation } = project
  if (method === 'POST') {
    const content = typeof body.content === 'string' ? body.content.trim() : ''
    if (content === '') throw invalid('A comment needs a text')
    const made: SignedComment = { id: newId('co'), projectId: String(body.projectId), createdAt: now(), updatedAt: now(), objectType: String(body.objectType), objectId: String(body.objectId), content, authorUserId: 'user-1', authorName: store.me.user.name, mayDelete: true }
    annotation.comments.push(made)
    return ok({ id: made.id })
  }
  if (method === 'DELETE') {
    annotation.comments = annotation.comments.filter((comment) => comment.id !== path[1])
    return ok({ success: true })
  }
  return ok({ data: annotation.comments.filter((comment) => comment.objectType === params.get('objectType') && comment.objectId === params.get('objectId')) })
}

function listScores(project: MockProject, params: URLSearchParams): unknown {
  const wanted = (key: string, value: string) => !params.has(key) || params.get(key) === value
  const rows = [...project.traces.values()].flatMap((trace) => trace.scores.map((score) => ({
    id: score.id, projectId: 'proj', name: score.name, value: score.dataType === 'BOOLEAN' ? score.value === 1 : (score.value ?? score.stringValue), dataType: score.dataType, source: score.source, timestamp: score.timestamp, environment: trace.row.environment, createdAt: score.timestamp, updatedAt: score.timestamp, comment: score.comment, configId: score.configId ?? null,
    subject: score.observationId == null ? { kind: 'trace', id: trace.row.id } : { kind: 'observation', id: score.observationId, traceId: trace.row.id },
  }))).filter((row) => wanted('name', row.name) && wanted('source', row.source) && wanted('dataType', row.dataType) && (!params.has('fromTimestamp') || row.timestamp >= (params.get('fromTimestamp') ?? '')) && !params.has('sessionId'))
  rows.sort((x, y) => y.timestamp.localeCompare(x.timestamp))
  const limit = Number(params.get('limit') ?? 50)
  const from = Number(params.get('cursor') ?? 0)
  return { data: rows.slice(from, from + limit), meta: from + limit < rows.length ? { cursor: String(from + limit), limit } : { limit } }
}
