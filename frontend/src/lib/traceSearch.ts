// The URL parameters of a trace's page.

export type TraceView = 'tree' | 'timeline' | 'both'
export type DetailTab = 'io' | 'metadata' | 'usage' | 'scores' | 'comments' | 'raw'
export type TextFormat = 'formatted' | 'json'

export interface TraceSearch {
  observation?: string
  view?: TraceView
  tab?: DetailTab
  format?: TextFormat
}

export function readTraceSearch(search: Record<string, unknown>): TraceSearch {
  const oneOf = <T extends string>(key: string, values: readonly T[]) => values.find((value) => value === search[key])
  return {
    observation: typeof search.observation === 'string' && search.observation !== '' ? search.observation : undefined,
    view: oneOf('view', ['tree', 'timeline', 'both']),
    tab: oneOf('tab', ['io', 'metadata', 'usage', 'scores', 'comments', 'raw']),
    format: oneOf('format', ['formatted', 'json']),
  }
}
