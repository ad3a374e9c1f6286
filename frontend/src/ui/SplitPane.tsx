// Two panes with a divider that can be dragged or moved with the arrow keys; the share is remembered. Stacks on narrow windows.
import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'

import { readStored, writeStored } from '../lib/stored'
import styles from './SplitPane.module.css'

const LEAST = 22
const MOST = 78

export function SplitPane({ name, label, first, second, initial = 50 }: { name: string; label: string; first: ReactNode; second: ReactNode; initial?: number }) {
  const ref = useRef<HTMLDivElement>(null)
  const [share, setShare] = useState(() => clamp(readStored(`split.${name}`, (value) => (typeof value === 'number' ? value : null)) ?? initial))

  const set = (value: number) => {
    const next = clamp(value)
    setShare(next)
    writeStored(`split.${name}`, next)
  }
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const box = ref.current?.getBoundingClientRect()
    if (box && event.currentTarget.hasPointerCapture(event.pointerId)) set(((event.clientX - box.left) / box.width) * 100)
  }
  const key = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowLeft' ? -2 : event.key === 'ArrowRight' ? 2 : 0
    if (by === 0) return
    event.preventDefault()
    set(share + by)
  }

  return (
    <div ref={ref} className={styles.split} style={{ '--share': `${share}%` }}>
      <div className={styles.first}>{first}</div>
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label={label}
        aria-valuenow={Math.round(share)}
        aria-valuemin={LEAST}
        aria-valuemax={MOST}
        tabIndex={0}
        className={styles.divider}
        onKeyDown={key}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onDoubleClick={() => set(initial)}
      />
      <div className={styles.second}>{second}</div>
    </div>
  )
}

function clamp(value: number): number {
  return Math.min(MOST, Math.max(LEAST, value))
}
