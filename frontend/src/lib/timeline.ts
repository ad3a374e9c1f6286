// Geometry of the waterfall: which span of time is shown, where its ticks are, where a bar lies in it. All times are milliseconds.

export interface Extent {
  start: number
  end: number
}

export interface Bar {
  /** Fractions of the window's width, already clipped to it. */
  left: number
  width: number
  /** Where the first token came, as a fraction of the window's width; null when unknown or outside. */
  firstToken: number | null
  clippedLeft: boolean
  clippedRight: boolean
}

export interface TimedSpan {
  startTime: string | null
  endTime: string | null
  completionStartTime?: string | null
}

/** The time covered by all spans, never empty. Spans without an end reach to `now` if given, else to their start. */
export function extentOf(spans: Iterable<TimedSpan>, now?: number): Extent {
  let start = Number.POSITIVE_INFINITY
  let end = Number.NEGATIVE_INFINITY
  for (const span of spans) {
    const from = parseTime(span.startTime)
    if (from == null) continue
    const to = parseTime(span.endTime) ?? now ?? from
    if (from < start) start = from
    if (Math.max(from, to) > end) end = Math.max(from, to)
  }
  if (!Number.isFinite(start)) return { start: 0, end: 1 }
  return { start, end: Math.max(end, start + 1) }
}

export function barOf(span: TimedSpan, window: Extent, now?: number): Bar | null {
  const from = parseTime(span.startTime)
  if (from == null) return null
  const to = Math.max(from, parseTime(span.endTime) ?? now ?? from)
  const width = window.end - window.start
  if (to < window.start || from > window.end || width <= 0) return null
  const left = Math.max(0, (from - window.start) / width)
  const right = Math.min(1, (to - window.start) / width)
  const first = parseTime(span.completionStartTime ?? null)
  const inside = first != null && first >= Math.max(from, window.start) && first <= Math.min(to, window.end)
  return {
    left,
    width: Math.max(0, right - left),
    firstToken: inside ? (first - window.start) / width : null,
    clippedLeft: from < window.start,
    clippedRight: to > window.end,
  }
}

/** At most `count` round ticks, as offsets in milliseconds from `origin`, that lie inside the window. */
export function ticksOf(window: Extent, origin: number, count: number): number[] {
  const step = niceStep((window.end - window.start) / Math.max(1, count))
  const first = Math.ceil((window.start - origin) / step - 1e-9) * step
  const ticks: number[] = []
  for (let tick = first; tick <= window.end - origin + step * 1e-6 && ticks.length < 1000; tick += step) ticks.push(tick)
  return ticks
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const stepsAboveSecond = [1, 2, 5, 10, 15, 30].map((n) => n * SECOND).concat([1, 2, 5, 10, 15, 30].map((n) => n * MINUTE), [1, 2, 3, 6, 12, 24].map((n) => n * HOUR))

/** The smallest round step that is at least `wanted` milliseconds. */
export function niceStep(wanted: number): number {
  if (!(wanted > 0)) return 1
  if (wanted <= SECOND) {
    const power = 10 ** Math.floor(Math.log10(wanted))
    for (const factor of [1, 2, 5, 10]) if (factor * power >= wanted * 0.999_999) return factor * power
  }
  for (const step of stepsAboveSecond) if (step >= wanted) return step
  return Math.ceil(wanted / (24 * HOUR)) * 24 * HOUR
}

/** Scales the window around a point (a fraction of its width), staying inside `limits` and above `minimum` milliseconds. */
export function zoom(window: Extent, factor: number, at: number, limits: Extent, minimum = 0.05): Extent {
  const width = Math.min(limits.end - limits.start, Math.max(minimum, (window.end - window.start) * factor))
  const anchor = window.start + (window.end - window.start) * at
  return pan({ start: anchor - width * at, end: anchor + width * (1 - at) }, 0, limits)
}

/** Moves the window by milliseconds without leaving `limits`. */
export function pan(window: Extent, by: number, limits: Extent): Extent {
  const width = Math.min(window.end - window.start, limits.end - limits.start)
  const start = Math.min(Math.max(window.start + by, limits.start), limits.end - width)
  return { start, end: start + width }
}

/** How much of the whole a step takes, as a level of heat: 0 (cool) to 3 (most of the trace's time). */
export function heatOf(latency: number | null, whole: number | null): 0 | 1 | 2 | 3 {
  if (latency == null || whole == null || whole <= 0) return 0
  const share = latency / whole
  return share >= 0.75 ? 3 : share >= 0.5 ? 2 : share >= 0.25 ? 1 : 0
}

export function parseTime(iso: string | null): number | null {
  if (iso == null) return null
  const time = Date.parse(iso)
  return Number.isNaN(time) ? null : time
}
