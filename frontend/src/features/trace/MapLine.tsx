// One line of the map: the observation in the tree, its figures, and its bar in the timeline.
import { memo } from 'react'

import type { TraceDetail } from '../../api/types'
import { formatCompact, formatCost, formatDuration } from '../../lib/format'
import { barOf, heatOf, type Extent } from '../../lib/timeline'
import type { TraceView } from '../../lib/traceSearch'
import { visibleLine } from '../../lib/visibleText'
import { cx } from '../../ui/cx'
import { Highlight } from '../../ui/Highlight'
import { Icon } from '../../ui/Icon'
import type { Line, Totals } from './rows'
import styles from './TraceMap.module.css'
import { lookOf } from './types'

/** Deeper levels share one indentation, so that names stay readable. */
const MAX_INDENT = 24
const HEAT = [undefined, undefined, styles.warm, styles.hot] as const

interface MapLineProps {
  index: number
  line: Line
  totals: Totals | undefined
  view: TraceView
  window: Extent
  now: number | undefined
  whole: number | null
  words: string
  selected: boolean
  top: number
  onSelect: (id: string | null) => void
  onToggle: (id: string) => void
}

export const MapLine = memo(function MapLine({ index, line, totals, view, window, now, whole, words, selected, top, onSelect, onToggle }: MapLineProps) {
  const { node, open } = line
  const { span } = node
  const look = lookOf(span.type)
  const name = visibleLine((span.name ?? '').slice(0, 300)) || span.type.toLowerCase()
  const parent = node.children.length > 0
  const share = whole ? Math.min(1, (span.latency ?? 0) / whole) : 0
  const heat = node.depth === 0 ? 0 : heatOf(span.latency, whole)
  const cost = parent ? totals?.cost : span.totalCost
  const tokens = parent ? totals?.tokens : span.usage.total

  return (
    <div
      id={`line-${index}`}
      role="treeitem"
      aria-level={node.depth + 2}
      aria-selected={selected}
      aria-expanded={parent ? open : undefined}
      aria-label={`${look.label} ${name}${span.level === 'DEFAULT' ? '' : `, ${span.level.toLowerCase()}`}`}
      className={cx(styles.line, selected && styles.selected, span.level === 'ERROR' && styles.error)}
      style={{ transform: `translateY(${top}px)`, '--color': look.color, '--depth': Math.min(node.depth + 1, MAX_INDENT) }}
      onClick={() => onSelect(span.id)}
      onDoubleClick={() => parent && onToggle(span.id)}
    >
      <div className={styles.treeCell}>
        <span className={styles.guides} aria-hidden />
        {parent ? (
          <button
            type="button"
            tabIndex={-1}
            className={styles.chevron}
            aria-label={open ? 'Collapse' : 'Expand'}
            onClick={(event) => {
              event.stopPropagation()
              onToggle(span.id)
            }}
          >
            <Icon name={open ? 'chevronDown' : 'chevronRight'} size={12} />
          </button>
        ) : (
          <span className={styles.leaf} />
        )}
        <span className={styles.typeIcon}>
          <Icon name={look.icon} size={14} />
        </span>
        <bdi className={styles.name}>
          <Highlight text={name} words={line.matched ? words : ''} />
        </bdi>
        {node.mark ? (
          <span className={styles.mark} data-tip={node.mark === 'orphan' ? `Its parent ${span.parentObservationId?.slice(0, 40) ?? ''} is not in this trace (yet)` : 'Its parents form a ring, which was cut here'}>
            {node.mark === 'orphan' ? 'no parent' : 'ring'}
          </span>
        ) : null}
        {node.depth >= MAX_INDENT ? <span className={styles.mark}>depth {node.depth}</span> : null}
        {span.level === 'ERROR' || span.level === 'WARNING' ? (
          <span className={span.level === 'ERROR' ? styles.levelError : styles.levelWarning} data-tip={visibleLine((span.statusMessage ?? span.level).slice(0, 300))}>
            <Icon name={span.level === 'ERROR' ? 'error' : 'warning'} size={13} />
          </span>
        ) : null}
        {parent && !open ? <span className={styles.count}>{totals?.count}</span> : null}
        {parent && !open && totals && totals.errors > (span.level === 'ERROR' ? 1 : 0) ? <span className={styles.levelError} data-tip={`${totals.errors} errors inside`}><Icon name="error" size={13} /></span> : null}
      </div>
      {view === 'timeline' ? null : (
        <div className={styles.figures}>
          <span className={styles.tokens} data-tip={parent ? 'Tokens of this step and everything below it' : undefined}>{tokens ? formatCompact(tokens) : ''}</span>
          <span className={styles.cost} data-tip={parent ? 'Cost of this step and everything below it' : undefined}>{cost != null ? formatCost(cost) : ''}</span>
          <span className={cx(styles.duration, HEAT[heat])} style={{ '--share': share >= 0.1 && node.depth > 0 ? share : 0 }}>{span.endTime == null && span.latency == null ? (now == null ? '–' : 'running') : formatDuration(span.latency)}</span>
        </div>
      )}
      {view === 'tree' ? null : <BarCell span={span} window={window} now={now} label={view === 'timeline'} />}
    </div>
  )
})

function BarCell({ span, window, now, label }: { span: Line['node']['span']; window: Extent; now: number | undefined; label: boolean }) {
  const bar = barOf(span, window, now)
  return (
    <div className={styles.barCell}>
      {bar ? (
        <>
          <span
            className={cx(styles.bar, span.level === 'ERROR' && styles.barError, span.endTime == null && styles.barOpen, bar.width === 0 && styles.barPoint)}
            style={{ left: `${bar.left * 100}%`, width: `${bar.width * 100}%`, '--wait': bar.firstToken == null || bar.width === 0 ? 0 : `${((bar.firstToken - bar.left) / bar.width) * 100}%` }}
            data-tip={`${formatDuration(span.latency)}${span.timeToFirstToken != null ? ` · first token after ${formatDuration(span.timeToFirstToken)}` : ''}`}
          >
            {bar.firstToken != null ? <span className={styles.firstToken} /> : null}
          </span>
          {label ? (
            <span className={cx(styles.barLabel, bar.left + bar.width >= 0.82 && bar.left <= 0.18 && styles.barLabelInside)} style={bar.left + bar.width < 0.82 ? { left: `calc(${(bar.left + bar.width) * 100}% + 6px)` } : bar.left > 0.18 ? { right: `calc(${(1 - bar.left) * 100}% + 6px)` } : { right: 6 }}>
              {formatDuration(span.latency)}
            </span>
          ) : null}
        </>
      ) : null}
    </div>
  )
}

export const TraceLine = memo(function TraceLine({ trace, view, window, whole, selected, top, onSelect }: {
  trace: TraceDetail['trace']
  view: TraceView
  window: Extent
  whole: Extent
  selected: boolean
  top: number
  onSelect: (id: string | null) => void
}) {
  const bar = barOf({ startTime: new Date(whole.start).toISOString(), endTime: new Date(whole.end).toISOString() }, window)
  return (
    <div id="line-0" role="treeitem" aria-level={1} aria-selected={selected} aria-label={`Trace ${trace.name ?? ''}`} className={cx(styles.line, selected && styles.selected)} style={{ transform: `translateY(${top}px)`, '--color': 'var(--accent)', '--depth': 0 }} onClick={() => onSelect(null)}>
      <div className={styles.treeCell}>
        <span className={styles.leaf} />
        <span className={styles.typeIcon}>
          <Icon name="traces" size={14} />
        </span>
        <bdi className={cx(styles.name, styles.traceName)}>{visibleLine((trace.name ?? 'trace').slice(0, 300))}</bdi>
      </div>
      {view === 'timeline' ? null : (
        <div className={styles.figures}>
          <span className={styles.tokens}>{trace.totalTokens > 0 ? formatCompact(trace.totalTokens) : ''}</span>
          <span className={styles.cost}>{trace.totalCost != null ? formatCost(trace.totalCost) : ''}</span>
          <span className={styles.duration} style={{ '--share': 0 }}>{formatDuration(trace.latency)}</span>
        </div>
      )}
      {view === 'tree' ? null : <div className={styles.barCell}>{bar ? <span className={styles.barTrace} style={{ left: `${bar.left * 100}%`, width: `${bar.width * 100}%` }} /> : null}</div>}
    </div>
  )
})
