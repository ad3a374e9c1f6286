// How full the context was: a share of the model's window where that is known, else of the session's fullest turn.
import type { ContextUse } from '../../lib/agents/context'
import { formatCompact } from '../../lib/format'
import { cx } from '../../ui/cx'
import styles from './Conversation.module.css'

export function ContextBar({ use, withText = false }: { use: ContextUse | null; withText?: boolean }) {
  if (!use) return <span className={styles.contextNone} />
  const percent = Math.round(use.share * 100)
  const said = use.window != null ? `Context: ${formatCompact(use.tokens)} of ${formatCompact(use.window)} tokens, ${percent}%` : `Context: ${formatCompact(use.tokens)} tokens; the model’s window is not known, the bar compares the session’s turns`
  return (
    <span className={styles.context} role="img" aria-label={said} data-tip={said}>
      <span className={styles.contextTrack}>
        <span className={cx(styles.contextFill, use.window != null && use.share > 0.8 && styles.contextFull, use.window == null && styles.contextPlain)} style={{ width: `${Math.max(2, percent)}%` }} />
      </span>
      {withText ? <span>{use.window != null ? `${percent}% context` : `${formatCompact(use.tokens)} context`}</span> : null}
    </span>
  )
}
