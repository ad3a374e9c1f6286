// The traces list's filter columns. Mirrors docs/api-design.md, "filter columns" of v2/traces.
import type { FilterColumn } from '../../lib/filters'

export const LEVELS = ['DEFAULT', 'DEBUG', 'WARNING', 'ERROR'] as const

export const TRACE_FILTERS: readonly FilterColumn[] = [
  { id: 'level', label: 'Level', type: 'stringOptions', facet: true, options: LEVELS, text: false },
  { id: 'name', label: 'Name', type: 'stringOptions', facet: true },
  { id: 'userId', label: 'User', type: 'stringOptions', facet: true },
  { id: 'sessionId', label: 'Session', type: 'stringOptions', facet: true },
  { id: 'environment', label: 'Environment', type: 'stringOptions', facet: true },
  { id: 'tags', label: 'Tags', type: 'arrayOptions', facet: true },
  { id: 'models', label: 'Models', type: 'arrayOptions', facet: true },
  { id: 'release', label: 'Release', type: 'stringOptions', facet: true },
  { id: 'version', label: 'Version', type: 'stringOptions', facet: true },
  { id: 'latency', label: 'Latency', type: 'number', unit: 'seconds' },
  { id: 'totalCost', label: 'Cost', type: 'number', unit: 'USD' },
  { id: 'totalTokens', label: 'Tokens', type: 'number' },
  { id: 'inputTokens', label: 'Input tokens', type: 'number' },
  { id: 'outputTokens', label: 'Output tokens', type: 'number' },
  { id: 'observationCount', label: 'Observations', type: 'number' },
  { id: 'errorCount', label: 'Errors', type: 'number' },
  { id: 'warningCount', label: 'Warnings', type: 'number' },
  { id: 'input', label: 'Input', type: 'string' },
  { id: 'output', label: 'Output', type: 'string' },
  { id: 'bookmarked', label: 'Bookmarked', type: 'boolean' },
  { id: 'metadata', label: 'Metadata', type: 'stringObject' },
  { id: 'id', label: 'Trace ID', type: 'stringOptions' },
  { id: 'timestamp', label: 'Time', type: 'datetime' },
]

export const SEARCH_PLACES = [
  { id: 'ids', label: 'IDs and names' },
  { id: 'input', label: 'Input' },
  { id: 'output', label: 'Output' },
] as const
