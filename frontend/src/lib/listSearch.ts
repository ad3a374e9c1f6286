// The URL parameters of every list page, read without trusting them.

export interface ListSearch {
  /** Time range: "24h" or "<from>_<to>". */
  range?: string
  /** Filters in the form of lib/filters. */
  filter?: string
  q?: string
  /** Where to search, a comma list. */
  in?: string
  /** `<column>.asc` or `<column>.desc`. */
  sort?: string
  live?: 'off'
}

export function readListSearch(search: Record<string, unknown>): ListSearch {
  const text = (key: string) => (typeof search[key] === 'string' && search[key] !== '' ? search[key] : undefined)
  const sort = text('sort')
  return {
    range: text('range'),
    filter: text('filter'),
    q: text('q'),
    in: text('in'),
    sort: sort && /^[a-zA-Z]+\.(asc|desc)$/.test(sort) ? sort : undefined,
    live: search.live === 'off' ? 'off' : undefined,
  }
}
