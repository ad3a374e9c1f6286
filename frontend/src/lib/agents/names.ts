// Which agents there are, and how their ids become names.
import type { TraceRow } from '../../api/types'

export const AGENTS = [
  { id: 'claude-code', name: 'Claude Code', short: 'CC' },
  { id: 'codex', name: 'Codex', short: 'CX' },
  { id: 'gemini-cli', name: 'Gemini CLI', short: 'GE' },
  { id: 'copilot-cli', name: 'Copilot CLI', short: 'CP' },
  { id: 'copilot-chat', name: 'Copilot Chat', short: 'CP' },
  { id: 'opencode', name: 'OpenCode', short: 'OC' },
  { id: 'cursor', name: 'Cursor', short: 'CU' },
  { id: 'aider', name: 'Aider', short: 'AI' },
] as const

export type AgentId = (typeof AGENTS)[number]['id']

export function agentName(id: string | null | undefined): string {
  if (id == null || id === '') return 'Unknown agent'
  return AGENTS.find((agent) => agent.id === id)?.name ?? id
}

export function agentShort(id: string): string {
  return AGENTS.find((agent) => agent.id === id)?.short ?? id.replace(/[^a-z0-9]/gi, '').slice(0, 2).toUpperCase()
}

/** The agent whose session a trace is: its own word, or the beginning of the id that every source gives it. */
export function agentOfTrace(trace: Pick<TraceRow, 'id' | 'tags'> & { metadata?: unknown }): string | null {
  const { metadata } = trace
  if (typeof metadata === 'object' && metadata !== null && 'agent.name' in metadata && typeof metadata['agent.name'] === 'string') return metadata['agent.name']
  return AGENTS.find((agent) => trace.id.startsWith(`${agent.id}-`) && trace.tags.includes(agent.id))?.id ?? null
}

/** `git@github.com:acme/shop.git` and `https://github.com/acme/shop` are both `acme/shop`. */
export function repositoryName(url: string): string {
  const path = url.replace(/^[a-z+]+:\/\/[^/]*\//i, '').replace(/^[^/@]+@[^:/]+:/, '').replace(/\.git\/?$/, '').replace(/\/+$/, '')
  const parts = path.split('/').filter(Boolean)
  return parts.length > 0 ? parts.slice(-2).join('/') : url
}

/** A page of the repository on its host, where the address is one that a browser opens. */
export function repositoryPage(url: string | null | undefined, page = ''): string | null {
  if (url == null) return null
  const ssh = /^(?:ssh:\/\/)?git@([\w.-]+)[:/](.+?)(?:\.git)?\/?$/.exec(url)
  const base = ssh ? `https://${ssh[1] ?? ''}/${ssh[2] ?? ''}` : url.replace(/\.git\/?$/, '').replace(/\/+$/, '')
  if (!/^https?:\/\/[^/]+\/.+/i.test(base)) return null
  try {
    const parsed = new URL(base + page)
    return parsed.username === '' && parsed.password === '' ? parsed.href : null
  } catch {
    return null
  }
}

export function commitPage(repositoryUrl: string | null | undefined, sha: string): string | null {
  if (!/^[0-9a-f]{7,64}$/i.test(sha)) return null
  return repositoryPage(repositoryUrl, repositoryUrl?.includes('gitlab') ? `/-/commit/${sha}` : `/commit/${sha}`)
}

export const shortSha = (sha: string) => sha.slice(0, 8)

/** How a link between a commit and a session is known, and how sure it is. */
const METHODS: Record<string, string> = {
  hook_environment: 'A git hook ran inside the session',
  agent_reported: 'The agent reported the commit',
  trailer: 'A trailer in the commit message names the session',
  tree_match: 'The commit holds the very files the session wrote',
  line_match: 'The commit’s lines are lines the session wrote',
  wrap: 'Made while agenttrace wrap ran the agent',
  webhook: 'Told by the repository’s webhook',
  manual: 'Linked by hand',
}

export function methodWords(method: string): string {
  return METHODS[method] ?? method.replaceAll('_', ' ')
}

export function confidenceWords(confidence: number): 'certain' | 'very likely' | 'likely' | 'possible' {
  if (confidence >= 0.99) return 'certain'
  if (confidence >= 0.9) return 'very likely'
  return confidence >= 0.6 ? 'likely' : 'possible'
}
