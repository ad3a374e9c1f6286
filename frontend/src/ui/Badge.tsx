// Small labels: tags, levels, counts; and the marks for cost that is unknown or incomplete.
import type { ReactNode } from 'react'

import { formatCost } from '../lib/format'
import { visibleLine } from '../lib/visibleText'
import styles from './Badge.module.css'
import { cx } from './cx'
import { Icon } from './Icon'

export function Badge({ tone = 'neutral', children, title }: { tone?: 'neutral' | 'red' | 'amber' | 'green' | 'accent'; children: ReactNode; title?: string }) {
  return (
    <span className={cx(styles.badge, styles[tone])} data-tip={title}>
      {children}
    </span>
  )
}

/** Text that came from a trace: invisible characters are shown, and its direction cannot reach outside. */
export function Hostile({ text, className }: { text: string; className?: string }) {
  const shown = text.length > 400 ? `${text.slice(0, 400)}…` : text
  return <bdi className={className}>{visibleLine(shown)}</bdi>
}

export function Tag({ text }: { text: string }) {
  return (
    <span className={cx(styles.badge, styles.neutral)}>
      <Hostile text={text} />
    </span>
  )
}

export function LevelBadge({ level }: { level: string }) {
  if (level === 'DEFAULT') return <span className={styles.plain}>Default</span>
  const tone = level === 'ERROR' ? 'red' : level === 'WARNING' ? 'amber' : 'neutral'
  return <Badge tone={tone}>{level.charAt(0) + level.slice(1).toLowerCase()}</Badge>
}

export function Cost({ usd, unpriced = 0 }: { usd: number | null; unpriced?: number }) {
  if (usd == null) {
    return (
      <span className={styles.plain} data-tip="No price known" aria-label="No price known">
        –
      </span>
    )
  }
  return (
    <span className="num">
      {formatCost(usd)}
      {unpriced > 0 ? (
        <span className={styles.incomplete} data-tip={`Incomplete: ${unpriced} ${unpriced === 1 ? 'step has' : 'steps have'} a model without a known price`} role="img" aria-label="incomplete">
          +?
        </span>
      ) : null}
    </span>
  )
}

export function LiveDot({ on }: { on: boolean }) {
  return <span className={cx(styles.dot, on && styles.live)} aria-hidden />
}

export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className={styles.kbd}>{children}</kbd>
}

export function ExternalLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" className={styles.external} data-tip={href}>
      {children}
      <Icon name="external" size={11} />
    </a>
  )
}
