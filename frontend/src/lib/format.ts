// How numbers, money, durations and times are written everywhere. Absent values are an en dash, never "null" or "NaN".

export const ABSENT = '–'

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

export function formatCount(value: number | null | undefined): string {
  return value == null || !Number.isFinite(value) ? ABSENT : grouped.format(value)
}

/** Short form for dense places: 950, 1.2k, 34k, 1.2M. */
export function formatCompact(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return ABSENT
  const size = Math.abs(value)
  if (size < 1000) return grouped.format(value)
  for (const [unit, scale] of [['k', 1e3], ['M', 1e6], ['B', 1e9], ['T', 1e12]] as const) {
    const scaled = value / scale
    if (Math.abs(scaled) < 999.5) return `${Math.abs(scaled) < 9.95 ? scaled.toFixed(1).replace(/\.0$/, '') : Math.round(scaled)}${unit}`
  }
  return value.toExponential(1)
}

/** USD. Small amounts keep three significant digits, because one call often costs a fraction of a cent. */
export function formatCost(usd: number | null | undefined): string {
  if (usd == null || !Number.isFinite(usd)) return ABSENT
  if (usd === 0) return '$0.00'
  const sign = usd < 0 ? '-' : ''
  const size = Math.abs(usd)
  if (size >= 1000) return `${sign}$${new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(size)}`
  if (size >= 1) return `${sign}$${size.toFixed(2)}`
  if (size >= 0.01) return `${sign}$${size.toFixed(4)}`
  if (size < 1e-9) return `${sign}<$0.000000001`
  const digits = Math.min(12, 2 - Math.floor(Math.log10(size)))
  return `${sign}$${size.toFixed(digits)}`
}

/** Seconds in, the two most telling units out: 0.4 ms, 320 ms, 2.41 s, 1m 05s, 2h 03m, 3d 4h. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds == null || !Number.isFinite(seconds)) return ABSENT
  if (seconds < 0) return `-${formatDuration(-seconds)}`
  if (seconds === 0) return '0 ms'
  if (seconds < 0.001) return `${(seconds * 1000).toFixed(1)} ms`
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  const pad = (value: number) => String(value).padStart(2, '0')
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${pad(whole % 60)}s`
  if (whole < 86_400) return `${Math.floor(whole / 3600)}h ${pad(Math.floor((whole % 3600) / 60))}m`
  return `${Math.floor(whole / 86_400)}d ${Math.floor((whole % 86_400) / 3600)}h`
}

export function formatBytes(bytes: number | null | undefined): string {
  if (bytes == null || !Number.isFinite(bytes)) return ABSENT
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} KB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

const two = (value: number) => String(value).padStart(2, '0')

/** Local date and time with seconds, 2026-01-31 10:00:00; with `millis`, three more digits. */
export function formatDateTime(iso: string | null | undefined, options: { millis?: boolean } = {}): string {
  const time = iso == null ? Number.NaN : Date.parse(iso)
  if (Number.isNaN(time)) return ABSENT
  const date = new Date(time)
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return `${day} ${clock}${options.millis ? `.${String(date.getMilliseconds()).padStart(3, '0')}` : ''}`
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Shortest unambiguous form beside `now`: time today, day and time this year, full date before. */
export function formatShortTime(iso: string | null | undefined, now: number): string {
  const time = iso == null ? Number.NaN : Date.parse(iso)
  if (Number.isNaN(time)) return ABSENT
  const date = new Date(time)
  const today = new Date(now)
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  const month = monthNames[date.getMonth()] ?? ''
  if (date.toDateString() === today.toDateString()) return clock
  if (date.getFullYear() === today.getFullYear()) return `${month} ${date.getDate()}, ${clock}`
  return `${month} ${date.getDate()}, ${date.getFullYear()}`
}

/** "just now", "5 min ago", "3 h ago", "2 d ago"; past a month the date. */
export function formatAgo(iso: string | null | undefined, now: number): string {
  const time = iso == null ? Number.NaN : Date.parse(iso)
  if (Number.isNaN(time)) return ABSENT
  const seconds = Math.round((now - time) / 1000)
  if (seconds < 45) return 'just now'
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`
  if (seconds < 31 * 86_400) return `${Math.round(seconds / 86_400)} d ago`
  return formatDateTime(iso).slice(0, 10)
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}
