// Filters as the API takes them, the operators each column type allows, and the short text form that the URL holds.
// The wire form is Langfuse's `{type, column, operator, value, key?}`; see docs/api-design.md "Filters".

export type ColumnType = 'string' | 'stringOptions' | 'arrayOptions' | 'number' | 'datetime' | 'boolean' | 'stringObject'

export interface Filter {
  type: ColumnType | 'null'
  column: string
  operator: string
  value: string | number | boolean | string[]
  key?: string
}

export interface FilterColumn {
  id: string
  label: string
  type: ColumnType
  /** The facets operation knows this column's frequent values. */
  facet?: boolean
  /** Fixed choices, for columns with few values. */
  options?: readonly string[]
  unit?: string
  /** Free-text operators are offered beside the options. */
  text?: boolean
}

const TEXT_OPERATORS = ['=', 'contains', 'does not contain', 'starts with', 'ends with'] as const

export const OPERATORS: Record<ColumnType, readonly string[]> = {
  string: TEXT_OPERATORS,
  stringOptions: ['any of', 'none of'],
  arrayOptions: ['any of', 'none of', 'all of'],
  number: ['>=', '<=', '>', '<', '='],
  datetime: ['>=', '<=', '>', '<'],
  boolean: ['=', '<>'],
  stringObject: TEXT_OPERATORS,
}

/** The operators a column offers in its editor, each with the filter type it makes. */
export function operatorsOf(column: FilterColumn): { operator: string; type: Filter['type'] }[] {
  const own = OPERATORS[column.type].map((operator) => ({ operator, type: column.type }))
  if (column.type !== 'stringOptions' || column.text === false) return own
  return [...own, ...TEXT_OPERATORS.map((operator) => ({ operator, type: 'string' as const }))]
}

const SHORT: Record<string, string> = {
  'any of': 'any', 'none of': 'none', 'all of': 'all', '=': 'eq', '<>': 'ne', contains: 'has', 'does not contain': 'hasnt',
  'starts with': 'starts', 'ends with': 'ends', '>': 'gt', '<': 'lt', '>=': 'gte', '<=': 'lte', 'is null': 'null', 'is not null': 'notnull',
}
const LONG = new Map(Object.entries(SHORT).map(([long, short]) => [short, long]))
const TYPE_LETTER: Record<Filter['type'], string> = {
  string: 's', stringOptions: 'o', arrayOptions: 'a', number: 'n', datetime: 'd', boolean: 'b', stringObject: 'm', null: 'z',
}
const LETTER_TYPE = new Map(Object.entries(TYPE_LETTER).map(([type, letter]) => [letter, type as Filter['type']]))

/** `o.level~any~ERROR,WARNING;n.latency~gte~5`. In names and values `! ~ , ;` are escaped by a leading `!`. */
export function encodeFilters(filters: readonly Filter[]): string | undefined {
  if (filters.length === 0) return undefined
  return filters.map((filter) => {
    const value = Array.isArray(filter.value) ? filter.value.map(escape).join(',') : escape(String(filter.value))
    const parts = [`${TYPE_LETTER[filter.type]}.${escape(filter.column)}`, SHORT[filter.operator] ?? escape(filter.operator), value]
    if (filter.key != null) parts.push(escape(filter.key))
    return parts.join('~')
  }).join(';')
}

/** Reads what encodeFilters wrote; entries that cannot be read are left out, so a mangled link still opens. */
export function decodeFilters(text: string | undefined): Filter[] {
  if (!text) return []
  return split(text, ';').flatMap((entry) => decodeOne(entry) ?? [])
}

function decodeOne(entry: string): Filter | null {
  const [head = '', short = '', rawValue = '', rawKey] = split(entry, '~')
  const type = LETTER_TYPE.get(head.slice(0, 1))
  const operator = LONG.get(short)
  if (!type || !operator || head.charAt(1) !== '.' || head.length < 3) return null
  const column = unescape(head.slice(2))
  const value = readValue(type, rawValue)
  if (value == null) return null
  return rawKey == null ? { type, column, operator, value } : { type, column, operator, value, key: unescape(rawKey) }
}

function readValue(type: Filter['type'], raw: string): Filter['value'] | null {
  switch (type) {
    case 'stringOptions':
    case 'arrayOptions':
      return split(raw, ',').map(unescape)
    case 'number': {
      const number = Number(raw)
      return raw.trim() === '' || !Number.isFinite(number) ? null : number
    }
    case 'boolean':
      return raw === 'true' ? true : raw === 'false' ? false : null
    case 'datetime':
      return Number.isNaN(Date.parse(unescape(raw))) ? null : unescape(raw)
    default:
      return unescape(raw)
  }
}

function escape(text: string): string {
  return text.replace(/[!~,;]/g, (mark) => `!${mark}`)
}

function unescape(text: string): string {
  return text.replace(/!(.)/gs, '$1')
}

/** Splits at a mark that is not escaped. */
function split(text: string, mark: string): string[] {
  const parts: string[] = []
  let current = ''
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charAt(index)
    if (char === '!') {
      current += char + text.charAt(index + 1)
      index += 1
    } else if (char === mark) {
      parts.push(current)
      current = ''
    } else current += char
  }
  parts.push(current)
  return parts
}

/** What a chip says after the column's name. */
export function describeFilter(filter: Filter): { operator: string; value: string } {
  const words: Record<string, string> = { 'any of': 'is', 'none of': 'is not', 'all of': 'has all of', '=': 'is', '<>': 'is not', '>=': '≥', '<=': '≤', '>': '>', '<': '<' }
  const many = Array.isArray(filter.value) && filter.value.length > 1
  const operator = filter.operator === 'any of' && many ? 'is any of' : filter.operator === 'none of' && many ? 'is none of' : (words[filter.operator] ?? filter.operator)
  if (filter.type === 'null') return { operator, value: '' }
  const number = filter.type === 'number' && filter.operator === '=' ? '=' : operator
  if (!Array.isArray(filter.value)) return { operator: number, value: String(filter.value) }
  const [first = '', second] = filter.value
  if (filter.value.length > 2) return { operator, value: `${first}, +${filter.value.length - 1}` }
  return { operator, value: second == null ? first : `${first}, ${second}` }
}
