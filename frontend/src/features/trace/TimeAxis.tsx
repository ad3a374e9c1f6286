// The timeline's axis, in time since the trace began. Dragging over it zooms to what was dragged over.
import { useRef, useState } from 'react'

import { formatDuration } from '../../lib/format'
import { ticksOf, type Extent } from '../../lib/timeline'
import styles from './TraceMap.module.css'
import type { TimeWindow } from './useTimeWindow'

export function TimeAxis({ time, whole }: { time: TimeWindow; whole: Extent }) {
  const ref = useRef<HTMLDivElement>(null)
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null)
  const width = time.window.end - time.window.start
  const at = (clientX: number) => {
    const box = ref.current?.getBoundingClientRect()
    return box ? Math.min(1, Math.max(0, (clientX - box.left) / box.width)) : 0
  }
  const finish = () => {
    if (drag && Math.abs(drag.to - drag.from) > 0.01) {
      const [left, right] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]
      time.show({ start: time.window.start + width * left, end: time.window.start + width * right })
    }
    setDrag(null)
  }
  return (
    <div className={styles.axisRow} role="presentation">
      <div className={styles.axisLabel}>Step</div>
      <div
        ref={ref}
        className={styles.axis}
        data-time-area
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          setDrag({ from: at(event.clientX), to: at(event.clientX) })
        }}
        onPointerMove={(event) => drag && setDrag({ ...drag, to: at(event.clientX) })}
        onPointerUp={finish}
        onDoubleClick={time.fit}
      >
        {ticksOf(time.window, whole.start, 5).map((tick) => {
          const left = ((whole.start + tick - time.window.start) / width) * 100
          return left > 90 ? null : (
            <span key={tick} className={styles.tick} style={{ left: `${left}%` }}>
              {formatDuration(Math.round(tick * 1000) / 1_000_000)}
            </span>
          )
        })}
        {drag ? <span className={styles.dragged} style={{ left: `${Math.min(drag.from, drag.to) * 100}%`, width: `${Math.abs(drag.to - drag.from) * 100}%` }} /> : null}
      </div>
    </div>
  )
}
