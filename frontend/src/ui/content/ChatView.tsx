// A conversation: messages by role, tool calls and their results as cards, reasoning set apart, uploaded files in their place.
import { memo, useContext, useState } from 'react'

import { formatCount, plural } from '../../lib/format'
import type { ChatMessage, ChatPart, Conversation } from '../../lib/chat/types'
import { parseJsonText } from '../../lib/chat/recognize'
import { visibleLine } from '../../lib/visibleText'
import { Badge } from '../Badge'
import { cx } from '../cx'
import { Icon } from '../Icon'
import styles from './ChatView.module.css'
import { JsonViewer } from './JsonViewer'
import { Markdown } from './Markdown'
import { MediaView } from './MediaText'
import { Cuttable } from './TextContent'
import { Value } from './Value'

/** Longer conversations first show their beginning and their end. */
const LONG = 24
const TAIL = 12

export const ChatView = memo(function ChatView({ conversation }: { conversation: Conversation }) {
  const [all, setAll] = useState(false)
  const { messages, tools } = conversation
  const head = messages.slice(0, 2)
  const cut = !all && messages.length > LONG
  const hidden = messages.length - head.length - TAIL
  return (
    <div className={styles.chat}>
      {tools.length > 0 ? <Tools tools={tools} /> : null}
      {(cut ? head : messages).map((message, index) => (
        <Message key={index} message={message} />
      ))}
      {cut ? (
        <>
          <button type="button" className={styles.showAll} onClick={() => setAll(true)}>
            Show {formatCount(hidden)} messages in between
          </button>
          {messages.slice(-TAIL).map((message, index) => (
            <Message key={`tail ${index}`} message={message} />
          ))}
        </>
      ) : null}
    </div>
  )
})

function Tools({ tools }: { tools: Conversation['tools'] }) {
  return (
    <details className={styles.tools}>
      <summary>
        <Icon name="tool" size={13} /> {plural(tools.length, 'tool')} offered
        <span className={styles.toolNames}>{visibleLine(tools.slice(0, 12).map((tool) => tool.name).join(', ').slice(0, 300))}</span>
      </summary>
      {tools.map((tool, index) => (
        <details key={index} className={styles.toolDefinition}>
          <summary>{visibleLine(tool.name.slice(0, 200))}</summary>
          {tool.description ? <p className={styles.toolText}>{visibleLine(tool.description.slice(0, 2000))}</p> : null}
          {tool.schema != null ? <JsonViewer value={tool.schema} label={`schema of ${tool.name.slice(0, 60)}`} /> : null}
        </details>
      ))}
    </details>
  )
}

const ROLE_NAMES = { system: 'System', developer: 'Developer', user: 'User', assistant: 'Assistant', tool: 'Tool', other: '' } as const

function Message({ message }: { message: ChatMessage }) {
  const long = (message.role === 'system' || message.role === 'developer') && textLength(message) > 500
  const [open, setOpen] = useState(!long)
  // Anthropic and Gemini send tool results as the user: the label says what they are.
  const onlyResults = message.parts.length > 0 && message.parts.every((part) => part.kind === 'toolResult')
  const label = onlyResults ? 'Tool result' : ROLE_NAMES[message.role] || visibleLine(message.roleLabel.slice(0, 80))
  return (
    <article className={cx(styles.message, styles[onlyResults ? 'tool' : message.role])} aria-label={label}>
      <header className={styles.role}>
        <span className={styles.dot} aria-hidden />
        {label}
        {message.name ? <span className={styles.sender}>{visibleLine(message.name.slice(0, 100))}</span> : null}
        {long ? (
          <button type="button" className={styles.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Fold' : `Unfold ${formatCount(textLength(message))} characters`}
          </button>
        ) : null}
      </header>
      <div className={cx(styles.parts, !open && styles.folded)}>
        {message.parts.length === 0 ? <span className={styles.empty}>empty</span> : message.parts.map((part, index) => <Part key={index} part={part} />)}
      </div>
    </article>
  )
}

function textLength(message: ChatMessage): number {
  return message.parts.reduce((sum, part) => sum + (part.kind === 'text' ? part.text.length : 0), 0)
}

function Part({ part }: { part: ChatPart }) {
  switch (part.kind) {
    case 'text': {
      const json = part.text.length < 500_000 ? parseJsonText(part.text) : undefined
      return json === undefined ? <Markdown text={part.text} /> : <JsonViewer value={json} label="message" />
    }
    case 'reasoning':
      return (
        <details className={styles.reasoning}>
          <summary>Reasoning</summary>
          <Markdown text={part.text} />
        </details>
      )
    case 'toolCall':
      return (
        <div className={styles.card}>
          <div className={styles.cardHead}>
            <Icon name="tool" size={13} />
            <span className={styles.toolName}>{visibleLine(part.name.slice(0, 200))}</span>
            {part.id ? <span className={styles.callId}>{visibleLine(part.id.slice(0, 60))}</span> : null}
          </div>
          {part.args == null || (typeof part.args === 'object' && Object.keys(part.args).length === 0) ? null : (
            <div className={styles.cardBody}>
              <Value value={part.args} label="arguments" prose={false} />
            </div>
          )}
        </div>
      )
    case 'toolResult':
      return (
        <div className={cx(styles.card, part.isError && styles.cardError)}>
          <div className={styles.cardHead}>
            <Icon name={part.isError ? 'error' : 'check'} size={13} />
            <span className={styles.toolName}>{part.name ? visibleLine(part.name.slice(0, 200)) : 'result'}</span>
            {part.isError ? <Badge tone="red">error</Badge> : null}
            {part.id ? <span className={styles.callId}>{visibleLine(part.id.slice(0, 60))}</span> : null}
          </div>
          <div className={styles.cardBody}>
            <Result value={part.result} />
          </div>
        </div>
      )
    case 'media':
      return <MediaPart part={part} />
    case 'json':
      return <JsonViewer value={part.value} label="part" />
  }
}

function MediaPart({ part }: { part: Extract<ChatPart, { kind: 'media' }> }) {
  const show = useContext(MediaView)
  if (show != null && part.file) return show(part.file)
  return (
    <span className={styles.media}>
      <Icon name="panel" size={13} /> {visibleLine(part.mediaType.slice(0, 60))}
      {part.reference ? <span className={styles.reference}>{visibleLine(part.reference.slice(0, 200))}</span> : null}
      <span className={styles.reference}>not loaded</span>
    </span>
  )
}

function Result({ value }: { value: unknown }) {
  if (typeof value !== 'string') return <Value value={value} label="result" prose={false} />
  const json = value.length < 500_000 ? parseJsonText(value) : undefined
  if (json !== undefined) return <Value value={json} label="result" prose={false} />
  return <Cuttable text={value} cut={3000} render={(shown) => <Value value={shown} label="result" prose={false} />} />
}
