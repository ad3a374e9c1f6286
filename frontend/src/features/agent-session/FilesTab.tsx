// The files of one session: a tree of what changed, and for the chosen file every change in order of time.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useRef, useState, type KeyboardEvent } from 'react'

import { messageOf } from '../../api/client'
import type { FileOperation } from '../../api/types'
import { buildFileTree, changesOf, treeRows, type FileChange, type TreeRow } from '../../lib/agents/files'
import { formatDateTime, plural } from '../../lib/format'
import { parsePatch, type PatchLayout } from '../../lib/patch'
import { agentSessionLink } from '../../paths'
import { Badge, Hostile } from '../../ui/Badge'
import { Button } from '../../ui/Button'
import { CopyButton } from '../../ui/CopyButton'
import { PatchView } from '../../ui/content/PatchView'
import { cx } from '../../ui/cx'
import { EmptyState, ErrorState, LoadingState, Notice } from '../../ui/Feedback'
import { Checkbox } from '../../ui/Field'
import { Icon } from '../../ui/Icon'
import { Lines } from '../../ui/Lines'
import { Segmented } from '../../ui/Tabs'
import { useKeys } from '../../ui/useKeys'
import { useMedia } from '../../ui/useMedia'
import styles from './FilesTab.module.css'
import { filesQuery } from './queries'
import type { TabProps } from './TerminalTab'

export function FilesTab({ projectId, traceId, search, onSearch, running }: TabProps) {
  const files = useQuery(filesQuery(projectId, traceId, running))
  const all = useMemo(() => changesOf(files.data?.rows ?? []), [files.data])
  const changes = useMemo(() => all.filter((change) => search.reads === '1' || change.kind !== 'read'), [all, search.reads])
  const wide = useMedia('(width >= 860px)')
  const reads = all.filter((change) => change.kind === 'read').length
  const current = changes.find((change) => change.path === search.file || change.operations.some((operation) => operation.filePath === search.file)) ?? changes[0]
  const order = useMemo(() => treeRows(buildFileTree(changes), new Set()).flatMap(({ node }) => (node.kind === 'file' ? [node.path] : [])), [changes])
  const step = (by: number) => {
    const next = order[Math.min(order.length - 1, Math.max(0, order.indexOf(current?.path ?? '') + by))]
    if (next != null) onSearch({ file: next })
  }
  useKeys({ j: () => step(1), k: () => step(-1) })

  if (files.isPending) return <LoadingState label="Loading files" />
  if (files.isError && all.length === 0) return <ErrorState title="The files could not be loaded" message={messageOf(files.error)} onRetry={() => void files.refetch()} />
  if (!current) {
    return (
      <EmptyState icon="file" title={reads > 0 ? 'No file was changed' : 'No files'} actions={reads > 0 ? <Button onClick={() => onSearch({ reads: '1' })}>Show {plural(reads, 'file')} that {reads === 1 ? 'was' : 'were'} read</Button> : null}>
        {reads > 0 ? 'The session only read files.' : 'The session touched no files, or its agent does not tell of them.'}
      </EmptyState>
    )
  }
  // Two columns of code need room.
  const layout: PatchLayout = wide ? (search.layout ?? 'unified') : 'unified'
  return (
    <div className={styles.layout}>
      <aside className={styles.side} aria-label="Files" data-own-keys>
        <div className={styles.sideHead}>
          <span>{plural(changes.length, 'file')}</span>
          <Lines added={total(changes, 'added')} removed={total(changes, 'removed')} />
        </div>
        <Tree changes={changes} current={current.path} onPick={(file) => onSearch({ file })} />
        {reads > 0 ? <div className={styles.reads}><Checkbox label={`Files only read (${reads})`} checked={search.reads === '1'} onChange={(on) => onSearch({ reads: on ? '1' : undefined })} /></div> : null}
      </aside>
      <section className={styles.file} aria-label={`Changes of ${current.shown.slice(0, 200)}`}>
        <header className={styles.fileHead}>
          <h2 className={styles.path}><Hostile text={current.shown} /></h2>
          <CopyButton text={current.path} label="Copy path" />
          <KindBadge change={current} />
          <Lines added={current.added} removed={current.removed} />
          <span className={styles.gap} />
          <span className={styles.layoutSwitch}>
            <Segmented label="Layout of diffs" choices={[{ value: 'unified', label: 'Unified' }, { value: 'split', label: 'Split' }]} value={layout} onChange={(next) => onSearch({ layout: next === 'split' ? 'split' : undefined })} />
          </span>
        </header>
        <div className={styles.scroll} key={current.path}>
          {files.data?.cut ? <Notice tone="warning">The session has more file operations than are shown here.</Notice> : null}
          <ol className={styles.operations}>
            {current.operations.map((operation, index) => (
              <Operation key={operation.id} projectId={projectId} operation={operation} index={index} layout={layout} />
            ))}
          </ol>
        </div>
      </section>
    </div>
  )
}

function total(changes: readonly FileChange[], key: 'added' | 'removed'): number {
  return changes.reduce((sum, change) => sum + (change[key] ?? 0), 0)
}

const KINDS = { added: ['green', 'added'], modified: ['neutral', 'changed'], deleted: ['red', 'deleted'], moved: ['accent', 'moved'], read: ['neutral', 'read'] } as const

function KindBadge({ change }: { change: FileChange }) {
  const [tone, word] = KINDS[change.kind]
  return <Badge tone={tone}>{word}</Badge>
}

const VERBS: Record<string, string> = { CREATE: 'Written', UPDATE: 'Edited', DELETE: 'Deleted', MOVE: 'Moved', COPY: 'Copied', READ: 'Read' }

function Operation({ projectId, operation, index, layout }: { projectId: string; operation: FileOperation; index: number; layout: PatchLayout }) {
  const patch = useMemo(() => (operation.diff ? parsePatch(operation.diff, operation.operation === 'CREATE') : null), [operation])
  const [open, setOpen] = useState(true)
  const verb = VERBS[operation.operation] ?? operation.operation
  return (
    <li className={styles.operation}>
      <header className={styles.operationHead}>
        {patch ? (
          <button type="button" className={styles.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon name={open ? 'chevronDown' : 'chevronRight'} size={12} />
            <span className={styles.verb}>{index + 1}. {verb}</span>
          </button>
        ) : <span className={styles.verb}>{index + 1}. {verb}</span>}
        {operation.newPath ? <span className={styles.moved}><Hostile text={`${operation.filePath} → ${operation.newPath}`} /></span> : null}
        <Lines added={operation.diffSummary.linesAdded ?? null} removed={operation.diffSummary.linesRemoved ?? null} />
        <span className={styles.gap} />
        <time dateTime={operation.timestamp} data-tip={formatDateTime(operation.timestamp, { millis: true })}>{formatDateTime(operation.timestamp).slice(11)}</time>
        {operation.observationId ? <Link {...agentSessionLink(projectId, operation.traceId, { step: operation.observationId })} className={styles.link}>Go to the step</Link> : null}
      </header>
      {patch ? (open ? <PatchView patch={patch} layout={layout} label={`Change ${index + 1}`} /> : null) : operation.operation === 'READ' ? null : <p className={styles.none}>The diff of this change was not recorded.</p>}
    </li>
  )
}

/** Files as a tree: the arrow keys walk it as in a file manager. */
function Tree({ changes, current, onPick }: { changes: readonly FileChange[]; current: string; onPick: (path: string) => void }) {
  const ref = useRef<HTMLUListElement>(null)
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const rows = useMemo(() => treeRows(buildFileTree(changes), closed), [changes, closed])
  const [at, setAt] = useState<string | null>(null)
  const active = rows.findIndex(({ node }) => node.path === (at ?? current))
  const fold = (path: string, shut: boolean) => {
    const next = new Set(closed)
    if (shut) next.add(path)
    else next.delete(path)
    setClosed(next)
  }
  const move = (index: number) => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))]
    if (!row) return
    setAt(row.node.path)
    if (row.node.kind === 'file') onPick(row.node.path)
    document.getElementById(`file-${rows.indexOf(row)}`)?.scrollIntoView({ block: 'nearest' })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[active]
    const moves: Record<string, () => void> = {
      ArrowDown: () => move(active + 1),
      ArrowUp: () => move(active - 1),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      ArrowRight: () => row?.node.kind === 'folder' && fold(row.node.path, false),
      ArrowLeft: () => (row?.node.kind === 'folder' && !closed.has(row.node.path) ? fold(row.node.path, true) : move(parentOf(rows, active))),
      Enter: () => row && (row.node.kind === 'folder' ? fold(row.node.path, !closed.has(row.node.path)) : onPick(row.node.path)),
    }
    const act = moves[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  return (
    <ul ref={ref} role="tree" aria-label="Changed files" className={styles.tree} tabIndex={0} aria-activedescendant={active >= 0 ? `file-${active}` : undefined} onKeyDown={onKeyDown}>
      {rows.map(({ node, depth }, index) => (
        <li
          key={`${node.kind} ${node.path}`}
          id={`file-${index}`}
          role="treeitem"
          aria-level={depth + 1}
          aria-expanded={node.kind === 'folder' ? !closed.has(node.path) : undefined}
          aria-selected={node.kind === 'file' && node.path === current}
          className={cx(styles.treeRow, node.kind === 'file' && node.path === current && styles.treeOn, index === active && styles.treeActive)}
          style={{ '--depth': depth }}
          onClick={() => {
            setAt(node.path)
            if (node.kind === 'folder') fold(node.path, !closed.has(node.path))
            else onPick(node.path)
          }}
        >
          <Icon name={node.kind === 'folder' ? (closed.has(node.path) ? 'chevronRight' : 'chevronDown') : 'file'} size={12} />
          <span className={cx(styles.treeName, node.kind === 'file' && node.change.kind === 'deleted' && styles.gone)}><Hostile text={node.name === '' ? '(no name)' : node.name} /></span>
          {node.kind === 'file' ? (
            <>
              {node.change.kind === 'added' ? <span className={styles.dotAdded} role="img" aria-label="added" /> : node.change.kind === 'deleted' ? <span className={styles.dotRemoved} role="img" aria-label="deleted" /> : null}
              <Lines added={node.change.added} removed={node.change.removed} />
            </>
          ) : null}
        </li>
      ))}
    </ul>
  )
}

function parentOf(rows: readonly TreeRow[], index: number): number {
  const depth = rows[index]?.depth ?? 0
  for (let at = index - 1; at >= 0; at -= 1) if ((rows[at]?.depth ?? 0) < depth) return at
  return index
}
