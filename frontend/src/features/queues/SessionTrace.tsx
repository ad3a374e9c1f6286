// One trace of a queued session, with its whole texts: a judgement rests on all that was said. They are asked for when the trace comes near.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'

import { messageOf } from '../../api/client'
import type { TraceRow } from '../../api/types'
import { formatDateTime } from '../../lib/format'
import { traceLink } from '../../paths'
import { Hostile } from '../../ui/Badge'
import { ErrorState, LoadingState } from '../../ui/Feedback'
import { sessionTraceQuery } from '../sessions/queries'
import { InputOutput } from '../trace/detail/InputOutput'
import styles from './queues.module.css'

/** How far from the visible part a trace is asked for. */
const NEAR_PX = 800

export function SessionTrace({ projectId, row, index }: { projectId: string; row: TraceRow; index: number }) {
  const ref = useRef<HTMLElement>(null)
  const [near, setNear] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (near || !element) return
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) setNear(true)
    }, { root: element.parentElement, rootMargin: `${NEAR_PX}px 0px` })
    observer.observe(element)
    return () => observer.disconnect()
  }, [near])
  const trace = useQuery({ ...sessionTraceQuery(projectId, row.id), enabled: near })
  return (
    <article ref={ref} className={styles.turn} aria-label={`Trace ${index + 1}`}>
      <header className={styles.turnHead}>
        <span className={styles.faint}>{index + 1}</span>
        <strong>{row.name != null ? <Hostile text={row.name} /> : 'unnamed'}</strong>
        <time className={styles.faint} dateTime={row.timestamp}>{formatDateTime(row.timestamp)}</time>
        <Link {...traceLink(projectId, row.id)} className={styles.link}>Open the trace</Link>
      </header>
      {trace.data ? <InputOutput input={trace.data.trace.input} output={trace.data.trace.output} type="TRACE" format="formatted" statusMessage={null} level={row.level} />
      : trace.isError ? <ErrorState title="The trace could not be loaded" message={messageOf(trace.error)} onRetry={() => void trace.refetch()} />
      : <LoadingState label="Loading trace" />}
    </article>
  )
}
