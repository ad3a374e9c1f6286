// The rules of prompts: variables, placeholders, references to other prompts, labels, and the messages of a chat prompt.
// Mirrors shared/domain/src/prompt.rs; the server decides.

export interface ChatEntry {
  type: 'chatmessage' | 'placeholder'
  role: string
  content: string
  /** Of a placeholder. */
  name: string
}

export type PromptContent = string | ChatEntry[]

export type PromptToken = { kind: 'text' | 'variable' | 'reference'; text: string }

const MARKS = /(@@@langfusePrompt:[^@\n]{1,600}@@@)|(\{\{\s*[\p{L}_][\p{L}\p{N}_.-]*\s*\}\})/gu

/** A text cut at its variables `{{name}}` and references to other prompts. */
export function tokenizePrompt(text: string): PromptToken[] {
  const tokens: PromptToken[] = []
  let from = 0
  for (const match of text.matchAll(MARKS)) {
    if (match.index > from) tokens.push({ kind: 'text', text: text.slice(from, match.index) })
    tokens.push({ kind: match[1] == null ? 'variable' : 'reference', text: match[0] })
    from = match.index + match[0].length
  }
  if (from < text.length) tokens.push({ kind: 'text', text: text.slice(from) })
  return tokens
}

const texts = (content: PromptContent) => (typeof content === 'string' ? [content] : content.flatMap((entry) => (entry.type === 'chatmessage' ? [entry.content] : [])))

/** Names of variables in the order of their first use. */
export function variablesOf(content: PromptContent): string[] {
  const names = texts(content).flatMap((text) => tokenizePrompt(text).flatMap((token) => (token.kind === 'variable' ? [token.text.slice(2, -2).trim()] : [])))
  return [...new Set(names)]
}

export function placeholdersOf(content: PromptContent): string[] {
  return typeof content === 'string' ? [] : [...new Set(content.flatMap((entry) => (entry.type === 'placeholder' && entry.name !== '' ? [entry.name] : [])))]
}

export interface PromptReference {
  name: string
  version: number | null
  label: string | null
}

export function referencesOf(content: PromptContent): PromptReference[] {
  return texts(content).flatMap((text) => tokenizePrompt(text).flatMap((token) => (token.kind === 'reference' ? (readReference(token.text) ?? []) : [])))
}

export function readReference(text: string): PromptReference | null {
  const fields = new Map(text.slice('@@@langfusePrompt:'.length, -3).split('|').map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)] as const))
  const name = fields.get('name')
  if (!name) return null
  const version = Number(fields.get('version'))
  return { name, version: Number.isInteger(version) && version > 0 ? version : null, label: fields.get('label') ?? null }
}

/** Reads the `prompt` of an answer: a text, or messages and placeholders. */
export function readContent(prompt: unknown): PromptContent {
  if (typeof prompt === 'string') return prompt
  if (!Array.isArray(prompt)) return JSON.stringify(prompt, null, 2)
  return prompt.map((entry: unknown): ChatEntry => {
    const fields = typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : {}
    const text = (key: string) => (typeof fields[key] === 'string' ? fields[key] : '')
    if (fields.type === 'placeholder') return { type: 'placeholder', role: '', content: '', name: text('name') }
    return { type: 'chatmessage', role: text('role') || 'user', content: typeof fields.content === 'string' ? fields.content : JSON.stringify(fields.content ?? '', null, 2), name: '' }
  })
}

/** What is sent: without the editor's empty fields. */
export function writeContent(content: PromptContent): unknown {
  if (typeof content === 'string') return content
  return content.map((entry) => (entry.type === 'placeholder' ? { type: 'placeholder', name: entry.name } : { role: entry.role, content: entry.content }))
}

/** One text for comparing two versions. */
export function contentText(content: PromptContent): string {
  if (typeof content === 'string') return content
  return content.map((entry) => (entry.type === 'placeholder' ? `[placeholder] ${entry.name}` : `[${entry.role}]\n${entry.content}`)).join('\n\n')
}

const RESERVED = new Set(['new', 'metrics'])

/** What is wrong with a new prompt's name, or null. */
export function nameProblem(name: string): string | null {
  if (name === '') return null
  if (name.length > 255) return 'At most 255 characters'
  if (name.includes('|')) return 'A name cannot hold “|”'
  if (/[<>]/.test(name)) return 'A name cannot hold “<” or “>”'
  if (name.startsWith('/') || name.endsWith('/') || name.includes('//')) return 'Folders are separated by single slashes, as in “support/greeting”'
  if (RESERVED.has(name.toLowerCase())) return 'This name is reserved'
  return null
}

export function labelProblem(label: string): string | null {
  if (label === 'latest') return '“latest” is always on the newest version by itself'
  return /^[a-z0-9_.-]{1,36}$/.test(label) ? null : '1 to 36 of a–z, 0–9, “_”, “-” and “.”'
}

/** What keeps the messages of a chat prompt from being saved, or null. */
export function contentProblem(content: PromptContent): string | null {
  if (typeof content === 'string') return content.trim() === '' ? 'The prompt is empty' : null
  if (content.length === 0) return 'Add a message'
  if (content.some((entry) => entry.type === 'placeholder' && !/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(entry.name))) return 'A placeholder needs a name of letters, numbers and “_”'
  if (content.some((entry) => entry.type === 'chatmessage' && entry.role.trim() === '')) return 'A message needs a role'
  const variables = new Set(variablesOf(content))
  const both = placeholdersOf(content).find((name) => variables.has(name))
  return both == null ? null : `“${both}” is a variable and a placeholder: rename one`
}

/** `a/b/c` as the folders above it, each with its path from the top. */
export function folderTrail(path: string): { name: string; path: string }[] {
  if (path === '') return []
  const names = path.split('/')
  return names.map((name, index) => ({ name, path: names.slice(0, index + 1).join('/') }))
}

export function folderOf(name: string): string {
  const at = name.lastIndexOf('/')
  return at < 0 ? '' : name.slice(0, at)
}

export function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}
