// The mock's data: one organization with a busy, a live and an empty project, and a second organization.
import type { ApiKey, Project } from '../src/api/types'
import type { MockProject, MockStore, MockTrace } from './model'
import { createRandom } from './random'
import { agentTrace } from './seed/agents'
import { bigTrace, hostileTrace, shapesTrace, tangledTrace } from './seed/special'

export const EMAIL = 'dev@example.com'
export const PASSWORD = 'correct horse battery'

export function createStore(now: number): MockStore {
  const projects = new Map<string, MockProject>([
    ['proj-shop', busyProject(now)],
    ['proj-live', { traces: new Map(), keys: keys(now, 1), live: true }],
    ['proj-empty', { traces: new Map(), keys: [], live: false }],
    ['proj-ops', { traces: new Map(), keys: keys(now, 1), live: false }],
  ])
  const project = (id: string, name: string, role: Project['role'] = 'OWNER'): Project => ({ id, name, role })
  return {
    started: now,
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

function busyProject(now: number): MockProject {
  const random = createRandom(7)
  const traces = new Map<string, MockTrace>()
  const add = (entry: MockTrace) => traces.set(entry.row.id, entry)
  const minute = 60_000
  add(shapesTrace(now - 4 * minute))
  add(hostileTrace(now - 6 * minute))
  add(tangledTrace(now - 9 * minute))
  add(bigTrace(now - 30 * minute))
  let at = now - 70_000
  for (let index = 0; index < 900; index += 1) {
    const inSession = random.chance(0.5)
    add(agentTrace(random, at, { sessionId: inSession ? `session-${Math.floor(index / 6)}` : null }))
    at -= random.int(20_000, 12 * minute)
  }
  return { traces, keys: keys(now, 3), live: false }
}

function keys(now: number, count: number): ApiKey[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `key-${index + 1}`,
    publicKey: `pk-at-0f3c8a1e-${index}7d2`,
    displaySecretKey: `sk-at-…${index}a9f`,
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
