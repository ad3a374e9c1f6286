// Applies the API's filters and search to the mock's rows.
import type { Filter } from '../src/lib/filters'
import type { MockTrace } from './model'

export function matches(record: Record<string, unknown>, metadata: unknown, filter: Filter): boolean {
  const value = filter.column === 'metadata' ? (metadata as Record<string, unknown> | null)?.[filter.key ?? ''] : record[filter.column]
  const wanted = filter.value
  switch (filter.type) {
    case 'null':
      return (value == null) === (filter.operator === 'is null')
    case 'boolean':
      return (value === wanted) === (filter.operator === '=')
    case 'number':
      return typeof value === 'number' && typeof wanted === 'number' && compare(value, filter.operator, wanted)
    case 'datetime':
      return typeof value === 'string' && compare(Date.parse(value), filter.operator, Date.parse(String(wanted)))
    case 'stringOptions': {
      const among = Array.isArray(wanted) && wanted.includes(typeof value === 'string' ? value : '')
      return among === (filter.operator === 'any of')
    }
    case 'arrayOptions': {
      const has = (entry: string) => Array.isArray(value) && value.includes(entry)
      const list = Array.isArray(wanted) ? wanted : []
      if (filter.operator === 'all of') return list.every(has)
      return list.some(has) === (filter.operator === 'any of')
    }
    default:
      return compareText(typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value), filter.operator, String(wanted))
  }
}

function compare(value: number, operator: string, wanted: number): boolean {
  switch (operator) {
    case '>': return value > wanted
    case '<': return value < wanted
    case '>=': return value >= wanted
    case '<=': return value <= wanted
    default: return value === wanted
  }
}

function compareText(value: string, operator: string, wanted: string): boolean {
  switch (operator) {
    case 'contains': return value.includes(wanted)
    case 'does not contain': return !value.includes(wanted)
    case 'starts with': return value.startsWith(wanted)
    case 'ends with': return value.endsWith(wanted)
    default: return value === wanted
  }
}

export function found(entry: MockTrace, words: string, places: string[]): boolean {
  const { row } = entry
  const texts: Record<string, string> = {
    ids: [row.name, row.id, row.userId, row.sessionId, ...row.tags].join(' '),
    input: JSON.stringify(entry.input),
    output: JSON.stringify(entry.output),
  }
  const where = places.length > 0 ? places : Object.keys(texts)
  const text = where.map((place) => texts[place] ?? '').join(' ').toLowerCase()
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word))
}
