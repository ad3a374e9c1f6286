// The turns of a session at a glance: the prompt's beginning, what the turn cost, how full the context was.
import { memo } from 'react'

import { turnContext, type ConversationModel, type Turn } from '../../lib/agents/conversation'
import { formatCost } from '../../lib/format'
import { Hostile } from '../../ui/Badge'
import { cx } from '../../ui/cx'
import { ContextBar } from './ContextBar'
import styles from './Conversation.module.css'

export const Outline = memo(function Outline({ model, current, onPick }: { model: ConversationModel; current: number; onPick: (turn: number) => void }) {
  if (model.turns.length < 2) return null
  return (
    <nav className={styles.outline} aria-label="Turns" data-own-keys>
      <ol>
        {model.turns.map((turn) => (
          <li key={turn.index}>
            <button type="button" className={cx(styles.outlineTurn, turn.index === current && styles.outlineOn)} aria-current={turn.index === current ? 'true' : undefined} onClick={() => onPick(turn.index)}>
              <span className={styles.outlineText}>
                <span className={styles.outlineNumber}>{turn.number ?? ''}</span>
                <Hostile text={titleOf(turn)} />
              </span>
              <span className={styles.outlineFigures}>
                <ContextBar use={turnContext(turn, model.largestContext)} />
                {turn.errors > 0 ? <span className={styles.failed}>{turn.errors}!</span> : null}
                <span className="num">{turn.cost == null ? '' : formatCost(turn.cost)}</span>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
})

function titleOf(turn: Turn): string {
  if (turn.node == null) return 'Before the first prompt'
  const preview = turn.node.inputPreview?.trim()
  return preview ? preview : 'Prompt not recorded'
}
