// One trace of a session as a turn of the conversation: previews first, the whole texts when opened.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { memo, useMemo, useState } from 'react'

import { messageOf } from '../../api/client'
import type { TraceRow } from '../../api/types'
import { agentOfTrace } from '../../lib/agents/names'
import { parseJsonText, recognizeChat } from '../../lib/chat/recognize'
import { formatDateTime, formatDuration, formatShortTime } from '../../lib/format'
import { readPreview } from '../../lib/preview'
import { visibleText } from '../../lib/visibleText'
import { agentSessionLink, traceLink } from '../../paths'
import { Cost, Hostile, LevelBadge } from '../../ui/Badge'
import { ChatView } from '../../ui/content/ChatView'
import { Value } from '../../ui/content/Value'
import { cx } from '../../ui/cx'
import { InlineError, LoadingState } from '../../ui/Feedback'
import { Icon } from '../../ui/Icon'
import { sessionTraceQuery } from './queries'
import styles from './SessionPage.module.css'

export const Turn = memo(function Turn({ projectId, row, index, startOpen }: { projectId: string; row: TraceRow; index: number; startOpen: boolean }) {
  const [open, setOpen] = useState(startOpen)
  const trace = useQuery({ ...sessionTraceQuery(projectId, row.id), enabled: open })
  return (
    <li className={styles.turn}>
      <header className={styles.turnHead}>
        <button type="button" className={styles.turnToggle} aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name={open ? 'chevronDown' : 'chevronRight'} size={13} />
          <span className={styles.turnIndex}>{index + 1}</span>
          <span className={styles.turnName}>{row.name ? <Hostile text={row.name} /> : 'unnamed'}</span>
        </button>
        {row.level !== 'DEFAULT' ? <LevelBadge level={row.level} /> : null}
        <span className={styles.gap} />
        <span className={styles.figure}>{formatDuration(row.latency)}</span>
        <span className={styles.figure}>
          <Cost usd={row.totalCost} unpriced={row.unpricedCount} />
        </span>
        <time className={styles.figure} dateTime={row.timestamp} data-tip={formatDateTime(row.timestamp, { millis: true })}>
          {formatShortTime(row.timestamp, Date.now())}
        </time>
        {agentOfTrace(row) != null ? (
          <Link {...agentSessionLink(projectId, row.id)} className={styles.openTrace}>
            Agent view
          </Link>
        ) : null}
        <Link {...traceLink(projectId, row.id)} className={styles.openTrace}>
          Open trace
        </Link>
      </header>
      {open && trace.isError ? <InlineError>{messageOf(trace.error)}</InlineError> : null}
      {open && trace.isPending ? <LoadingState /> : null}
      {open && trace.data ? (
        <>
          <Side who="Input" value={trace.data.trace.input} />
          <Side who="Output" value={trace.data.trace.output} />
        </>
      ) : open ? null : (
        <>
          <Preview who="Input" text={row.inputPreview} />
          <Preview who="Output" text={row.outputPreview} />
        </>
      )}
    </li>
  )
})

function Preview({ who, text }: { who: 'Input' | 'Output'; text: string | null }) {
  return (
    <div className={cx(styles.side, who === 'Output' && styles.output)}>
      <span className={styles.who}>{who}</span>
      <div className={styles.preview}>{text ? visibleText(readPreview(text)) : <span className={styles.faint}>none</span>}</div>
    </div>
  )
}

function Side({ who, value }: { who: 'Input' | 'Output'; value: unknown }) {
  const chat = useMemo(() => recognizeChat(value), [value])
  const parsed = useMemo(() => (typeof value === 'string' && value.length < 2_000_000 ? (parseJsonText(value) ?? value) : value), [value])
  return (
    <div className={cx(styles.side, who === 'Output' && styles.output)}>
      <span className={styles.who}>{who}</span>
      <div className={styles.content}>{value == null || value === '' ? <span className={styles.faint}>none</span> : chat ? <ChatView conversation={chat} /> : <Value value={parsed} label={who.toLowerCase()} prose />}</div>
    </div>
  )
}
