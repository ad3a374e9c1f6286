// Models, media, LLM connections, metrics and the organization of the mock.
import type { ApiKey, GithubWebhook, Invitation, LlmConnection, Membership, Model, Recalculation } from '../../src/api/types'
import { matchModel } from '../../src/lib/modelPrice'
import { HttpError, notFound } from '../http'
import type { MockStore } from '../model'
import { newId, now, numbered, ok, type Answer, type Call } from './kit'

export interface MockSettings {
  models: Model[]
  connections: LlmConnection[]
  recalculations: Map<string, Recalculation>
  github: GithubWebhook | null
  retentionDays: number | null
}

type Tier = Model['pricingTiers'][number]

function model(id: string, modelName: string, matchPattern: string, tiers: Tier[], managed: boolean, serviceTiers?: Model['serviceTiers']): Model {
  const prices = tiers.find((tier) => tier.isDefault)?.prices ?? {}
  return { id, modelName, matchPattern, startDate: null, unit: 'TOKENS', inputPrice: prices.input ?? null, outputPrice: prices.output ?? null, totalPrice: prices.total ?? null, tokenizerId: null, tokenizerConfig: null, isLangfuseManaged: managed, createdAt: '2026-01-01T00:00:00.000Z', prices: Object.fromEntries(Object.entries(prices).map(([key, price]) => [key, { price }])), pricingTiers: tiers, ...(serviceTiers ? { serviceTiers } : {}) }
}

export function seedSettings(): MockSettings {
  const tier = (id: string, prices: Record<string, number>, extra: Partial<Tier> = {}): Tier => ({ id, name: 'Standard', isDefault: true, priority: 0, conditions: [], prices, ...extra })
  const managed = [
    model('m-1', 'claude-sonnet-4-5', '(?i)^(claude-sonnet-4-5)(-\\d{8})?$', [tier('t-1', { input: 3e-6, output: 15e-6, cache_read_input_tokens: 3e-7, cache_creation_input_tokens: 3.75e-6 }), tier('t-2', { input: 6e-6, output: 22.5e-6 }, { name: 'Long context', isDefault: false, priority: 1, conditions: [{ usageDetailPattern: 'input', operator: 'gt', value: 200_000, caseSensitive: false }] })], true),
    model('m-2', 'gpt-5', '(?i)^(gpt-5)(-\\d{4}-\\d{2}-\\d{2})?$', [tier('t-3', { input: 1.25e-6, output: 10e-6, input_cached_tokens: 1.25e-7 })], true, [{ service: 'batch', aboveInputTokens: 0, prices: { input: 6.25e-7, output: 5e-6 } }, { service: 'priority', aboveInputTokens: 0, prices: { input: 2.5e-6, output: 20e-6 } }]),
    ...Array.from({ length: 60 }, (_, index) => model(`m-${index + 10}`, `model-${index + 1}`, `(?i)^model-${index + 1}$`, [tier(`t-${index + 10}`, { input: (index + 1) * 1e-7, output: (index + 1) * 4e-7 })], true)),
  ]
  const own = model('own-1', 'shop-fine-tune', '(?i)^(ft:gpt-5:shop:.+)$', [tier('t-own', { input: 2e-6, output: 12e-6 })], false)
  const connection: LlmConnection = { id: 'llm-1', provider: 'openai', adapter: 'openai', displaySecretKey: '...9f3c', baseURL: null, customModels: ['ft:gpt-5:shop:v2'], withDefaultModels: true, extraHeaderKeys: [], config: null, createdAt: '2026-02-01T00:00:00.000Z', updatedAt: '2026-02-01T00:00:00.000Z' }
  return { models: [own, ...managed], connections: [connection], recalculations: new Map(), github: null, retentionDays: 90 }
}

export function handleSettings(call: Call): Answer | null {
  const { project, method, path, params, body } = call
  const { settings } = project
  const [a, b, c, d] = path
  if (a === 'models') {
    if (method === 'GET' && b != null) {
      const one = settings.models.find((entry) => entry.id === b)
      if (!one) throw notFound('Model')
      return ok(one)
    }
    if (method === 'GET') {
      const words = (params.get('search') ?? '').toLowerCase()
      const wanted = params.get('managed')
      return ok(numbered(settings.models.filter((entry) => (wanted == null || String(entry.isLangfuseManaged) === wanted) && `${entry.modelName} ${entry.id} ${entry.isLangfuseManaged ? '' : entry.matchPattern}`.toLowerCase().includes(words)), params))
    }
    if (method === 'DELETE') {
      settings.models = settings.models.filter((entry) => entry.id !== b)
      return ok({ message: 'Model deleted' })
    }
    const tiers = ((body.pricingTiers as Tier[] | undefined) ?? []).map((entry, index) => ({ ...entry, id: `${b ?? 'new'}-${index}` }))
    const made = model(b ?? newId('own'), String(body.modelName), String(body.matchPattern), tiers, false)
    settings.models = [made, ...settings.models.filter((entry) => entry.id !== made.id)]
    return ok(made)
  }
  if (a === 'v2' && b === 'models' && c === 'match') return ok({ data: matchModel(settings.models, params.get('model') ?? '', Date.now()) })
  if (a === 'v2' && b === 'rate-limits') return ok({ data: [{ kind: 'ingestion', requestsPerMinute: 60_000 }, { kind: 'prompts', requestsPerMinute: 60_000 }, { kind: 'reads', requestsPerMinute: 3000 }, { kind: 'others', requestsPerMinute: null }] })
  if (a === 'projects' && b == null && method === 'GET') return ok({ data: [{ id: call.projectId, name: '', retentionDays: settings.retentionDays }] })
  if (a === 'v2' && b === 'models' && c === 'recalculations') {
    if (method === 'POST') {
      const id = newId('re')
      settings.recalculations.set(id, { id, fromTimestamp: String(body.fromTimestamp), toTimestamp: String(body.toTimestamp), modelId: null, status: 'QUEUED', progress: 0, scanned: 0, repriced: 0, createdAt: now(), updatedAt: now() })
      return { status: 202, body: { id } }
    }
    const found = settings.recalculations.get(d ?? '')
    if (!found) throw notFound('Recalculation')
    const progress = Math.min(1, found.progress + 0.5)
    return ok(Object.assign(found, { progress, status: progress >= 1 ? 'COMPLETED' : 'RUNNING', scanned: Math.round(progress * 4210), repriced: Math.round(progress * 37) }))
  }
  if (a === 'llm-connections') {
    if (method === 'GET') return ok(numbered(settings.connections, params))
    if (method === 'DELETE') {
      settings.connections = settings.connections.filter((entry) => entry.id !== b)
      return ok({ message: 'LLM connection deleted' })
    }
    const before = settings.connections.find((entry) => entry.provider === body.provider)
    const key = typeof body.secretKey === 'string' ? `...${body.secretKey.slice(-4)}` : (before?.displaySecretKey ?? '...')
    const made: LlmConnection = { id: before?.id ?? newId('llm'), provider: String(body.provider), adapter: String(body.adapter), displaySecretKey: key, baseURL: typeof body.baseURL === 'string' ? body.baseURL : null, customModels: (body.customModels as string[] | undefined) ?? [], withDefaultModels: body.withDefaultModels !== false, extraHeaderKeys: Object.keys((body.extraHeaders as object | undefined) ?? {}), config: null, createdAt: before?.createdAt ?? now(), updatedAt: now() }
    settings.connections = [...settings.connections.filter((entry) => entry.id !== made.id), made]
    return ok(made)
  }
  if (a === 'projects' && c === 'github-webhook') {
    if (method === 'PUT') {
      const status = settings.github ? 200 : 201
      settings.github = { payloadPath: `/api/public/webhooks/github/${b ?? ''}`, events: ['push', 'pull_request', 'workflow_run', 'workflow_job'], createdAt: settings.github?.createdAt ?? now(), rotatedAt: now(), lastDeliveryAt: now(), lastEvent: 'ping' }
      return { status, body: { ...settings.github, secret: `whs-at-${newId('secret')}` } }
    }
    if (!settings.github) throw notFound('GitHub webhook')
    if (method === 'GET') return ok(settings.github)
    settings.github = null
    return ok({ message: 'GitHub webhook successfully deleted' })
  }
  if (a === 'media' && b != null) {
    const files: Record<string, [string, string]> = { 'mock-image': ['image/png', '/mock-media/image.png'], 'mock-audio': ['audio/wav', '/mock-media/tone.wav'], 'mock-svg': ['image/svg+xml', '/mock-media/evil.svg'] }
    const file = files[b]
    if (!file) throw notFound('Media')
    return ok({ mediaId: b, contentType: file[0], contentLength: b === 'mock-svg' ? 420 : 1800, url: file[1], urlExpiry: new Date(Date.now() + 3_600_000).toISOString(), uploadedAt: now() })
  }
  if (a === 'v2' && b === 'metrics') return ok({ data: metrics(call) })
  if (a === 'v2' && b === 'observations') return ok({ data: [...project.traces.values()].slice(0, 8).flatMap((trace) => trace.observations.filter((entry) => entry.type === 'GENERATION').slice(0, 1).map((entry) => ({ ...entry, traceId: trace.row.id, promptVersion: 3 }))), meta: {} })
  return null
}

function metrics({ project, params }: Call): unknown[] {
  const { view } = JSON.parse(params.get('query') ?? '{}') as { view?: string }
  if (view === 'scores-numeric') return [4, 3, 2].map((version) => ({ name: 'helpfulness', observationPromptVersion: version, count_count: 10 * version, avg_value: 0.5 + version / 10 }))
  if (view === 'scores-categorical') return [['friendly', 9], ['rude', 3]].map(([stringValue, count]) => ({ name: 'tone', observationPromptVersion: 4, stringValue, count_count: count }))
  const query = JSON.parse(params.get('query') ?? '{}') as { dimensions?: { field: string }[]; filters?: { value: unknown }[] }
  if (project.prompts.versions.length === 0) return []
  const day = new Date().toISOString().slice(0, 10)
  if (query.dimensions?.[0]?.field === 'promptName') return ['support/answer', 'summarise'].map((promptName, index) => ({ promptName, time_dimension: `${day}T00:00:00Z`, count_count: String(412 - index * 300), sum_totalCost: 1.84 - index * 1.2 }))
  return query.filters?.[0]?.value === 'support/answer' ? [3, 4, 2].map((promptVersion, index) => ({ promptVersion, count_count: String(340 - index * 140), count_totalCost: String(340 - index * 140 - (index === 1 ? 20 : 0)), sum_totalCost: 1.5 / (index + 1), p50_latency: 820 + index * 90, sum_totalTokens: String(410_000 / (index + 1)) })) : []
}

export interface MockOrganization {
  members: Membership[]
  invitations: Invitation[]
  organizationKeys: ApiKey[]
}

export function seedOrganization(at: number): MockOrganization {
  return {
    members: [{ userId: 'user-1', role: 'OWNER', email: 'dev@example.com', name: 'Ada Lovelace' }, { userId: 'user-2', role: 'MEMBER', email: 'grace@example.com', name: 'Grace Hopper' }],
    invitations: [{ id: 'inv-1', email: 'alan@example.com', role: 'VIEWER', createdAt: new Date(at - 86_400_000).toISOString(), expiresAt: new Date(at + 6 * 86_400_000).toISOString(), invitedBy: 'dev@example.com' }],
    organizationKeys: [],
  }
}

export function handleOrganization(store: MockStore, method: string, path: string[], body: Record<string, unknown>): Answer | null {
  const [a, b, c] = path
  if (a !== 'organizations') return null
  if (b === 'memberships') {
    const found = store.members.find((member) => member.userId === body.userId)
    if (method === 'PUT' && found) return ok(Object.assign(found, { role: body.role }))
    if (method === 'DELETE' && found) {
      if (found.role === 'OWNER') throw new HttpError(400, 'InvalidRequestError', 'The last owner stays')
      store.members = store.members.filter((member) => member !== found)
      return ok({ message: 'Removed', userId: found.userId })
    }
    return ok({ memberships: store.members })
  }
  if (b === 'invitations') {
    if (method === 'POST') {
      const made: Invitation = { id: newId('inv'), email: String(body.email), role: body.role as Invitation['role'], createdAt: now(), expiresAt: new Date(Date.now() + 7 * 86_400_000).toISOString(), invitedBy: store.me.user.email }
      store.invitations.unshift(made)
      return { status: 201, body: { ...made, token: 'mock-token', path: '/invitation#mock-token' } }
    }
    if (method === 'DELETE') store.invitations = store.invitations.filter((entry) => entry.id !== c)
    return ok(method === 'DELETE' ? { success: true } : { invitations: store.invitations })
  }
  if (b === 'apiKeys') {
    if (method === 'POST') {
      const key: ApiKey = { id: newId('okey'), publicKey: 'pk-at-org-77aa', displaySecretKey: 'sk-at-…12ab', name: typeof body.name === 'string' ? body.name : null, note: null, createdAt: now(), expiresAt: null, lastUsedAt: null, createdBy: store.me.user.email }
      store.organizationKeys.unshift(key)
      return { status: 201, body: { ...key, secretKey: 'sk-at-org-secret-12ab' } }
    }
    if (method === 'DELETE') store.organizationKeys = store.organizationKeys.filter((key) => key.id !== c)
    return ok(method === 'DELETE' ? { success: true } : { apiKeys: store.organizationKeys })
  }
  return null
}
