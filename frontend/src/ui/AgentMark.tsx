// Which agent: two letters on its colour, and its name beside or as the tooltip.
import { agentName, agentShort } from '../lib/agents/names'
import styles from './AgentMark.module.css'
import { Hostile } from './Badge'
import { cx } from './cx'

const HUES = new Set(['claude-code', 'codex', 'gemini-cli', 'copilot-cli', 'copilot-chat', 'opencode', 'cursor', 'aider'])

export function AgentMark({ agent, withName = false }: { agent: string | null; withName?: boolean }) {
  const id = agent ?? ''
  const mark = (
    <span className={cx(styles.mark, HUES.has(id) && styles[id.replaceAll('-', '')])} aria-hidden={withName ? true : undefined} role={withName ? undefined : 'img'} aria-label={withName ? undefined : agentName(agent)} data-tip={withName ? undefined : agentName(agent)}>
      {id === '' ? '?' : agentShort(id)}
    </span>
  )
  if (!withName) return mark
  return (
    <span className={styles.named}>
      {mark}
      <Hostile text={agentName(agent)} />
    </span>
  )
}
