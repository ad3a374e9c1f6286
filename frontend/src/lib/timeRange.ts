// The time range of a list: a preset that slides with the clock ("24h") or two fixed times. Its text form is what the URL holds.

export const RANGE_PRESETS = [
  { key: '5m', label: 'Last 5 minutes', ms: 5 * 60_000 },
  { key: '15m', label: 'Last 15 minutes', ms: 15 * 60_000 },
  { key: '30m', label: 'Last 30 minutes', ms: 30 * 60_000 },
  { key: '1h', label: 'Last hour', ms: 3_600_000 },
  { key: '3h', label: 'Last 3 hours', ms: 3 * 3_600_000 },
  { key: '12h', label: 'Last 12 hours', ms: 12 * 3_600_000 },
  { key: '24h', label: 'Last 24 hours', ms: 86_400_000 },
  { key: '3d', label: 'Last 3 days', ms: 3 * 86_400_000 },
  { key: '7d', label: 'Last 7 days', ms: 7 * 86_400_000 },
  { key: '14d', label: 'Last 14 days', ms: 14 * 86_400_000 },
  { key: '30d', label: 'Last 30 days', ms: 30 * 86_400_000 },
  { key: '90d', label: 'Last 90 days', ms: 90 * 86_400_000 },
] as const

export const DEFAULT_RANGE = '7d'

export type TimeRange = { kind: 'preset'; key: string; label: string; ms: number } | { kind: 'absolute'; from: string; to: string }

/** Reads "24h" or "<from>_<to>" (RFC 3339). Anything else is the default preset. */
export function parseRange(text: string | undefined): TimeRange {
  const preset = RANGE_PRESETS.find((entry) => entry.key === (text ?? DEFAULT_RANGE))
  if (preset) return { kind: 'preset', ...preset }
  const [from, to] = (text ?? '').split('_')
  const fromTime = Date.parse(from ?? '')
  const toTime = Date.parse(to ?? '')
  if (!Number.isNaN(fromTime) && !Number.isNaN(toTime) && fromTime < toTime) {
    return { kind: 'absolute', from: new Date(fromTime).toISOString(), to: new Date(toTime).toISOString() }
  }
  return parseRange(DEFAULT_RANGE)
}

export function rangeText(range: TimeRange): string {
  return range.kind === 'preset' ? range.key : `${range.from}_${range.to}`
}

/** The two bounds to ask for. A preset has no upper bound: rows that arrive meanwhile belong to it. */
export function rangeBounds(range: TimeRange, now: number): { fromTimestamp: string; toTimestamp?: string } {
  if (range.kind === 'absolute') return { fromTimestamp: range.from, toTimestamp: range.to }
  return { fromTimestamp: new Date(now - range.ms).toISOString() }
}
