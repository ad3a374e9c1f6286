// What a tool call was about: one line from its arguments, the change it made, and what its metadata states.
import { isObject } from '../chat/parts'
import { parseJsonText } from '../chat/recognize'

export interface ToolFacts {
  tool: string | null
  command: string | null
  cwd: string | null
  /** Null when it is unknown, which is not zero. */
  exitCode: number | null
  success: boolean | null
  decision: 'accept' | 'reject' | null
  /** In words: who decided. */
  decidedBy: string | null
  commit: string | null
  attempts: number | null
  stopReason: string | null
  changes: StatedChange[]
}

export interface StatedChange {
  operation: string
  path: string
  newPath: string | null
  added: number | null
  removed: number | null
  diff: string | null
}

export type ToolLook = 'terminal' | 'edit' | 'file' | 'search' | 'globe' | 'agent' | 'todo' | 'tool'

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** A number of metadata: as itself, or as JSON text. */
function number(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  return typeof value === 'string' && /^-?\d{1,15}(?:\.\d+)?$/.test(value) ? Number(value) : null
}

function flag(value: unknown): boolean | null {
  return value === true || value === 'true' ? true : value === false || value === 'false' ? false : null
}

const DECIDERS: Record<string, string> = {
  config: 'by the settings',
  hook: 'by a hook',
  user: 'by the user',
  user_temporary: 'by the user, this once',
  user_permanent: 'by the user, from now on',
  user_abort: 'by the user, who stopped the agent',
  user_reject: 'by the user',
}

export function readFacts(metadata: unknown): ToolFacts {
  const facts = isObject(metadata) ? metadata : {}
  const outcome = text(facts['decision.outcome'])
  const source = text(facts['decision.source'])
  return {
    tool: text(facts['tool.name']),
    command: text(facts['command.line']),
    cwd: text(facts['command.cwd']),
    exitCode: number(facts['command.exit_code']),
    success: flag(facts['tool.success']),
    decision: outcome?.startsWith('reject') || outcome === 'denied' ? 'reject' : outcome == null ? null : 'accept',
    decidedBy: source == null ? null : (DECIDERS[source] ?? `by ${source.replaceAll('_', ' ')}`),
    commit: text(facts['vcs.ref.head.revision']),
    attempts: number(facts['api.attempts']),
    stopReason: text(facts['api.stop_reason']),
    changes: readChanges(facts['file.changes'], text(facts['tool.name'])),
  }
}

function readChanges(value: unknown, tool: string | null): StatedChange[] {
  const list = typeof value === 'string' ? parseJsonText(value) : value
  if (!Array.isArray(list)) return typeof value === 'string' && !/patch/i.test(tool ?? '') ? readCut(value) : []
  return list.flatMap((entry): StatedChange[] => {
    if (!isObject(entry)) return []
    const path = text(entry.path)
    return path == null ? [] : [{ operation: text(entry.operation) ?? 'UPDATE', path, newPath: text(entry.new_path), added: number(entry.lines_added), removed: number(entry.lines_removed), diff: text(entry.diff) }]
  })
}

/** Facts come cut: what stands before the diff is read, of tools that change one file. */
function readCut(text: string): StatedChange[] {
  const change = /^\[\{"operation":"([A-Z]{1,10})","path":"((?:[^"\\]|\\.){1,300})"(?:,"new_path":"((?:[^"\\]|\\.){1,300})")?(?:,"lines_added":(\d{1,9}))?(?:,"lines_removed":(\d{1,9}))?[,}]/.exec(text)
  if (!change) return []
  return [{ operation: change[1] ?? '', path: unescape(change[2] ?? ''), newPath: change[3] == null ? null : unescape(change[3]), added: number(change[4]), removed: number(change[5]), diff: null }]
}

const LOOKS: readonly [RegExp, ToolLook][] = [
  [/^(?:bash|shell|exec|exec_command|run_shell_command|local_shell|unified_exec|write_stdin|terminal|run_in_terminal|bashoutput|killshell|powershell|run_terminal_cmd|execute_command)$/, 'terminal'],
  [/^(?:edit|multiedit|write|write_file|replace|str_replace|str_replace_editor|apply_patch|create|notebookedit|edit_file|patch)$/, 'edit'],
  [/^(?:read|view|read_file|read_many_files|notebookread|cat)$/, 'file'],
  [/^(?:grep|glob|search|ls|list|list_directory|search_file_content|find|codebase_search|grep_search|file_search|toolsearch)$/, 'search'],
  [/^(?:webfetch|websearch|web_search|web_fetch|google_web_search|fetch)$/, 'globe'],
  [/^(?:task|agent|subagent|delegate|spawn_agent)$/, 'agent'],
  [/^(?:todowrite|todo|todoread|update_plan|taskcreate|taskupdate|plan)$/, 'todo'],
]

export function lookOfTool(name: string | null): ToolLook {
  const plain = (name ?? '').toLowerCase().replace(/^mcp__.*__/, '').replace(/^functions?\./, '')
  return LOOKS.find(([pattern]) => pattern.test(plain))?.[1] ?? 'tool'
}

const TELLING = [
  'command', 'cmd', 'script', 'pattern', 'query', 'file_path', 'filePath', 'path', 'absolute_path', 'notebook_path', 'url', 'description', 'subagent_type', 'prompt', 'skill', 'name', 'input', 'patchText', 'chars',
] as const

/**
 * The argument that says most, in one line. Arguments may be cut off in the middle of their JSON, as previews are; then the
 * line is read from what is there.
 */
export function summarize(input: unknown): string {
  const value = typeof input === 'string' ? (parseJsonText(input) ?? input) : input
  if (isObject(value)) {
    for (const key of TELLING) {
      const found = value[key]
      if (typeof found === 'string' && found.trim() !== '') return withMore(value, key, firstLine(key === 'input' || key === 'patchText' ? patchTitle(found) : found))
      if (Array.isArray(found) && found.every((word) => typeof word === 'string')) return firstLine(shellScript(found))
    }
    const todos = value.todos ?? value.plan
    if (Array.isArray(todos)) return `${todos.length} ${todos.length === 1 ? 'item' : 'items'}`
    const first = Object.entries(value).find(([, entry]) => typeof entry === 'string' || typeof entry === 'number')
    return first ? firstLine(`${first[0]}: ${String(first[1])}`) : ''
  }
  if (typeof value !== 'string') return ''
  if (/^\s*\{/.test(value)) {
    for (const key of TELLING) {
      const match = new RegExp(`"${key}"\\s*:\\s*"((?:[^"\\\\]|\\\\.){0,400})`).exec(value)
      if (match?.[1]) return firstLine(key === 'input' || key === 'patchText' ? patchTitle(unescape(match[1])) : unescape(match[1]))
    }
    return ''
  }
  return firstLine(patchTitle(value))
}

function withMore(value: Record<string, unknown>, key: string, line: string): string {
  if ((key === 'pattern' || key === 'query') && typeof value.path === 'string' && value.path !== '') return `${line} in ${firstLine(value.path)}`
  return line
}

function patchTitle(patch: string): string {
  const files = [...patch.slice(0, 20_000).matchAll(/^\*\*\* (?:Add|Update|Delete) File: (.+)$/gm)].map((match) => match[1] ?? '')
  return files.length === 0 ? patch : files.length === 1 ? (files[0] ?? '') : `${files[0] ?? ''} and ${files.length - 1} more`
}

function shellScript(words: string[]): string {
  return words.length === 3 && /sh$/.test(words[0] ?? '') && /^-l?c$/.test(words[1] ?? '') ? (words[2] ?? '') : words.join(' ')
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char === 't' ? '\t' : char))
}

function firstLine(value: string): string {
  const trimmed = value.trim()
  const line = trimmed.indexOf('\n')
  const cut = line < 0 ? trimmed : `${trimmed.slice(0, line).trimEnd()} …`
  return cut.length > 300 ? `${cut.slice(0, 300)}…` : cut
}

/** The change that an edit's arguments describe, for agents that state no diff. */
export function changesOfArguments(input: unknown): { path: string; before: string; after: string }[] {
  const value = typeof input === 'string' ? parseJsonText(input) : input
  if (!isObject(value)) return []
  const pick = (source: Record<string, unknown>, keys: readonly string[]) => keys.map((key) => source[key]).find((entry): entry is string => typeof entry === 'string')
  const path = pick(value, ['file_path', 'filePath', 'path', 'absolute_path', 'notebook_path'])
  if (path == null) return []
  const edits = Array.isArray(value.edits) ? value.edits.filter(isObject) : [value]
  return edits.flatMap((edit) => {
    const before = pick(edit, ['old_string', 'oldString', 'old_str'])
    const after = pick(edit, ['new_string', 'newString', 'new_str']) ?? (before == null ? pick(edit, ['content', 'file_text', 'new_source']) : undefined)
    return after == null ? [] : [{ path, before: before ?? '', after }]
  })
}
