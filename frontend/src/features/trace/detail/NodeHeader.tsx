// What is selected, and its facts on two lines.
import { formatCompact, formatCost, formatDateTime, formatDuration } from '../../../lib/format'
import type { TraceDetail } from '../../../api/types'
import { visibleLine } from '../../../lib/visibleText'
import { Badge, Cost, Hostile, LevelBadge } from '../../../ui/Badge'
import { IconButton } from '../../../ui/Button'
import { CopyButton } from '../../../ui/CopyButton'
import { Icon } from '../../../ui/Icon'
import type { Node } from '../rows'
import { lookOf } from '../types'
import styles from './DetailPanel.module.css'

export function NodeHeader({ trace, node, onSelect }: { trace: TraceDetail['trace']; node: Node | null; onSelect: (id: string | null) => void }) {
  const span = node?.span
  const look = lookOf(span?.type ?? 'TRACE')
  const name = span ? span.name : trace.name
  return (
    <header className={styles.head} style={{ '--color': look.color }}>
      <div className={styles.headTop}>
        <span className={styles.headIcon}>
          <Icon name={look.icon} size={15} />
        </span>
        <h2 className={styles.headName}>{name ? <Hostile text={name} /> : (span?.type.toLowerCase() ?? 'unnamed trace')}</h2>
        <span className={styles.type}>{span && look.label === 'Span' && span.type !== 'SPAN' ? visibleLine(span.type.slice(0, 30)) : look.label}</span>
        {span && span.level !== 'DEFAULT' ? <LevelBadge level={span.level} /> : null}
        <span className={styles.gap} />
        {node && span ? (
          <>
            {node.parent ? <IconButton icon="arrowUp" label="Select the parent" size="sm" onClick={() => onSelect(node.parent?.span.id ?? null)} /> : null}
            <CopyButton text={span.id} label="Copy observation id" />
            <IconButton icon="close" label="Back to the trace" size="sm" onClick={() => onSelect(null)} />
          </>
        ) : null}
      </div>
      {node && span ? (
        <div className={styles.chips}>
          <Chip label="Started">{formatDateTime(span.startTime, { millis: true })}</Chip>
          <Chip label="Latency">{formatDuration(span.latency)}</Chip>
          {span.timeToFirstToken != null ? <Chip label="First token">{formatDuration(span.timeToFirstToken)}</Chip> : null}
          {span.model ?? span.providedModel ? (
            <Chip label="Model">
              <Hostile text={span.model ?? span.providedModel ?? ''} />
            </Chip>
          ) : null}
          {span.usage.total > 0 ? <Chip label="Tokens">{`${formatCompact(span.usage.input)} → ${formatCompact(span.usage.output)}`}</Chip> : null}
          {span.totalCost != null ? <Chip label="Cost">{formatCost(span.totalCost)}</Chip> : span.providedModel ? <Chip label="Cost"><Cost usd={null} /></Chip> : null}
          {span.promptName ? (
            <Chip label="Prompt">
              <Hostile text={span.promptName} />
              {span.promptVersion != null ? ` v${span.promptVersion}` : ''}
            </Chip>
          ) : null}
          {span.version ? <Chip label="Version"><Hostile text={span.version} /></Chip> : null}
          {node.mark === 'orphan' ? <Badge tone="amber" title={`Parent ${span.parentObservationId?.slice(0, 80) ?? ''}`}>parent missing</Badge> : null}
          {node.mark === 'cycle' ? <Badge tone="amber">parents form a ring</Badge> : null}
        </div>
      ) : null}
    </header>
  )
}

function Chip({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <span className={styles.chip}>
      <span className={styles.chipLabel}>{label}</span>
      <span className={styles.chipValue}>{children}</span>
    </span>
  )
}
