// The only place that knows the addresses of pages. Features link with these, so a moved page is one change.
import { linkOptions } from '@tanstack/react-router'

import type { AgentsSearch, AgentSessionSearch, CommandsSearch, CommitsSearch } from './lib/agents/search'
import type { DatasetSearch, NewPromptSearch, PromptSearch } from './lib/pageSearch'

export const tracesLink = (projectId: string) => linkOptions({ to: '/project/$projectId/traces', params: { projectId } })
export const traceLink = (projectId: string, traceId: string, observation?: string) =>
  linkOptions({ to: '/project/$projectId/traces/$traceId', params: { projectId, traceId }, search: observation ? { observation } : {} })
export const sessionsLink = (projectId: string) => linkOptions({ to: '/project/$projectId/sessions', params: { projectId } })
export const sessionLink = (projectId: string, sessionId: string) =>
  linkOptions({ to: '/project/$projectId/sessions/$sessionId', params: { projectId, sessionId } })
export const agentsLink = (projectId: string, search: AgentsSearch = {}) => linkOptions({ to: '/project/$projectId/agents', params: { projectId }, search })
export const agentSessionLink = (projectId: string, traceId: string, search: AgentSessionSearch = {}) =>
  linkOptions({ to: '/project/$projectId/agents/$traceId', params: { projectId, traceId }, search })
export const commandsLink = (projectId: string, search: CommandsSearch = {}) => linkOptions({ to: '/project/$projectId/commands', params: { projectId }, search })
export const commitsLink = (projectId: string, search: CommitsSearch = {}) => linkOptions({ to: '/project/$projectId/commits', params: { projectId }, search })
export const commitLink = (projectId: string, sha: string) => linkOptions({ to: '/project/$projectId/commits/$sha', params: { projectId, sha } })
export const pullRequestLink = (projectId: string, repository: string, number: number) =>
  linkOptions({ to: '/project/$projectId/pull-requests/$number', params: { projectId, number: String(number) }, search: { repository } })
export const apiKeysLink = (projectId: string) => linkOptions({ to: '/project/$projectId/settings/api-keys', params: { projectId } })

export const promptsLink = (projectId: string, folder?: string) => linkOptions({ to: '/project/$projectId/prompts', params: { projectId }, search: folder ? { folder } : {} })
export const promptLink = (projectId: string, promptName: string, search: PromptSearch = {}) =>
  linkOptions({ to: '/project/$projectId/prompts/$promptName', params: { projectId, promptName }, search })
export const newPromptLink = (projectId: string, search: NewPromptSearch = {}) => linkOptions({ to: '/project/$projectId/prompts/new', params: { projectId }, search })

export const datasetsLink = (projectId: string) => linkOptions({ to: '/project/$projectId/datasets', params: { projectId } })
export const datasetLink = (projectId: string, datasetName: string, search: DatasetSearch = {}) =>
  linkOptions({ to: '/project/$projectId/datasets/$datasetName', params: { projectId, datasetName }, search })
export const importLink = (projectId: string, datasetName: string) => linkOptions({ to: '/project/$projectId/datasets/$datasetName/import', params: { projectId, datasetName } })
export const compareRunsLink = (projectId: string, datasetName: string, runs: readonly string[]) =>
  linkOptions({ to: '/project/$projectId/datasets/$datasetName/compare', params: { projectId, datasetName }, search: { runs: JSON.stringify(runs) } })

export const scoresLink = (projectId: string) => linkOptions({ to: '/project/$projectId/scores', params: { projectId } })
export const queuesLink = (projectId: string) => linkOptions({ to: '/project/$projectId/annotation-queues', params: { projectId } })
export const queueLink = (projectId: string, queueId: string) => linkOptions({ to: '/project/$projectId/annotation-queues/$queueId', params: { projectId, queueId } })
export const workLink = (projectId: string, queueId: string, item?: string) =>
  linkOptions({ to: '/project/$projectId/annotation-queues/$queueId/work', params: { projectId, queueId }, search: item ? { item } : {} })

export const scoreConfigsLink = (projectId: string) => linkOptions({ to: '/project/$projectId/settings/score-configs', params: { projectId } })
export const modelsLink = (projectId: string) => linkOptions({ to: '/project/$projectId/settings/models', params: { projectId } })
export const llmConnectionsLink = (projectId: string) => linkOptions({ to: '/project/$projectId/settings/llm-connections', params: { projectId } })
export const githubLink = (projectId: string) => linkOptions({ to: '/project/$projectId/settings/github', params: { projectId } })
export const projectSettingsLink = (projectId: string) => linkOptions({ to: '/project/$projectId/settings/project', params: { projectId } })
export const membersLink = (projectId: string) => linkOptions({ to: '/project/$projectId/settings/members', params: { projectId } })
export const organizationLink = (projectId: string) => linkOptions({ to: '/project/$projectId/settings/organization', params: { projectId } })

export const filteredTracesLink = (projectId: string, filter: string) =>
  linkOptions({ to: '/project/$projectId/traces', params: { projectId }, search: { filter, range: '90d' } })

/** A path inside this site to return to after signing in, or "/" when it is anything else. */
export function safeReturnPath(path: string | undefined): string {
  if (path == null || !path.startsWith('/') || path.startsWith('//') || path.includes('\\') || path.startsWith('/sign-in')) return '/'
  try {
    const url = new URL(path, 'https://here.invalid')
    return url.origin === 'https://here.invalid' ? url.pathname + url.search + url.hash : '/'
  } catch {
    return '/'
  }
}
