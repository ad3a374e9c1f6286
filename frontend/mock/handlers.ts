// The contract of docs/api-design.md over the mock's data. Failures are asked for by what is sent: a search for "mock:500",
// a password that is wrong six times, a trace id "boom".
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

import { HttpError, invalid, notFound, readBody, readCookie, send } from './http'
import type { MockProject, MockStore } from './model'
import { getSession, getTrace, getTraceV1, listFacets, listSessions, listTraces } from './reads'
import { handleAgents } from './resources/agents'
import { handleAnnotation } from './resources/annotation'
import { handleDatasets } from './resources/datasets'
import { handlePrompts } from './resources/prompts'
import { handleOrganization, handleSettings } from './resources/settings'
import { advance, emptyProject, EMAIL } from './store'

interface Ctx {
  store: MockStore
  request: IncomingMessage
  response: ServerResponse
  url: URL
  method: string
}

export async function handleApi(store: MockStore, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://mock')
  const ctx: Ctx = { store, request, response, url, method: request.method ?? 'GET' }
  try {
    if (url.pathname.startsWith('/api/auth/')) await handleAuth(ctx)
    else await handleProject(ctx)
  } catch (error) {
    if (error instanceof HttpError) send(response, error.status, { message: error.message, error: error.kind })
    else send(response, 500, { message: 'Internal error', error: 'InternalServerError', requestId: 'mock-request' })
  }
}

function startSession({ store, response }: Ctx): void {
  const id = randomBytes(12).toString('hex')
  store.sessions.add(id)
  const flags = 'Path=/; HttpOnly; SameSite=Strict'
  response.setHeader('set-cookie', [`at_access=${id}; ${flags}`, `at_refresh=${id}; ${flags}`])
}

function requireSession(ctx: Ctx): string {
  const id = readCookie(ctx.request, 'at_access')
  if (id == null || !ctx.store.sessions.has(id)) throw new HttpError(401, 'UnauthorizedError', 'Sign in first')
  return id
}

async function handleAuth(ctx: Ctx): Promise<void> {
  const { store, response, url, method, request } = ctx
  const body = method === 'POST' ? await readBody(request) : {}
  switch (`${method} ${url.pathname}`) {
    case 'POST /api/auth/sign-in':
      if (body.email !== EMAIL || body.password !== store.password) {
        store.failures += 1
        if (store.failures > 5) {
          store.failures = 0
          response.setHeader('retry-after', '30')
          throw new HttpError(429, 'TooManyRequestsError', 'Too many failed attempts. Try again in 30 seconds.')
        }
        throw new HttpError(401, 'UnauthorizedError', 'Wrong email or password')
      }
      store.failures = 0
      startSession(ctx)
      { send(response, 200, store.me); return; }
    case 'POST /api/auth/refresh': {
      const id = readCookie(request, 'at_refresh')
      if (id == null || !store.sessions.delete(id)) throw new HttpError(401, 'UnauthorizedError', 'The session has ended')
      startSession(ctx)
      send(response, 204); return;
    }
    case 'POST /api/auth/invitations/look-up':
      if (body.token !== 'mock-token') throw notFound('Invitation')
      { send(response, 200, { organizationName: 'Shop', email: 'new@example.com', role: 'MEMBER', expiresAt: new Date(Date.now() + 86_400_000).toISOString(), hasAccount: false }); return; }
    case 'POST /api/auth/invitations/accept':
      if (body.token !== 'mock-token') throw notFound('Invitation')
      startSession(ctx)
      { send(response, 200, store.me); return; }
    case 'POST /api/auth/sign-out':
      store.sessions.delete(readCookie(request, 'at_access') ?? '')
      response.setHeader('set-cookie', ['at_access=; Path=/; Max-Age=0', 'at_refresh=; Path=/; Max-Age=0'])
      { send(response, 204); return; }
    case 'POST /api/auth/sign-out-everywhere':
      requireSession(ctx)
      store.sessions.clear()
      { send(response, 204); return; }
    case 'GET /api/auth/me':
      requireSession(ctx)
      { send(response, 200, store.me); return; }
    case 'POST /api/auth/password':
      requireSession(ctx)
      if (body.currentPassword !== store.password) throw invalid('The current password is wrong')
      if (typeof body.newPassword !== 'string' || body.newPassword.length < 10) throw invalid('The new password needs at least 10 characters')
      store.password = body.newPassword
      { send(response, 204); return; }
    default:
      throw notFound('Operation')
  }
}

/** Resources whose changes viewers may not make. */
const HANDLED = ['prompts', 'dataset', 'score-configs', 'annotation-queues', 'comments', 'models', 'llm-connections', 'protected-prompt-labels']

async function handleProject(ctx: Ctx): Promise<void> {
  const { store, request, response, url, method } = ctx
  requireSession(ctx)
  const body = method === 'GET' ? {} : await readBody(request)
  const path = url.pathname.replace('/api/public/', '').split('/').map(decodeURIComponent)

  if (method === 'POST' && path[0] === 'projects' && path.length === 1) { createProject(ctx, body); return; }

  const ofOrganization = handleOrganization(store, method, path, body)
  if (ofOrganization) { send(response, ofOrganization.status, ofOrganization.body); return; }

  const projectId = request.headers['x-agenttrace-project-id']
  if (typeof projectId !== 'string') throw new HttpError(403, 'ForbiddenError', 'Send the X-AgentTrace-Project-Id header')
  const project = store.projects.get(projectId)
  if (!project) throw new HttpError(404, 'LangfuseNotFoundError', 'Project not found')
  advance(store, project, Date.now())
  if (decodeURIComponent(url.href).includes('mock:500')) throw new Error('asked for')

  const [a, b, c, d] = path
  if (a === 'projects' && b != null && c == null) { changeProject(ctx, b, body); return; }
  if (method !== 'GET' && HANDLED.some((part) => url.pathname.includes(`/${part}`))) requireWriter(ctx, projectId)
  for (const handle of [handleAgents, handlePrompts, handleDatasets, handleAnnotation, handleSettings]) {
    const answer = handle({ store, project, projectId, method, path, params: url.searchParams, body })
    if (answer) { send(response, answer.status, answer.body); return; }
  }
  if (a === 'projects' && c === 'apiKeys') { handleKeys(ctx, project, d, body); return; }
  if (a === 'v2' && b === 'traces') {
    if (c === 'count') { send(response, 200, { count: listTraces(project, url.searchParams).total, atLeast: false }); return; }
    if (c === 'facets') { send(response, 200, listFacets(project, url.searchParams)); return; }
    if (c != null) { send(response, 200, getTrace(project, c)); return; }
    const { data, cursor } = listTraces(project, url.searchParams)
    send(response, 200, { data, meta: cursor ? { cursor } : {} }); return;
  }
  if (a === 'v2' && b === 'sessions') { send(response, 200, c == null ? listSessions(project, url.searchParams) : getSession(project, c)); return; }
  if (a === 'observations' && b != null) {
    const entry = project.traces.get(url.searchParams.get('traceId') ?? '')?.observations.find((observation) => observation.id === b)
    if (!entry) throw notFound('Observation')
    send(response, 200, entry); return;
  }
  if (a === 'traces' && b != null && method === 'GET') { send(response, 200, getTraceV1(project, b)); return; }
  requireWriter(ctx, projectId)
  if (a === 'traces' && b != null && method === 'PATCH') { patchTrace(ctx, project, b, body); return; }
  if (a === 'traces' && method === 'DELETE') {
    for (const id of (body.traceIds as string[] | undefined) ?? []) project.traces.delete(id)
    send(response, 200, { message: 'Traces are being deleted' }); return;
  }
  if (a === 'scores') { handleScores(ctx, project, b, body); return; }
  throw notFound('Operation')
}

function requireWriter({ store }: Ctx, projectId: string): void {
  const role = store.me.organizations.flatMap((organization) => organization.projects).find((project) => project.id === projectId)?.role
  if (role === 'VIEWER') throw new HttpError(403, 'ForbiddenError', 'Viewers cannot change this project')
}

function changeProject({ store, response, method }: Ctx, id: string, body: Record<string, unknown>): void {
  for (const organization of store.me.organizations) {
    if (method === 'DELETE') organization.projects = organization.projects.filter((project) => project.id !== id)
    for (const project of organization.projects) if (project.id === id && typeof body.name === 'string') project.name = body.name
  }
  const settings = store.projects.get(id)?.settings
  if (settings && typeof body.retention === 'number') settings.retentionDays = body.retention === 0 ? null : body.retention
  send(response, method === 'DELETE' ? 202 : 200, { id, name: body.name, success: true })
}

function createProject({ store, response }: Ctx, body: Record<string, unknown>): void {
  const organization = store.me.organizations.find((entry) => entry.id === body.organizationId)
  if (!organization) throw notFound('Organization')
  if (typeof body.name !== 'string' || body.name.trim() === '') throw invalid('A project needs a name')
  if (organization.projects.some((project) => project.name === body.name)) throw new HttpError(409, 'LangfuseConflictError', 'A project of this name exists already')
  const id = `proj-${randomBytes(4).toString('hex')}`
  organization.projects.push({ id, name: body.name, role: 'OWNER' })
  store.projects.set(id, emptyProject())
  send(response, 201, { id, name: body.name })
}

function handleKeys({ store, response, method }: Ctx, project: MockProject, id: string | undefined, body: Record<string, unknown>): void {
  if (method === 'GET') { send(response, 200, { apiKeys: project.keys }); return; }
  if (method === 'POST') {
    const secretKey = `sk-at-${randomBytes(24).toString('hex')}`
    const key = { id: randomBytes(6).toString('hex'), publicKey: `pk-at-${randomBytes(8).toString('hex')}`, displaySecretKey: `sk-at-…${secretKey.slice(-4)}`, name: typeof body.note === 'string' ? body.note : null, note: typeof body.note === 'string' ? body.note : null, createdAt: new Date().toISOString(), expiresAt: null, lastUsedAt: null, createdBy: store.me.user.email }
    project.keys.unshift(key)
    send(response, 201, { ...key, secretKey }); return;
  }
  project.keys = project.keys.filter((key) => key.id !== id)
  send(response, 200, { success: true })
}

function patchTrace({ response }: Ctx, project: MockProject, id: string, body: Record<string, unknown>): void {
  const entry = project.traces.get(id)
  if (!entry) throw notFound('Trace')
  if (typeof body.bookmarked === 'boolean') entry.row.bookmarked = body.bookmarked
  entry.row.updatedAt = new Date().toISOString()
  send(response, 200, { id })
}

function handleScores({ response, method }: Ctx, project: MockProject, id: string | undefined, body: Record<string, unknown>): void {
  if (method === 'DELETE') {
    for (const entry of project.traces.values()) entry.scores = entry.scores.filter((score) => score.id !== id)
    send(response, 202, { message: 'Score is being deleted' }); return;
  }
  const entry = project.traces.get(String(body.traceId))
  if (!entry) throw notFound('Trace')
  if (typeof body.name !== 'string' || body.name === '') throw invalid('A score needs a name')
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  const score = {
    id: text(body.id) ?? randomBytes(8).toString('hex'), name: body.name, value: typeof body.value === 'number' ? body.value : null, stringValue: text(body.value),
    dataType: String(body.dataType), source: body.source === 'ANNOTATION' ? 'ANNOTATION' : 'API', comment: text(body.comment), observationId: text(body.observationId), configId: text(body.configId), timestamp: new Date().toISOString(),
  }
  entry.scores = entry.scores.filter((before) => before.id !== score.id)
  entry.scores.push(score)
  send(response, 200, { id: score.id })
}
