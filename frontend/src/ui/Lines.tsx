// Lines added and removed, in words for those who hear them.
import { formatCount } from '../lib/format'
import styles from './Lines.module.css'

export function Lines({ added, removed }: { added: number | null; removed: number | null }) {
  if ((added ?? 0) === 0 && (removed ?? 0) === 0) return null
  return (
    <span className={styles.lines} role="img" aria-label={`${formatCount(added ?? 0)} lines added, ${formatCount(removed ?? 0)} removed`}>
      <span className={styles.added}>+{formatCount(added ?? 0)}</span>
      <span className={styles.removed}>−{formatCount(removed ?? 0)}</span>
    </span>
  )
}
