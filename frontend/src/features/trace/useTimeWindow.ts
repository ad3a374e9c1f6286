// The part of a trace's time that the timeline shows: zoomed by buttons, keys, Ctrl and wheel, or a drag over the axis; panned by a sideways wheel.
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'

import type { ObservationNode } from '../../api/types'
import { pan, parseTime, zoom, type Extent } from '../../lib/timeline'

export interface TimeWindow {
  window: Extent
  isWhole: boolean
  zoomBy: (factor: number) => void
  show: (window: Extent) => void
  showSpan: (span: ObservationNode) => void
  fit: () => void
}

export function useTimeWindow(whole: Extent, scrollRef: RefObject<HTMLElement | null>, enabled: boolean): TimeWindow {
  const [chosen, setChosen] = useState<Extent | null>(null)
  const window = chosen ? pan(chosen, 0, whole) : whole

  const show = useCallback((next: Extent) => setChosen(next.start <= whole.start && next.end >= whole.end ? null : next), [whole])
  const latest = useRef({ window, whole, show })
  useEffect(() => {
    latest.current = { window, whole, show }
  })

  useEffect(() => {
    const scroll = scrollRef.current
    if (!scroll || !enabled) return
    const wheel = (event: WheelEvent) => {
      const { window: current, whole: limits, show: apply } = latest.current
      const area = scroll.querySelector('[data-time-area]')?.getBoundingClientRect()
      if (!area || event.clientX < area.left) return
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault()
        apply(zoom(current, Math.exp(event.deltaY * 0.004), (event.clientX - area.left) / area.width, limits))
      } else {
        const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX
        if (Math.abs(sideways) <= Math.abs(event.shiftKey ? 0 : event.deltaY)) return
        event.preventDefault()
        apply(pan(current, (sideways / area.width) * (current.end - current.start), limits))
      }
    }
    scroll.addEventListener('wheel', wheel, { passive: false })
    return () => scroll.removeEventListener('wheel', wheel)
  }, [scrollRef, enabled])

  return {
    window,
    isWhole: chosen == null,
    show,
    zoomBy: (factor) => show(zoom(window, factor, 0.5, whole)),
    showSpan: (span) => {
      const start = parseTime(span.startTime)
      if (start == null) return
      const end = Math.max(start + 1, parseTime(span.endTime) ?? start)
      const margin = (end - start) * 0.06
      show({ start: Math.max(whole.start, start - margin), end: Math.min(whole.end, end + margin) })
    },
    fit: () => setChosen(null),
  }
}
