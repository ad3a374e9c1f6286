// Builds one session of a coding agent the way the server stores it: steps whose ids say what they are, and the rows that follow
// from them (commands, file operations, links, runs).
import type { Commit, PullRequest } from '../../src/api/agents'
import type { CiRun, FileOperation, GitLink, TerminalCommand } from '../../src/api/types'
import { observation, trace, type ObservationSeed } from '../build'
import type { MockObservation, MockTrace } from '../model'

export interface MockAgents {
  commands: TerminalCommand[]
  files: FileOperation[]
  links: GitLink[]
  runs: CiRun[]
  commits: Commit[]
  pulls: PullRequest[]
}

export const noAgents = (): MockAgents => ({ commands: [], files: [], links: [], runs: [], commits: [], pulls: [] })

export interface SessionSeed {
  agent: string
  title: string
  sessionId: string
  version: string
  start: number
  user: string | null
  repository: string | null
  branch: string | null
  model: string
  price: { input: number; output: number } | null
  environment?: string
  metadata?: Record<string, unknown>
}

const iso = (time: number) => new Date(time).toISOString()
const AGENT_NAMES: Record<string, string> = { 'claude-code': 'Claude Code', codex: 'Codex', 'gemini-cli': 'Gemini CLI', 'copilot-cli': 'Copilot CLI', opencode: 'OpenCode', aider: 'Aider' }

export class SessionBuilder {
  readonly traceId: string
  readonly observations: MockObservation[] = []
  at: number
  private turnId: string | null = null
  private subagent: string | null = null
  private count = 0
  private context = 14_000
  private firstPrompt: string | null = null
  private lastAnswer: string | null = null

  constructor(
    readonly seed: SessionSeed,
    private readonly rows: MockAgents,
  ) {
    this.traceId = `${seed.agent}-${seed.sessionId}`
    this.at = seed.start
  }

  private add(entry: Omit<ObservationSeed, 'start'> & { start?: number }): void {
    const metadata = { 'agent.name': this.seed.agent, ...(entry.metadata as Record<string, unknown> | undefined) }
    this.observations.push(observation({ start: this.at, parent: this.parent(), ...entry, metadata }))
  }

  private parent(): string {
    return this.subagent ?? this.turnId ?? this.traceId
  }

  private id(kind: string): string {
    this.count += 1
    return `${kind}-${this.seed.sessionId}-${this.count}`
  }

  prompt(text: string | null): this {
    this.at += 4000
    const id = this.id('turn')
    this.turnId = id
    this.subagent = null
    this.firstPrompt ??= text
    this.add({ id, parent: this.traceId, type: 'SPAN', name: 'turn', end: this.at, input: text, metadata: { 'agent.record': 'turn' } })
    return this
  }

  answer(text: string | null, options: { output?: number; attempts?: number; reasoning?: string; grow?: number; ms?: number } = {}): this {
    const id = this.id('call')
    const output = options.output ?? (text == null ? 90 : 40 + Math.round(text.length / 4))
    const took = options.ms ?? 1800 + output * 9
    const cached = this.context
    this.context += options.grow ?? 900 + output
    this.add({
      id, type: 'GENERATION', name: this.seed.model, end: this.at + took, firstToken: this.at + 700, model: this.seed.model, price: this.seed.price,
      tokens: { input: 6, output, cacheRead: this.subagent ? 4000 : cached, cacheWrite: 900 },
      output: options.reasoning ? [{ role: 'assistant', content: [{ type: 'thinking', thinking: options.reasoning }, ...(text ? [{ type: 'text', text }] : [])] }] : text,
      metadata: { 'agent.record': 'model_call', ...(options.attempts ? { 'api.attempts': options.attempts } : {}) },
    })
    this.at += took
    if (text != null && !this.subagent) this.lastAnswer = text
    return this
  }

  failedCall(message: string): this {
    this.add({ id: this.id('call'), type: 'GENERATION', name: this.seed.model, end: this.at + 900, model: this.seed.model, price: this.seed.price, tokens: { input: 0, output: 0 }, level: 'ERROR', statusMessage: message, metadata: { 'agent.record': 'model_call' } })
    this.at += 2400
    return this
  }

  tool(name: string, input: unknown, output: unknown, options: { ms?: number; level?: 'DEFAULT' | 'WARNING' | 'ERROR'; status?: string; metadata?: Record<string, unknown> } = {}): string {
    const id = this.id('tool')
    const took = options.ms ?? 80
    this.add({
      id, type: 'TOOL', name, end: this.at + took, level: options.level ?? 'DEFAULT', statusMessage: options.status ?? null, input: typeof input === 'string' ? input : JSON.stringify(input), output,
      metadata: { 'agent.record': 'tool_call', 'tool.name': name, 'tool.call_id': id, 'tool.success': options.level !== 'ERROR', ...options.metadata },
    })
    this.at += took + 60
    return id
  }

  command(line: string, output: string, exitCode: number | null, options: { ms?: number; cwd?: string; decision?: [string, string]; source?: string } = {}): string {
    const cwd = options.cwd ?? '/home/dev/shop'
    const start = this.at
    const id = this.tool(this.seed.agent === 'codex' ? 'exec_command' : this.seed.agent === 'gemini-cli' ? 'run_shell_command' : 'Bash', { command: line }, output, {
      ms: options.ms ?? 400, level: exitCode ? 'WARNING' : 'DEFAULT', status: exitCode ? `exit code ${exitCode}` : undefined,
      metadata: { 'command.line': line, 'command.cwd': cwd, ...(exitCode == null ? {} : { 'command.exit_code': exitCode }), ...(options.decision ? { 'decision.outcome': options.decision[0], 'decision.source': options.decision[1] } : { 'decision.outcome': 'accept', 'decision.source': 'config' }) },
    })
    if (options.decision?.[0] === 'reject') return id
    this.rows.commands.push({
      id: `cmd-${id}`, projectId: 'mock', traceId: this.traceId, observationId: id, sessionId: this.seed.sessionId, agent: this.seed.agent, command: line, workingDir: cwd, exitCode,
      exitCodeSource: exitCode == null ? 'none' : (options.source ?? (this.seed.agent === 'claude-code' ? 'shim' : 'agent_structured')), success: exitCode == null ? null : exitCode === 0, stdout: output, stderr: null, durationMs: options.ms ?? 400, timestamp: iso(start),
    })
    return id
  }

  edit(path: string, diff: string, options: { operation?: string; newPath?: string } = {}): string {
    const added = diff.split('\n').filter((line) => line.startsWith('+')).length
    const removed = diff.split('\n').filter((line) => line.startsWith('-')).length
    const operation = options.operation ?? 'UPDATE'
    const start = this.at
    const id = this.tool(this.seed.agent === 'codex' ? 'apply_patch' : operation === 'CREATE' ? 'Write' : 'Edit', { file_path: path }, 'The file has been updated.', {
      ms: 45, metadata: { 'file.changes': [{ operation, path, ...(options.newPath ? { new_path: options.newPath } : {}), lines_added: added, lines_removed: removed, diff }], 'decision.outcome': 'accept', 'decision.source': 'user_temporary' },
    })
    this.file(id, start, operation, path, { diff, added, removed, newPath: options.newPath })
    return id
  }

  read(path: string, content: string): string {
    const start = this.at
    const id = this.tool('Read', { file_path: path }, content, { ms: 12 })
    this.file(id, start, 'READ', path, {})
    return id
  }

  private file(id: string, start: number, operation: string, path: string, more: { diff?: string; added?: number; removed?: number; newPath?: string }): void {
    this.rows.files.push({
      id: `file-${id}`, projectId: 'mock', traceId: this.traceId, observationId: id, sessionId: this.seed.sessionId, agent: this.seed.agent, operation, filePath: path, newPath: more.newPath ?? null, fileType: path.split('.').at(-1) ?? null,
      beforeContentHash: null, afterContentHash: null, beforeSize: null, afterSize: null, diffSummary: { linesAdded: more.added ?? null, linesRemoved: more.removed ?? null }, diff: more.diff ?? null, timestamp: iso(start),
    })
  }

  /** What is told below the subagent until `done`. */
  delegate(name: string, task: string, work: (inside: this) => void): this {
    const id = this.id('agent')
    const toolId = this.id('tool')
    const start = this.at
    const before = this.observations.length
    this.subagent = id
    this.at += 120
    work(this)
    this.subagent = null
    this.observations.splice(before, 0,
      observation({ id: toolId, parent: this.parent(), type: 'TOOL', name: 'Task', start, end: this.at, input: JSON.stringify({ subagent_type: name, description: task.slice(0, 40), prompt: task }), output: 'Done.', metadata: { 'agent.name': this.seed.agent, 'agent.record': 'tool_call', 'tool.name': 'Task' } }),
      observation({ id, parent: toolId, type: 'AGENT', name, start: start + 60, end: this.at, input: task, output: 'Done.', metadata: { 'agent.name': this.seed.agent, 'agent.record': 'subagent' } }),
    )
    return this
  }

  event(name: string, level: 'DEFAULT' | 'WARNING' | 'ERROR', message: string): this {
    this.add({ id: this.id('event'), type: 'EVENT', name, end: this.at, level, statusMessage: message, metadata: { 'agent.record': 'event' } })
    if (name === 'compaction') this.context = 22_000
    return this
  }

  commit(sha: string, message: string, options: { pr?: number; confidence?: number; method?: string; additions?: number; deletions?: number; files?: string[]; ci?: string | null; cost?: number | null } = {}): string {
    const { seed } = this
    const start = this.at
    const [title = ''] = message.split('\n')
    const id = this.tool(seed.agent === 'codex' ? 'exec_command' : 'Bash', { command: `git commit -am ${JSON.stringify(title)}` }, `[${seed.branch ?? 'main'} ${sha.slice(0, 7)}] ${title}\n ${options.files?.length ?? 1} file changed\n`, {
      ms: 210, metadata: { 'command.line': `git commit -am ${JSON.stringify(title)}`, 'command.cwd': '/home/dev/shop', 'command.exit_code': 0, 'vcs.ref.head.revision': sha, 'vcs.ref.head.name': seed.branch ?? 'main', 'decision.outcome': 'accept', 'decision.source': 'user_permanent' },
    })
    this.rows.commands.push({ id: `cmd-${id}`, projectId: 'mock', traceId: this.traceId, observationId: id, sessionId: seed.sessionId, agent: seed.agent, command: `git commit -am ${JSON.stringify(title)}`, workingDir: '/home/dev/shop', exitCode: 0, exitCodeSource: 'shim', success: true, stdout: `[${seed.branch ?? 'main'} ${sha.slice(0, 7)}] ${title}`, stderr: null, durationMs: 210, timestamp: iso(start) })
    const method = options.method ?? 'hook_environment'
    const confidence = options.confidence ?? 1
    const files = options.files ?? ['shop/cart.py']
    this.rows.links.push({
      id: `link-${id}`, projectId: 'mock', traceId: this.traceId, observationId: id, sessionId: seed.sessionId, agent: seed.agent, repositoryUrl: seed.repository, commitSha: sha, branch: seed.branch, prNumber: options.pr ?? null, prUrl: options.pr ? `${seed.repository ?? ''}/pull/${options.pr}` : null,
      commitMessage: message, authorName: 'Dev One', authorEmail: 'dev@example.com', filesChanged: files, additions: options.additions ?? 4, deletions: options.deletions ?? 1, method, confidence, timestamp: iso(this.at), createdAt: iso(this.at),
    })
    const ci = options.ci === undefined ? 'success' : options.ci
    if (ci != null) {
      for (const [index, job] of ['test', 'lint'].entries()) {
        this.rows.runs.push({
          id: `run-${id}-${job}`, projectId: 'mock', traceId: null, provider: 'GITHUB_ACTIONS', runId: `98${start % 100_000}${index}`, runUrl: `${seed.repository ?? 'https://github.com/acme/shop'}/actions/runs/98${start % 100_000}${index}`, attempt: job === 'test' && ci === 'failure' ? 2 : 1, workflowName: 'CI', jobName: job, stage: null,
          status: job === 'lint' ? 'SUCCESS' : ci.toUpperCase(), triggerEvent: 'push', repositoryUrl: seed.repository, commitSha: sha, branch: seed.branch, prNumber: options.pr ?? null, startedAt: iso(this.at + 8000), finishedAt: ci === 'running' ? null : iso(this.at + 71_000 + index * 9000), durationMs: ci === 'running' ? null : 63_000 + index * 9000, createdAt: iso(this.at + 8000), updatedAt: iso(this.at + 80_000),
        })
      }
    }
    this.rows.commits.push({
      repositoryUrl: seed.repository, commitSha: sha, branch: seed.branch, message, authorName: 'Dev One', authorEmail: 'dev@example.com', timestamp: iso(this.at), prNumber: options.pr ?? null, prUrl: options.pr ? `${seed.repository ?? ''}/pull/${options.pr}` : null,
      additions: options.additions ?? 4, deletions: options.deletions ?? 1, filesChanged: files, sessions: [{ traceId: this.traceId, sessionId: seed.sessionId, agent: seed.agent, userId: seed.user, method, confidence }],
      cost: options.cost === undefined ? 0.1137 : options.cost, costComplete: seed.price != null, ciStatus: ci, ciRuns: ci == null ? 0 : 2,
    })
    return id
  }

  finish(options: { running?: boolean } = {}): MockTrace {
    const { seed } = this
    // A turn lasts until its last step.
    for (const turn of this.observations.filter((entry) => entry.id.startsWith('turn-'))) {
      const ends = this.observations.filter((entry) => entry.parentObservationId === turn.id).map((entry) => Date.parse(entry.endTime ?? entry.startTime))
      const end = Math.max(Date.parse(turn.startTime), ...ends)
      turn.endTime = iso(end)
      turn.latency = (end - Date.parse(turn.startTime)) / 1000
    }
    this.observations.unshift(observation({ id: this.traceId, type: 'AGENT', name: AGENT_NAMES[seed.agent] ?? seed.agent, start: seed.start, end: options.running ? null : this.at, input: this.firstPrompt, output: this.lastAnswer, metadata: { 'agent.name': seed.agent, 'agent.record': 'session' } }))
    const made = trace({
      id: this.traceId, start: seed.start, name: AGENT_NAMES[seed.agent] ?? seed.agent, userId: seed.user, sessionId: seed.sessionId, environment: seed.environment ?? 'default', tags: [seed.agent], observations: this.observations,
      input: this.firstPrompt, output: this.lastAnswer, updatedAt: options.running ? Date.now() : undefined,
      metadata: { 'agent.name': seed.agent, 'agent.version': seed.version, ...(seed.repository ? { 'vcs.repository.url.full': seed.repository } : {}), ...(seed.branch ? { 'vcs.ref.head.name': seed.branch } : {}), ...seed.metadata },
    })
    return made
  }
}
