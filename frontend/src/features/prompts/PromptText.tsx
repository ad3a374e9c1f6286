// A prompt as it is written: variables and references stand out, messages are set apart by role.
import { Link } from '@tanstack/react-router'
import { memo, type ReactNode } from 'react'

import { readReference, tokenizePrompt, type ChatEntry, type PromptContent } from '../../lib/prompt'
import { visibleLine, visibleText } from '../../lib/visibleText'
import { promptLink } from '../../paths'
import { CopyButton } from '../../ui/CopyButton'
import { cx } from '../../ui/cx'
import { Icon } from '../../ui/Icon'
import styles from './prompts.module.css'

/** The very same letters with marks, for the layer below a text field. */
export function markPrompt(text: string): ReactNode {
  return tokenizePrompt(text).map((token, index) => (token.kind === 'text' ? token.text : <mark key={index} className={token.kind === 'variable' ? styles.variable : styles.reference}>{token.text}</mark>))
}

export const PromptText = memo(function PromptText({ projectId, text }: { projectId: string; text: string }) {
  if (text === '') return <p className={styles.faint}>empty</p>
  return (
    <pre className={styles.text}>
      {tokenizePrompt(text).map((token, index) => {
        if (token.kind === 'text') return visibleText(token.text)
        if (token.kind === 'variable') return <mark key={index} className={styles.variable}>{token.text}</mark>
        const reference = readReference(token.text)
        if (!reference) return visibleText(token.text)
        const at = reference.version != null ? `version ${reference.version}` : (reference.label ?? 'production')
        return (
          <Link key={index} {...promptLink(projectId, reference.name, reference.version != null ? { version: String(reference.version) } : {})} className={styles.reference} data-tip={token.text}>
            <Icon name="prompt" size={12} /> {visibleLine(reference.name)} · {visibleLine(at)}
          </Link>
        )
      })}
    </pre>
  )
})

export function PromptView({ projectId, content }: { projectId: string; content: PromptContent }) {
  if (typeof content === 'string') {
    return (
      <div className={styles.card}>
        <header className={styles.cardHead}>
          Text
          <span className={styles.gap} />
          <CopyButton text={content} label="Copy the prompt" />
        </header>
        <PromptText projectId={projectId} text={content} />
      </div>
    )
  }
  return (
    <ol className={styles.messages}>
      {content.map((entry, index) => (
        <li key={index}>
          <Message projectId={projectId} entry={entry} />
        </li>
      ))}
    </ol>
  )
}

function Message({ projectId, entry }: { projectId: string; entry: ChatEntry }) {
  if (entry.type === 'placeholder') {
    return (
      <div className={styles.placeholder}>
        <Icon name="more" size={14} /> Messages of the placeholder <code>{visibleLine(entry.name)}</code> come here
      </div>
    )
  }
  return (
    <article className={cx(styles.card, styles[roleTone(entry.role)])} aria-label={`${entry.role} message`}>
      <header className={styles.cardHead}>
        <span className={styles.dot} aria-hidden />
        {visibleLine(entry.role.slice(0, 60))}
        <span className={styles.gap} />
        <CopyButton text={entry.content} label={`Copy the ${entry.role.slice(0, 60)} message`} />
      </header>
      <PromptText projectId={projectId} text={entry.content} />
    </article>
  )
}

export function roleTone(role: string): 'system' | 'user' | 'assistant' | 'other' {
  return role === 'system' || role === 'developer' ? 'system' : role === 'user' ? 'user' : role === 'assistant' ? 'assistant' : 'other'
}
