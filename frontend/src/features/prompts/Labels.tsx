// The labels of a version, each recognisable at a glance: production green, latest grey, others in the accent.
import { Badge, Hostile } from '../../ui/Badge'
import styles from './prompts.module.css'

export function Labels({ labels }: { labels: readonly string[] }) {
  if (labels.length === 0) return null
  const ordered = [...labels].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
  return (
    <span className={styles.labels}>
      {ordered.map((label) => (
        <Badge key={label} tone={label === 'production' ? 'green' : label === 'latest' ? 'neutral' : 'accent'}>
          <Hostile text={label} />
        </Badge>
      ))}
    </span>
  )
}

function rank(label: string): number {
  return label === 'production' ? 0 : label === 'latest' ? 2 : 1
}
