// Reads a file of rows that somebody wants to import: CSV (RFC 4180, also with `;` or tabs), JSON, or a JSON value a line.
import { parseJsonText } from './chat/recognize'

export type FileFormat = 'csv' | 'json' | 'jsonl'

export interface Table {
  format: FileFormat
  columns: string[]
  rows: Record<string, unknown>[]
  /** Lines that could not be read, by number from 1. */
  problems: { line: number; message: string }[]
}

export function formatOf(fileName: string, text: string): FileFormat {
  if (/\.(jsonl|ndjson)$/i.test(fileName)) return 'jsonl'
  if (/\.json$/i.test(fileName)) return text.trimStart().startsWith('[') ? 'json' : isOneValue(text) ? 'json' : 'jsonl'
  return 'csv'
}

export function readTable(text: string, format: FileFormat): Table {
  const clean = text.replace(/^\uFEFF/, '')
  return format === 'csv' ? readCsv(clean) : format === 'json' ? readJson(clean) : readJsonLines(clean)
}

function isOneValue(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function readJson(text: string): Table {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { format: 'json', columns: [], rows: [], problems: [{ line: 1, message: 'The file is not JSON' }] }
  }
  return fromValues('json', Array.isArray(value) ? value : [value], [])
}

function readJsonLines(text: string): Table {
  const problems: Table['problems'] = []
  const values: unknown[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    try {
      values.push(JSON.parse(line))
    } catch {
      problems.push({ line: index + 1, message: 'Not JSON' })
    }
  }
  return fromValues('jsonl', values, problems)
}

function fromValues(format: FileFormat, values: unknown[], problems: Table['problems']): Table {
  const rows = values.map((value) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : { value }))
  const columns = [...new Set(rows.slice(0, 1000).flatMap((row) => Object.keys(row)))]
  return { format, columns, rows, problems }
}

function readCsv(text: string): Table {
  const records = parseCsv(text)
  const head = records[0]?.fields ?? []
  const columns = head.map((name, index) => (name.trim() === '' ? `column ${index + 1}` : name.trim())).map((name, index, all) => (all.indexOf(name) === index ? name : `${name} (${index + 1})`))
  const problems: Table['problems'] = []
  const rows = records.slice(1).flatMap(({ fields, line }) => {
    if (fields.length === 1 && fields[0] === '') return []
    if (fields.length > columns.length) {
      problems.push({ line, message: `${fields.length} fields, but the header has ${columns.length}` })
      return []
    }
    return [Object.fromEntries(columns.map((column, index) => [column, fields[index] ?? '']))]
  })
  return { format: 'csv', columns, rows, problems }
}

/** Records with the line each begins on. The separator is the one the first line has most of. */
export function parseCsv(text: string): { fields: string[]; line: number }[] {
  const first = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text)?.[0].replace(/"(?:[^"]|"")*"/g, '') ?? ''
  const count = (mark: string) => first.split(mark).length
  const mark = [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best))
  const records: { fields: string[]; line: number }[] = []
  let fields: string[] = []
  let field = ''
  let quoted = false
  let line = 1
  let begun = 1
  const endField = () => {
    fields.push(field)
    field = ''
  }
  const endRecord = () => {
    endField()
    records.push({ fields, line: begun })
    fields = []
  }
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (char === '\n') line += 1
    if (quoted) {
      if (char !== '"') field += char
      else if (text.charAt(at + 1) === '"') {
        field += '"'
        at += 1
      } else quoted = false
    } else if (char === '"' && field === '') quoted = true
    else if (char === mark) endField()
    else if (char === '\n' || char === '\r') {
      if (char === '\r' && text.charAt(at + 1) === '\n') {
        at += 1
        line += 1
      }
      endRecord()
      begun = line
    } else field += char
  }
  if (field !== '' || fields.length > 0) endRecord()
  return records
}

export type ItemField = 'input' | 'expectedOutput' | 'metadata' | 'id'
/** Which columns make which field. One column is its value; several are an object with a key each. */
export type Mapping = Record<ItemField, string[]>

const GUESSES: Record<ItemField, RegExp> = {
  input: /^(inputs?|question|query|prompt|user_?(message|input))$/i,
  expectedOutput: /^(expected_?(outputs?|answer)|outputs?|answer|target|label|reference|ground_?truth)$/i,
  metadata: /^(metadata|meta)$/i,
  id: /^id$/i,
}

/** A first mapping by the columns' names; with no input recognized, all the rest is input. */
export function guessMapping(columns: readonly string[]): Mapping {
  const mapping: Mapping = { input: [], expectedOutput: [], metadata: [], id: [] }
  for (const field of ['id', 'input', 'expectedOutput', 'metadata'] as const) {
    const found = columns.find((column) => GUESSES[field].test(column.trim()))
    if (found != null) mapping[field] = [found]
  }
  const used = new Set(Object.values(mapping).flat())
  const rest = columns.filter((column) => !used.has(column))
  if (mapping.input.length === 0) mapping.input = rest
  return mapping
}

export interface ImportedItem {
  id?: string
  input?: unknown
  expectedOutput?: unknown
  metadata?: unknown
}

export function toItem(row: Record<string, unknown>, mapping: Mapping): ImportedItem {
  const id = mapping.id[0] == null ? '' : text(row[mapping.id[0]]).trim()
  const item: ImportedItem = id === '' ? {} : { id }
  for (const field of ['input', 'expectedOutput', 'metadata'] as const) {
    const columns = mapping[field]
    if (columns.length === 0) continue
    const value = columns.length === 1 ? cell(row[columns[0] ?? '']) : Object.fromEntries(columns.map((column) => [column, cell(row[column])]))
    if (value != null && value !== '') item[field] = value
  }
  return item
}

/** A CSV cell that is a JSON object or list is one; any other text, numbers too, stays what was written. */
function cell(value: unknown): unknown {
  return typeof value === 'string' ? (parseJsonText(value) ?? value) : value
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}
