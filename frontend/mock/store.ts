// The mock's data: one organization with a busy, a live and an empty project, and a second organization.
import type { ApiKey, Project } from '../src/api/types'
import type { MockProject, MockStore, MockTrace } from './model'
import { createRandom } from './random'
import { seedAnnotation } from './resources/annotation'
import { seedDatasets } from './resources/datasets'
import { seedPrompts } from './resources/prompts'
import { seedOrganization, seedSettings } from './resources/settings'
import { noAgents } from './seed/agentSession'
import { agentTrace } from './seed/agents'
import { liveSession, seedAgents } from './seed/codingAgents'
import { bigTrace, hostileTrace, longSession, shapesTrace, tangledTrace } from './seed/special'

export const EMAIL = 'dev@example.com'
export const PASSWORD = 'correct horse battery'

/** The traces may be shared by several stores: each changes copies. */
export function createStore(now: number, traces: readonly MockTrace[] = seedTraces(now)): MockStore {
  const projects = new Map<string, MockProject>([
    ['proj-shop', busyProject(now, traces)],
    ['proj-live', { ...emptyProject(), keys: keys(now, 1), live: true }],
    ['proj-empty', emptyProject()],
    ['proj-ops', { ...emptyProject(), keys: keys(now, 1) }],
  ])
  const project = (id: string, name: string, role: Project['role'] = 'OWNER'): Project => ({ id, name, role })
  return {
    started: now,
    ...seedOrganization(now),
    password: PASSWORD,
    projects,
    sessions: new Set(),
    failures: 0,
    nextLive: now,
    me: {
      user: { id: 'user-1', email: EMAIL, name: 'Ada Lovelace' },
      organizations: [
        { id: 'org-1', name: 'Shop', role: 'OWNER', projects: [project('proj-shop', 'Storefront agents'), project('proj-live', 'Live demo'), project('proj-empty', 'Empty project')] },
        { id: 'org-2', name: 'Platform team', role: 'VIEWER', projects: [project('proj-ops', 'Operations', 'VIEWER')] },
      ],
    },
  }
}

/** The busy project's traces: hand-made ones first, then 900 of agents. */
export function seedTraces(now: number): MockTrace[] {
  const random = createRandom(7)
  const minute = 60_000
  const traces = [shapesTrace(now - 4 * minute), hostileTrace(now - 6 * minute), tangledTrace(now - 9 * minute), bigTrace(now - 30 * minute)]
  let at = now - 70_000
  for (let index = 0; index < 900; index += 1) {
    const inSession = random.chance(0.5)
    traces.push(agentTrace(random, at, { sessionId: inSession ? `session-${Math.floor(index / 6)}` : null }))
    at -= random.int(20_000, 12 * minute)
  }
  traces.push(...longSession(now - 60 * 60 * minute))
  return traces
}

function busyProject(now: number, shared: readonly MockTrace[]): MockProject {
  // Observations never change; rows and scores do.
  const copied = (entries: readonly MockTrace[]) => entries.map((entry) => ({ ...entry, row: { ...entry.row }, scores: [...entry.scores] }))
  const list = copied(shared)
  const agents = seedAgents(now)
  const traces = new Map([...list, ...copied(agents.traces)].map((entry) => [entry.row.id, entry]))
  return { traces, keys: keys(now, 3), live: false, prompts: seedPrompts(now), datasets: seedDatasets(now, list), annotation: seedAnnotation(now, list), settings: seedSettings(), agents: { ...agents.rows } }
}

export function emptyProject(): MockProject {
  return {
    traces: new Map(), keys: [], live: false, prompts: { versions: [], protectedLabels: [] }, datasets: { datasets: [], items: [], runs: [], runItems: [] },
    annotation: { configs: [], queues: [], items: [], assignees: new Map(), comments: [] }, settings: { models: seedSettings().models.filter((model) => model.isLangfuseManaged), connections: [], recalculations: new Map(), github: null, retentionDays: null }, agents: noAgents(),
  }
}

function keys(now: number, count: number): ApiKey[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `key-${index + 1}`,
    publicKey: `pk-at-0f3c8a1e-${index}7d2`,
    displaySecretKey: `sk-at-…${index}a9f`,
    name: ['CI runners', null, 'Ada’s laptop'][index] ?? null,
    note: ['CI runners', null, 'Ada’s laptop'][index] ?? null,
    createdAt: new Date(now - (index + 1) * 9 * 86_400_000).toISOString(),
    expiresAt: null,
    lastUsedAt: index === 1 ? null : new Date(now - (index + 1) * 130_000).toISOString(),
    createdBy: EMAIL,
  }))
}

/** In a live project a trace appears every few seconds, and grows while it runs. */
export function advance(store: MockStore, project: MockProject, now: number): void {
  if (!project.live) return
  const agents = noAgents()
  const session = liveSession(agents, now)
  project.agents = agents
  project.traces.set(session.row.id, session)
  const random = createRandom(Math.floor(store.nextLive / 1000))
  let made = 0
  while (store.nextLive <= now && made < 40) {
    const entry = agentTrace(random, store.nextLive - 4000, { sessionId: `live-${Math.floor(store.nextLive / 60_000)}` })
    project.traces.set(entry.row.id, entry)
    store.nextLive += random.int(1500, 5000)
    made += 1
  }
  if (made === 40) store.nextLive = now
}
