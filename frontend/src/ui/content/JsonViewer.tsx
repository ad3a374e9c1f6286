// A viewer for JSON of any size: only the lines on screen are drawn. Search, copy, wrap, open and close; strings that contain
// JSON can be opened in place. Keys and values are text, whatever they say.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useContext, useMemo, useRef, useState } from 'react'

import { formatBytes } from '../../lib/format'
import { ancestorsOf, isOpen, jsonRows, pathsOfStrings, searchJson, type JsonRow, type JsonView } from '../../lib/jsonRows'
import { hasMedia } from '../../lib/media'
import { readStored, writeStored } from '../../lib/stored'
import { IconButton } from '../Button'
import { CopyButton, copyText } from '../CopyButton'
import { cx } from '../cx'
import { toast } from '../Toast'
import { JsonLine } from './JsonLine'
import styles from './JsonViewer.module.css'
import { MediaView } from './MediaText'

const LINE = 20

export function JsonViewer({ value, label, fill = false }: { value: unknown; label: string; fill?: boolean }) {
  const scrollRef = useRef<HTMLDivElement>(null)
  const showsFiles = useContext(MediaView) != null
  const [view, setView] = useState<JsonView>(() => {
    const closed: JsonView = { toggled: new Set(), parsed: new Set(), openDepth: 3 }
    // Files are seen without a click, however deep they lie.
    return showsFiles ? pathsOfStrings(value, hasMedia, 12).reduce((opened, path) => openTo(opened, value, path), closed) : closed
  })
  const [full, setFull] = useState<ReadonlySet<string>>(new Set())
  const [wrap, setWrap] = useState(() => readStored('json.wrap', (stored) => (typeof stored === 'boolean' ? stored : null)) ?? true)
  const [search, setSearch] = useState('')
  const [hit, setHit] = useState(0)

  const rows = useMemo(() => jsonRows(value, view), [value, view])
  const hits = useMemo(() => searchJson(value, search, view), [value, search, view])
  const hitSet = useMemo(() => new Set(hits), [hits])

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => LINE,
    overscan: 20,
    getItemKey: (index) => `${rows[index]?.path ?? ''} ${rows[index]?.kind ?? ''}`,
  })

  const toggle = (path: string) => setView({ ...view, toggled: flip(view.toggled, path) })

  const goTo = (index: number) => {
    const path = hits[index]
    if (path == null) return
    setHit(index)
    const opened = openTo(view, value, path)
    setView(opened)
    const at = jsonRows(value, opened).findIndex((row) => row.path === path)
    requestAnimationFrame(() => virtual.scrollToIndex(at, { align: 'center' }))
  }

  const setDepth = (openDepth: number) => {
    if (openDepth > 3 && countValues(value, 100_000) >= 100_000) {
      toast('Too many values to open all at once. Open parts, or search.')
      return
    }
    setView({ ...view, openDepth, toggled: openDepth > 3 ? bigContainers(value) : new Set() })
  }

  return (
    <div className={cx(styles.viewer, fill && styles.fill)}>
      <div className={styles.toolbar}>
        <input
          type="search"
          className={styles.search}
          placeholder="Search keys and values"
          aria-label={`Search in ${label}`}
          value={search}
          onChange={(event) => {
            setSearch(event.target.value)
            setHit(0)
          }}
          onKeyDown={(event) => {
            event.stopPropagation()
            if (event.key === 'Enter' && hits.length > 0) goTo((hit + (event.shiftKey ? hits.length - 1 : event.currentTarget.dataset.went === search ? 1 : 0)) % hits.length)
            event.currentTarget.dataset.went = search
            if (event.key === 'Escape') setSearch('')
          }}
        />
        {search ? (
          <span className={styles.hits} role="status">
            {hits.length === 0 ? 'none' : `${hit + 1}/${hits.length >= 5000 ? '5000+' : hits.length}`}
          </span>
        ) : null}
        <span className={styles.gap} />
        <IconButton icon="expand" label="Open all" size="sm" onClick={() => setDepth(Number.MAX_SAFE_INTEGER)} />
        <IconButton icon="collapse" label="Close all" size="sm" onClick={() => setDepth(1)} />
        <IconButton
          icon="wrap"
          label="Wrap long lines"
          size="sm"
          active={wrap}
          aria-pressed={wrap}
          onClick={() => {
            setWrap(!wrap)
            writeStored('json.wrap', !wrap)
          }}
        />
        <CopyButton text={() => stringify(value)} label={`Copy ${label}`} />
      </div>
      <div ref={scrollRef} className={styles.scroll} tabIndex={0} role="group" aria-label={label}>
        <div className={styles.inner} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index]
            if (!row) return null
            return (
              <div key={item.key} ref={virtual.measureElement} data-index={item.index} className={cx(styles.slot, !wrap && styles.nowrap)} style={{ transform: `translateY(${item.start}px)` }}>
                <JsonLine
                  row={row}
                  wrap={wrap}
                  words={hitSet.has(row.path) ? search : ''}
                  current={hits[hit] === row.path && search !== ''}
                  whole={full.has(row.path)}
                  onToggle={() => toggle(row.path)}
                  onParse={() => setView({ ...view, parsed: flip(view.parsed, row.path) })}
                  onWhole={() => setFull(flip(full, row.path))}
                  onCopy={() => void copyRow(row)}
                />
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

async function copyRow(row: JsonRow): Promise<void> {
  const text = typeof row.value === 'string' ? row.value : stringify(row.value)
  if (await copyText(text)) toast(`Copied ${formatBytes(text.length)}`)
}

export function stringify(value: unknown): string {
  try {
    return JSON.stringify(value === undefined ? null : value, null, 2)
  } catch {
    // Deeper than the engine's stack.
    return String(value)
  }
}

function flip(set: ReadonlySet<string>, path: string): ReadonlySet<string> {
  const next = new Set(set)
  if (!next.delete(path)) next.add(path)
  return next
}

/** The view with every container above `path` open. */
function openTo(view: JsonView, root: unknown, path: string): JsonView {
  let next = view
  for (const ancestor of ancestorsOf(path)) {
    const row = jsonRows(root, next).find((entry) => entry.path === ancestor)
    if (row && !isOpen(next, row.path, row.depth, row.size)) next = { ...next, toggled: flip(next.toggled, row.path) }
  }
  return next
}

/** Containers that stay closed by default because of their size: toggled, so that "open all" opens them too. */
function bigContainers(root: unknown): ReadonlySet<string> {
  return new Set(jsonRows(root, { toggled: new Set(), parsed: new Set(), openDepth: Number.MAX_SAFE_INTEGER }).filter((row) => row.kind === 'collapsed').map((row) => row.path))
}

function countValues(root: unknown, limit: number): number {
  let count = 0
  const stack: unknown[] = [root]
  while (stack.length > 0 && count < limit) {
    const value = stack.pop()
    count += 1
    if (typeof value === 'object' && value !== null) for (const child of Object.values(value) as unknown[]) stack.push(child)
  }
  return count
}
