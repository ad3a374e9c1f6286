// Input and output: as a conversation where they are one, as fields or text where that reads better, else as JSON.
import { useMemo, type ReactNode } from 'react'

import { parseJsonText, recognizeChat } from '../../../lib/chat/recognize'
import type { Conversation } from '../../../lib/chat/types'
import { formatBytes } from '../../../lib/format'
import type { TextFormat } from '../../../lib/traceSearch'
import { visibleText } from '../../../lib/visibleText'
import { CopyButton } from '../../../ui/CopyButton'
import { ChatView } from '../../../ui/content/ChatView'
import { JsonViewer, stringify } from '../../../ui/content/JsonViewer'
import { Value } from '../../../ui/content/Value'
import { InlineError, Notice } from '../../../ui/Feedback'
import styles from './DetailPanel.module.css'

interface InputOutputProps {
  input: unknown
  output: unknown
  type: string
  format: TextFormat
  statusMessage: string | null
  level: string
  /** How it is shown, to be chosen. */
  choice?: ReactNode
}

export function InputOutput({ input, output, type, format, statusMessage, level, choice }: InputOutputProps) {
  const prose = type === 'GENERATION' || type === 'AGENT' || type === 'TRACE' || type === 'CHAIN'
  const status = statusMessage ? visibleText(statusMessage.slice(0, 4000)) : null
  return (
    <>
      {status ? level === 'ERROR' ? <InlineError>{status}</InlineError> : <Notice tone={level === 'WARNING' ? 'warning' : 'info'}>{status}</Notice> : null}
      <Part label="Input" value={input} format={format} prose={prose} choice={choice} />
      <Part label="Output" value={output} format={format} prose={prose} />
    </>
  )
}

export function Part({ label, value, format, prose, choice }: { label: string; value: unknown; format: TextFormat; prose: boolean; choice?: ReactNode }) {
  const chat = useMemo((): Conversation | null => (format === 'formatted' ? recognizeChat(value) : null), [value, format])
  const parsed = useMemo(() => (typeof value === 'string' && value.length < 2_000_000 ? (parseJsonText(value) ?? value) : value), [value])
  const empty = value == null || value === ''
  return (
    <section className={styles.part} aria-label={label}>
      <header className={styles.partHead}>
        <h3>{label}</h3>
        {typeof value === 'string' && value.length > 2000 ? <span className={styles.size}>{formatBytes(value.length)}</span> : null}
        <span className={styles.gap} />
        {choice}
        {empty ? null : <CopyButton text={() => (typeof value === 'string' ? value : stringify(value))} label={`Copy ${label.toLowerCase()}`} />}
      </header>
      {empty ? <p className={styles.none}>none</p>
      : format === 'json' ? <JsonViewer value={parsed} label={label.toLowerCase()} />
      : chat ? <ChatView conversation={chat} />
      : <div className={styles.boxed}><Value value={parsed} label={label.toLowerCase()} prose={prose} /></div>}
    </section>
  )
}
