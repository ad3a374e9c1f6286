// Commands as rows that open in place: how each ended, what it printed, and the step it was. For one session and for all of them.
import { useVirtualizer } from '@tanstack/react-virtual'
import { Link } from '@tanstack/react-router'
import { memo, useCallback, useEffect, useRef } from 'react'

import type { TerminalCommand } from '../../api/types'
import { formatDateTime, formatDuration, formatShortTime } from '../../lib/format'
import { visibleLine } from '../../lib/visibleText'
import { agentSessionLink } from '../../paths'
import { AgentMark } from '../../ui/AgentMark'
import { Badge, Hostile } from '../../ui/Badge'
import { CopyButton } from '../../ui/CopyButton'
import { cx } from '../../ui/cx'
import { Highlight } from '../../ui/Highlight'
import { Icon } from '../../ui/Icon'
import { useKeys } from '../../ui/useKeys'
import { CommandContent } from '../agent-session/StepDetails'
import styles from './CommandList.module.css'

interface CommandListProps {
  projectId: string
  label: string
  commands: readonly TerminalCommand[]
  words: string
  /** The command that is open. */
  open: string | undefined
  onOpen: (id: string | undefined) => void
  now: number
  /** Rows of many sessions say whose they are. */
  withSession?: boolean
  hasMore: boolean
  onMore: () => void
}

export function CommandList({ projectId, label, commands, words, open, onOpen, now, withSession = false, hasMore, onMore }: CommandListProps) {
  const ref = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: commands.length, getScrollElement: () => ref.current, estimateSize: () => 38, getItemKey: (index) => commands[index]?.id ?? index, overscan: 10 })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (hasMore && last >= commands.length - 20) onMore()
  }, [hasMore, last, commands.length, onMore])

  // A linked command is shown once it is loaded.
  const linked = useRef(open)
  useEffect(() => {
    if (linked.current == null) return
    const index = commands.findIndex((command) => command.id === linked.current)
    if (index < 0) return
    linked.current = undefined
    virtual.scrollToIndex(index, { align: 'start' })
  }, [commands, virtual])

  const at = useRef(-1)
  const focusRow = useCallback(
    (index: number) => {
      const next = Math.min(commands.length - 1, Math.max(0, index))
      at.current = next
      virtual.scrollToIndex(next)
      requestAnimationFrame(() => ref.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus({ preventScroll: true }))
    },
    [commands.length, virtual],
  )
  useKeys({ j: () => focusRow(at.current + 1), k: () => focusRow(at.current - 1) })

  return (
    <div ref={ref} className={styles.scroll} role="list" aria-label={label} data-commands={commands.length}>
      <div className={styles.body} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const command = commands[item.index]
          return command ? (
            <div key={item.key} ref={virtual.measureElement} data-index={item.index} role="listitem" className={styles.placed} style={{ transform: `translateY(${item.start}px)` }}>
              <CommandRow projectId={projectId} command={command} index={item.index} words={words} open={command.id === open} onOpen={onOpen} now={now} withSession={withSession} onFocus={() => (at.current = item.index)} />
            </div>
          ) : null
        })}
      </div>
      {hasMore && commands.length > 0 ? <div className={styles.more}>Loading more…</div> : null}
    </div>
  )
}

interface RowProps {
  projectId: string
  command: TerminalCommand
  index: number
  words: string
  open: boolean
  onOpen: (id: string | undefined) => void
  now: number
  withSession: boolean
  onFocus: () => void
}

const CommandRow = memo(function CommandRow({ projectId, command, index, words, open, onOpen, now, withSession, onFocus }: RowProps) {
  const output = [command.stdout, command.stderr].filter((text): text is string => text != null && text !== '').join('\n')
  return (
    <div className={cx(styles.row, open && styles.open)}>
      <button type="button" className={cx(styles.line, withSession && styles.lineWide)} data-row={index} aria-expanded={open} onFocus={onFocus} onClick={() => onOpen(open ? undefined : command.id)}>
        <ExitMark command={command} />
        <span className={styles.command}>
          <bdi><Highlight text={visibleLine(command.command.slice(0, 400))} words={words} /></bdi>
          {!open && words !== '' ? <Found output={output} words={words} /> : null}
        </span>
        {withSession ? <span className={styles.agent}><AgentMark agent={command.agent} /></span> : null}
        <span className={styles.dir}>{command.workingDir ? <Hostile text={endOf(command.workingDir)} /> : null}</span>
        <span className={styles.took}>{command.durationMs == null ? '' : formatDuration(command.durationMs / 1000)}</span>
        <time className={styles.time} dateTime={command.timestamp} data-tip={formatDateTime(command.timestamp, { millis: true })}>{withSession ? formatShortTime(command.timestamp, now) : formatDateTime(command.timestamp).slice(11)}</time>
        <Icon name={open ? 'chevronDown' : 'chevronRight'} size={12} />
      </button>
      {open ? (
        <div className={styles.details}>
          <CommandContent command={command.command} exitCode={command.exitCode} output={output === '' ? null : output} words={words} />
          <footer className={styles.foot}>
            {command.workingDir ? <span className={styles.fullDir}><Icon name="folder" size={12} /> <Hostile text={command.workingDir} /> <CopyButton text={command.workingDir} label="Copy directory" /></span> : null}
            <span>{sourceWords(command)}</span>
            <span className={styles.gap} />
            {withSession ? <Link {...agentSessionLink(projectId, command.traceId)} className={styles.link}>Open session</Link> : null}
            {command.observationId ? <Link {...agentSessionLink(projectId, command.traceId, { step: command.observationId })} className={styles.link}>Go to the step</Link> : null}
          </footer>
        </div>
      ) : null}
    </div>
  )
})

/** Unknown is a state of its own: never the mark of success. */
function ExitMark({ command }: { command: TerminalCommand }) {
  const { exitCode } = command
  if (exitCode == null) return <span className={styles.exit} data-tip="The exit code is not known"><Badge>unknown</Badge></span>
  return <span className={styles.exit}><Badge tone={exitCode === 0 ? 'green' : 'red'}>{exitCode === 0 ? 'exit 0' : `exit ${exitCode}`}</Badge></span>
}

/** Where the searched words stand in the output. */
function Found({ output, words }: { output: string; words: string }) {
  const at = output.toLowerCase().indexOf(words.trim().toLowerCase())
  if (at < 0) return null
  const from = Math.max(0, output.lastIndexOf('\n', at) + 1, at - 60)
  const end = output.indexOf('\n', at)
  // eslint-disable-next-line no-control-regex
  const line = output.slice(from, Math.min(end < 0 ? output.length : end, at + 140)).replace(/\u001b\[[0-9;]*[A-Za-z]/g, '')
  return <span className={styles.found}><bdi><Highlight text={visibleLine(line)} words={words} /></bdi></span>
}

function endOf(path: string): string {
  return path.length > 34 ? `…${path.slice(-32)}` : path
}

const SOURCES: Record<string, string> = { shim: 'Exit code measured by agenttrace', agent_structured: 'Exit code stated by the agent', agent_text: 'Exit code read from the agent’s text', none: 'No source told the exit code' }

function sourceWords(command: TerminalCommand): string {
  return SOURCES[command.exitCodeSource] ?? command.exitCodeSource.slice(0, 60)
}
