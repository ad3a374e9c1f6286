// The URL parameters of the pages on coding agents, read without trusting them.
import type { UsageGroup } from '../../api/agents'

type Raw = Record<string, unknown>
const text = (search: Raw, key: string) => (typeof search[key] === 'string' && search[key] !== '' ? search[key].slice(0, 2000) : undefined)
const oneOf = <T extends string>(search: Raw, key: string, values: readonly T[]) => values.find((value) => value === search[key])

export const SESSION_ORDERS = ['startTime', 'totalCost', 'durationMs', 'failedCommands'] as const
export type SessionOrder = (typeof SESSION_ORDERS)[number]
export const GROUPS: readonly UsageGroup[] = ['agent', 'repository', 'branch', 'userId', 'model', 'day']

/** What narrows sessions, and everything counted over them. */
export interface AgentFilters {
  range?: string
  agent?: string
  repository?: string
  branch?: string
  user?: string
  environment?: string
  q?: string
}

export interface AgentsSearch extends AgentFilters {
  order?: Exclude<SessionOrder, 'startTime'>
  group?: Exclude<UsageGroup, 'agent'>
  connect?: '1'
}

function readFilters(search: Raw): AgentFilters {
  return {
    range: text(search, 'range'), agent: text(search, 'agent'), repository: text(search, 'repository'), branch: text(search, 'branch'), user: text(search, 'user'), environment: text(search, 'environment'), q: text(search, 'q'),
  }
}

export function readAgentsSearch(search: Raw): AgentsSearch {
  return { ...readFilters(search), order: oneOf(search, 'order', ['totalCost', 'durationMs', 'failedCommands']), group: oneOf(search, 'group', ['repository', 'branch', 'userId', 'model', 'day']), connect: search.connect === '1' ? '1' : undefined }
}

export type SessionTab = 'conversation' | 'files' | 'terminal' | 'git' | 'ci'
export const SESSION_TABS: readonly SessionTab[] = ['conversation', 'files', 'terminal', 'git', 'ci']

export interface AgentSessionSearch {
  tab?: Exclude<SessionTab, 'conversation'>
  /** The step that is selected and open. */
  step?: string
  /** Kinds of steps to see. */
  show?: 'talk' | 'tools' | 'errors'
  file?: string
  layout?: 'split'
  /** Files that were only read are listed, too. */
  reads?: '1'
  q?: string
  failed?: '1'
  /** The command that is open. */
  command?: string
}

export function readAgentSessionSearch(search: Raw): AgentSessionSearch {
  return {
    tab: oneOf(search, 'tab', ['files', 'terminal', 'git', 'ci']),
    step: text(search, 'step'),
    show: oneOf(search, 'show', ['talk', 'tools', 'errors']),
    file: text(search, 'file'),
    layout: oneOf(search, 'layout', ['split']),
    reads: oneOf(search, 'reads', ['1']),
    q: text(search, 'q'),
    failed: oneOf(search, 'failed', ['1']),
    command: text(search, 'command'),
  }
}

export interface CommandsSearch {
  range?: string
  q?: string
  agent?: string
  /** `failed`, or a number. */
  exit?: string
  /** A part of the working directory. */
  cwd?: string
  command?: string
}

export function readCommandsSearch(search: Raw): CommandsSearch {
  const exit = text(search, 'exit')
  return { range: text(search, 'range'), q: text(search, 'q'), agent: text(search, 'agent'), exit: exit === 'failed' || /^-?\d{1,5}$/.test(exit ?? '') ? exit : undefined, cwd: text(search, 'cwd'), command: text(search, 'command') }
}

export interface CommitsSearch {
  tab?: 'pulls'
  range?: string
  q?: string
  agent?: string
  repository?: string
  branch?: string
  author?: string
  state?: 'open' | 'merged' | 'closed'
}

export function readCommitsSearch(search: Raw): CommitsSearch {
  return {
    tab: oneOf(search, 'tab', ['pulls']), range: text(search, 'range'), q: text(search, 'q'), agent: text(search, 'agent'), repository: text(search, 'repository'), branch: text(search, 'branch'), author: text(search, 'author'),
    state: oneOf(search, 'state', ['open', 'merged', 'closed']),
  }
}

export interface PullRequestSearch {
  repository?: string
}

export function readPullRequestSearch(search: Raw): PullRequestSearch {
  return { repository: text(search, 'repository') }
}
