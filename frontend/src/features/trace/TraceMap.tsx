// The map of a trace: one virtualised list of lines that shows the tree, the timeline, or both side by side, so that they are
// always aligned. Navigated like a file tree.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'

import type { ObservationNode, TraceDetail } from '../../api/types'
import { plural } from '../../lib/format'
import type { SpanTree } from '../../lib/spanTree'
import { extentOf, type Extent } from '../../lib/timeline'
import type { TraceView } from '../../lib/traceSearch'
import { IconButton } from '../../ui/Button'
import { cx } from '../../ui/cx'
import { Icon } from '../../ui/Icon'
import { Segmented, type Choice } from '../../ui/Tabs'
import { MapLine, TraceLine } from './MapLine'
import { searchTree, subtreeTotals, visibleLines, withChildren } from './rows'
import { TimeAxis } from './TimeAxis'
import styles from './TraceMap.module.css'
import { useTimeWindow } from './useTimeWindow'

const LINE = 28
const VIEWS: Choice<TraceView>[] = [
  { value: 'tree', label: 'Tree', icon: 'tree' },
  { value: 'timeline', label: 'Timeline', icon: 'timeline' },
  { value: 'both', label: 'Both', icon: 'split' },
]
const NONE: ReadonlySet<string> = new Set()

interface TraceMapProps {
  trace: TraceDetail['trace']
  tree: SpanTree<ObservationNode>
  view: TraceView
  onView: (view: TraceView) => void
  /** Null: the trace itself. */
  selected: string | null
  onSelect: (id: string | null) => void
  running: boolean
}

export function TraceMap({ trace, tree, view, onView, selected, onSelect, running }: TraceMapProps) {
  const scrollRef = useRef<HTMLDivElement>(null)
  const [collapsed, setCollapsed] = useState(NONE)
  const [words, setWords] = useState('')
  const [onlyMatching, setOnlyMatching] = useState(true)
  const search = useDeferredValue(words)

  const totals = useMemo(() => subtreeTotals(tree), [tree])
  const matches = useMemo(() => searchTree(tree, search), [tree, search])
  const lines = useMemo(() => visibleLines(tree, { collapsed, matches, onlyMatching }), [tree, collapsed, matches, onlyMatching])
  // Observations without an end reach to the trace's last sign of life.
  const now = Date.parse(trace.updatedAt)
  const whole = useMemo((): Extent => extentOf([...tree.byId.values()].map((node) => node.span), running ? now : undefined), [tree, running, now])
  const time = useTimeWindow(whole, scrollRef, view !== 'tree')

  // Line 0 is the trace itself.
  const virtual = useVirtualizer({ count: lines.length + 1, getScrollElement: () => scrollRef.current, estimateSize: () => LINE, overscan: 16 })
  const at = useMemo(() => (selected == null ? 0 : lines.findIndex((line) => line.node.span.id === selected) + 1), [lines, selected])

  // Brings the selected line into view when the selection comes from elsewhere: the address, a link, the keyboard.
  const seen = useRef<string | null | undefined>(undefined)
  useEffect(() => {
    if (seen.current === selected) return
    const first = seen.current === undefined
    seen.current = selected
    if (selected == null && first) return
    virtual.scrollToIndex(at, { align: first ? 'center' : 'auto' })
  }, [selected, at, virtual])

  // Arrow keys work at once; a field that has the focus keeps it.
  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement == null) scrollRef.current?.focus({ preventScroll: true })
  }, [])

  const toggle = useCallback(
    (id: string) =>
      setCollapsed((current) => {
        const next = new Set(current)
        if (!next.delete(id)) next.add(id)
        return next
      }),
    [],
  )
  const selectLine = (index: number) => onSelect(lines[index - 1]?.node.span.id ?? null)

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== scrollRef.current || event.metaKey || event.ctrlKey || event.altKey) return
    const line = lines[at - 1]
    const page = Math.max(1, Math.floor(scrollRef.current.clientHeight / LINE) - 2)
    const go = (index: number) => selectLine(Math.min(lines.length, Math.max(0, index)))
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(at + 1),
      j: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      k: () => go(at - 1),
      PageDown: () => go(at + page),
      PageUp: () => go(at - page),
      Home: () => go(0),
      End: () => go(lines.length),
      ArrowRight: () => {
        if (!line) go(1)
        else if (line.node.children.length > 0) {
          if (line.open) go(at + 1)
          else toggle(line.node.span.id)
        }
      },
      ArrowLeft: () => {
        if (!line) return
        if (line.open && line.node.children.length > 0 && !(matches && onlyMatching)) toggle(line.node.span.id)
        else onSelect(line.node.parent?.span.id ?? null)
      },
      ' ': () => line && line.node.children.length > 0 && toggle(line.node.span.id),
      z: () => line && time.showSpan(line.node.span),
      '+': () => time.zoomBy(0.5),
      '-': () => time.zoomBy(2),
      0: () => time.fit(),
    }
    const move = moves[event.key]
    if (!move) return
    event.preventDefault()
    move()
  }

  const toNextMatch = (by: number) => {
    const found = lines.flatMap((line, index) => (line.matched ? [index + 1] : []))
    const target = by > 0 ? (found.find((index) => index > at) ?? found[0]) : (found.findLast((index) => index < at) ?? found.at(-1))
    if (target != null) selectLine(target)
  }

  return (
    <div className={styles.map}>
      <div className={styles.toolbar}>
        <div className={styles.search}>
          <Icon name="search" size={13} />
          <input
            type="search"
            data-shortcut="search"
            placeholder="Search steps"
            aria-label="Search in the tree"
            value={words}
            onChange={(event) => setWords(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') toNextMatch(event.shiftKey ? -1 : 1)
              if (event.key === 'ArrowDown') scrollRef.current?.focus()
              if (event.key === 'Escape') {
                if (words === '') scrollRef.current?.focus()
                setWords('')
              }
            }}
          />
          {matches ? (
            <span className={styles.hits} role="status">
              {matches.size}
            </span>
          ) : null}
        </div>
        {matches ? <IconButton icon="filter" label={onlyMatching ? 'Show all steps' : 'Show only matching steps'} size="sm" active={onlyMatching} aria-pressed={onlyMatching} onClick={() => setOnlyMatching(!onlyMatching)} /> : null}
        <span className={styles.gap} />
        {view === 'tree' ? null : (
          <>
            <IconButton icon="zoomOut" label="Zoom out" tip="Zoom out  −" size="sm" disabled={time.isWhole} onClick={() => time.zoomBy(2)} />
            <IconButton icon="zoomIn" label="Zoom in" tip={'Zoom in  +\nor Ctrl and wheel, or drag over the axis'} size="sm" onClick={() => time.zoomBy(0.5)} />
            <IconButton icon="fit" label="Show the whole trace" tip="Show the whole trace  0" size="sm" disabled={time.isWhole} onClick={time.fit} />
          </>
        )}
        <IconButton icon="expand" label="Expand all" size="sm" onClick={() => setCollapsed(NONE)} />
        <IconButton icon="collapse" label="Collapse all" size="sm" onClick={() => setCollapsed(withChildren(tree))} />
        <Segmented label="View" choices={VIEWS} value={view} onChange={onView} iconsOnly />
      </div>
      <div
        ref={scrollRef}
        className={cx(styles.scroll, styles[view])}
        role="tree"
        aria-label={`Observations of the trace, ${plural(tree.byId.size, 'step')}`}
        aria-activedescendant={at >= 0 ? `line-${at}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        {view === 'tree' ? null : <TimeAxis time={time} whole={whole} />}
        <div className={styles.lines} style={{ height: virtual.getTotalSize() }} data-ready={lines.length}>
          {virtual.getVirtualItems().map((item) => {
            if (item.index === 0) return <TraceLine key="trace" trace={trace} view={view} window={time.window} whole={whole} selected={selected == null} top={item.start} onSelect={onSelect} />
            const line = lines[item.index - 1]
            if (!line) return null
            const { id } = line.node.span
            return (
              <MapLine
                key={id}
                index={item.index}
                line={line}
                totals={totals.get(id)}
                view={view}
                window={time.window}
                now={running ? now : undefined}
                whole={trace.latency}
                words={search}
                selected={id === selected}
                top={item.start}
                onSelect={onSelect}
                onToggle={toggle}
              />
            )
          })}
        </div>
        {matches?.size === 0 ? <div className={styles.none}>No step matches “{words}”</div> : null}
        {tree.byId.size === 0 ? <div className={styles.none}>No observations yet. They appear here as they arrive.</div> : null}
      </div>
    </div>
  )
}
