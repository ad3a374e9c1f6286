// Exports the rows that are loaded, as CSV (formula-safe) or JSON.
import type { TraceRow } from '../../api/types'
import { toCsv } from '../../lib/csv'
import { saveFile } from '../../ui/CopyButton'

const FIELDS = [
  'id', 'timestamp', 'name', 'userId', 'sessionId', 'environment', 'tags', 'release', 'version', 'level', 'bookmarked', 'latency', 'totalCost', 'unpricedCount',
  'totalTokens', 'inputTokens', 'outputTokens', 'cachedTokens', 'observationCount', 'errorCount', 'warningCount', 'models', 'inputPreview', 'outputPreview', 'updatedAt',
] as const satisfies (keyof TraceRow)[]

export function exportRows(rows: readonly TraceRow[], format: 'csv' | 'json'): void {
  const name = `traces-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.${format}`
  if (format === 'json') {
    saveFile(name, new Blob([JSON.stringify(rows, null, 2)], { type: 'application/json' }))
    return
  }
  const table = rows.map((row) => FIELDS.map((field) => (Array.isArray(row[field]) ? row[field].join('; ') : row[field])))
  saveFile(name, new Blob([toCsv(FIELDS, table)], { type: 'text/csv;charset=utf-8' }))
}
