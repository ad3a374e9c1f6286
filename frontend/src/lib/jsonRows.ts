// Turns a JSON value into the lines a virtualised tree viewer shows. Only open containers are expanded into lines, so a
// large value costs what is visible. Paths are text (JSON Pointer), never used as property names of our own objects.

export interface JsonRow {
  path: string
  depth: number
  /** Property name or array index; null for the root. */
  key: string | null
  kind: 'open' | 'close' | 'collapsed' | 'leaf'
  bracket: '{' | '['
  value: unknown
  size: number
  /** The value was JSON inside a string and has been opened on request. */
  parsed: boolean
}

export interface JsonView {
  /** Containers whose state differs from the default. */
  toggled: ReadonlySet<string>
  /** Strings shown as the JSON they contain. */
  parsed: ReadonlySet<string>
  /** Containers above this depth start open. */
  openDepth: number
}

/** Containers with more entries than this start closed, whatever their depth. */
const BIG = 200

export function isOpen(view: JsonView, path: string, depth: number, size: number): boolean {
  const byDefault = depth < view.openDepth && (size <= BIG || depth === 0)
  return view.toggled.has(path) ? !byDefault : byDefault
}

export function jsonRows(root: unknown, view: JsonView): JsonRow[] {
  const rows: JsonRow[] = []
  type Work = { close: JsonRow } | { path: string; depth: number; key: string | null; value: unknown }
  const stack: Work[] = [{ path: '', depth: 0, key: null, value: root }]
  for (let work = stack.pop(); work; work = stack.pop()) {
    if ('close' in work) {
      rows.push(work.close)
      continue
    }
    const { path, depth, key } = work
    const parsed = typeof work.value === 'string' && view.parsed.has(path)
    const value = parsed ? (parseEmbedded(work.value as string) ?? work.value) : work.value
    const entries = entriesOf(value)
    const bracket = Array.isArray(value) ? '[' : '{'
    if (!entries || entries.length === 0) {
      rows.push({ path, depth, key, kind: 'leaf', bracket, value, size: 0, parsed })
      continue
    }
    const size = entries.length
    if (!isOpen(view, path, depth, size)) {
      rows.push({ path, depth, key, kind: 'collapsed', bracket, value, size, parsed })
      continue
    }
    rows.push({ path, depth, key, kind: 'open', bracket, value, size, parsed })
    stack.push({ close: { path, depth, key: null, kind: 'close', bracket, value: null, size, parsed: false } })
    for (let index = entries.length - 1; index >= 0; index -= 1) {
      const entry = entries[index]
      if (entry) stack.push({ path: `${path}/${escapePointer(entry[0])}`, depth: depth + 1, key: entry[0], value: entry[1] })
    }
  }
  return rows
}

function entriesOf(value: unknown): [string, unknown][] | null {
  if (Array.isArray(value)) return value.map((entry: unknown, index) => [String(index), entry])
  return typeof value === 'object' && value !== null ? Object.entries(value) : null
}

/** The object or array that a string contains, or null. */
export function parseEmbedded(text: string): unknown {
  const trimmed = text.trim()
  if (!/^[[{]/.test(trimmed)) return null
  try {
    return JSON.parse(trimmed) as unknown
  } catch {
    return null
  }
}

/** Paths of keys and scalar values that contain the words, in document order, at most `limit`. */
export function searchJson(root: unknown, words: string, view: Pick<JsonView, 'parsed'>, limit = 5000): string[] {
  const needle = words.toLowerCase()
  if (needle === '') return []
  const found: string[] = []
  const stack: { path: string; key: string | null; value: unknown }[] = [{ path: '', key: null, value: root }]
  for (let work = stack.pop(); work && found.length < limit; work = stack.pop()) {
    const value = typeof work.value === 'string' && view.parsed.has(work.path) ? (parseEmbedded(work.value) ?? work.value) : work.value
    const entries = entriesOf(value)
    const hit = (work.key != null && work.key.toLowerCase().includes(needle)) || (!entries && String(value).toLowerCase().includes(needle))
    if (hit) found.push(work.path)
    for (let index = (entries?.length ?? 0) - 1; index >= 0; index -= 1) {
      const entry = entries?.[index]
      if (entry) stack.push({ path: `${work.path}/${escapePointer(entry[0])}`, key: entry[0], value: entry[1] })
    }
  }
  return found
}

/** Paths of the first strings for which `test` holds, in document order. */
export function pathsOfStrings(root: unknown, test: (text: string) => boolean, limit: number): string[] {
  const found: string[] = []
  const stack: { path: string; value: unknown }[] = [{ path: '', value: root }]
  for (let work = stack.pop(), seen = 0; work && found.length < limit && seen < 20_000; work = stack.pop(), seen += 1) {
    if (typeof work.value === 'string' && test(work.value)) found.push(work.path)
    for (const [key, value] of entriesOf(work.value)?.reverse() ?? []) stack.push({ path: `${work.path}/${escapePointer(key)}`, value })
  }
  return found
}

/** Every container above a path, from the root down: what must be open for the path to be seen. */
export function ancestorsOf(path: string): string[] {
  const parts = path.split('/').slice(1, -1)
  const paths = path === '' ? [] : ['']
  let current = ''
  for (const part of parts) {
    current += `/${part}`
    paths.push(current)
  }
  return paths
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
