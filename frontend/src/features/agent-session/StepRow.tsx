// One step of the conversation, by its kind.
import { useQuery } from '@tanstack/react-query'
import { memo, useMemo } from 'react'

import { messageOf } from '../../api/client'
import { turnContext, type ConversationStep, type Totals, type Turn } from '../../lib/agents/conversation'
import { lookOfTool, readFacts, summarize, type ToolFacts, type ToolLook } from '../../lib/agents/tools'
import { recognizeChat } from '../../lib/chat/recognize'
import { formatCompact, formatCount, formatDateTime, formatDuration, plural } from '../../lib/format'
import { visibleLine } from '../../lib/visibleText'
import { Badge, Cost, Hostile } from '../../ui/Badge'
import { Markdown } from '../../ui/content/Markdown'
import { cx } from '../../ui/cx'
import { InlineError } from '../../ui/Feedback'
import { Icon, type IconName } from '../../ui/Icon'
import { Lines } from '../../ui/Lines'
import { ContextBar } from './ContextBar'
import styles from './Conversation.module.css'
import { stepQuery } from './queries'
import { StepDetails } from './StepDetails'

export interface StepRowProps {
  projectId: string
  traceId: string
  step: ConversationStep
  turn: Turn | undefined
  largestContext: number
  index: number
  count: number
  selected: boolean
  open: boolean
  onToggle: (step: ConversationStep) => void
  onSelect: (id: string) => void
}

export const StepRow = memo(function StepRow(props: StepRowProps) {
  const { step, selected, index, count } = props
  return (
    <article
      className={cx(styles.step, styles[step.kind], selected && styles.selected)}
      style={{ '--depth': step.depth }}
      aria-posinset={index + 1}
      aria-setsize={count}
      aria-label={`${KIND_NAMES[step.kind]} ${visibleLine(step.node.name ?? '').slice(0, 80)}`}
      aria-current={selected ? 'true' : undefined}
      onClick={(event) => {
        if (event.target instanceof Element && !event.target.closest('a, button, input, summary, [role=group]') && (window.getSelection()?.toString() ?? '') === '') props.onSelect(step.id)
      }}
    >
      <Body {...props} />
    </article>
  )
}, same)

const KIND_NAMES = { turn: 'Turn', call: 'Answer', tool: 'Tool call', subagent: 'Subagent', event: 'Event', step: 'Step' } as const

/** The callbacks change with every render; what is drawn does not depend on which of them it is. */
function same(a: StepRowProps, b: StepRowProps): boolean {
  return a.step === b.step && a.turn === b.turn && a.selected === b.selected && a.open === b.open && a.index === b.index && a.count === b.count && a.largestContext === b.largestContext && a.onToggle === b.onToggle
}

function Body(props: StepRowProps) {
  switch (props.step.kind) {
    case 'turn':
      return <Prompt {...props} />
    case 'call':
      return <Answer {...props} />
    case 'subagent':
      return <Subagent {...props} />
    case 'event':
      return <Event {...props} />
    default:
      return <Tool {...props} />
  }
}

function useTexts({ projectId, traceId, step }: StepRowProps, wanted: boolean) {
  return useQuery({ ...stepQuery(projectId, traceId, step.node, true), enabled: wanted })
}

function Prompt(props: StepRowProps) {
  const { step, turn, largestContext } = props
  const { node } = step
  const texts = useTexts(props, node.inputLength > 0)
  const prompt = texts.data?.input ?? node.inputPreview
  return (
    <>
      <header className={styles.turnHead}>
        <span className={styles.turnNumber}>{turn?.number ?? '–'}</span>
        <span className={styles.who}>Prompt</span>
        <Time iso={node.startTime} />
        <span className={styles.gap} />
        {turn ? <TurnFigures turn={turn} largestContext={largestContext} /> : null}
      </header>
      <div className={styles.prompt}>{prompt ? <Said text={prompt} /> : <span className={styles.faint}>The prompt was not recorded. Agents leave it out unless their settings allow it.</span>}</div>
      {texts.isError ? <InlineError>{messageOf(texts.error)}</InlineError> : null}
      {node.level === 'ERROR' && node.statusMessage ? <InlineError>{visibleLine(node.statusMessage.slice(0, 1000))}</InlineError> : null}
    </>
  )
}

function TurnFigures({ turn, largestContext }: { turn: Turn; largestContext: number }) {
  const seconds = turn.end == null ? null : (Date.parse(turn.end) - Date.parse(turn.start)) / 1000
  return (
    <span className={styles.turnFigures}>
      {turn.models.length > 0 ? <Hostile text={turn.models.join(', ')} className={styles.model} /> : null}
      {turn.calls > 0 ? (
        <span className="num" data-tip={`${plural(turn.calls, 'model call')}: ${formatCount(turn.inputTokens)} tokens in, ${formatCount(turn.outputTokens)} out`}>
          {formatCompact(turn.inputTokens)} → {formatCompact(turn.outputTokens)}
        </span>
      ) : null}
      {turn.cost != null || turn.unpriced > 0 ? <Cost usd={turn.cost} unpriced={turn.unpriced} /> : null}
      <span className="num">{formatDuration(seconds)}</span>
      <ContextBar use={turnContext(turn, largestContext)} withText />
    </span>
  )
}

function Answer(props: StepRowProps) {
  const { step, open, onToggle } = props
  const { node } = step
  const failed = node.level === 'ERROR'
  const texts = useTexts(props, node.outputLength > 0 || open)
  const said = useMemo(() => readAnswer(texts.data?.output ?? null), [texts.data])
  const facts = useMemo(() => readFacts(texts.data?.metadata), [texts.data])
  // A call that only called tools: its figures stand small between them.
  const quiet = !failed && !open && node.outputLength === 0
  const meta = (
    <span className={styles.callMeta}>
      <button type="button" className={styles.metaButton} aria-expanded={open} onClick={() => onToggle(step)}>
        <Hostile text={node.providedModel ?? node.model ?? 'model call'} />
      </button>
      {node.usage.total > 0 ? <span className="num">{formatCompact(node.usage.input)} → {formatCompact(node.usage.output)}</span> : null}
      {node.totalCost != null ? <Cost usd={node.totalCost} /> : null}
      <span className="num">{formatDuration(node.latency)}</span>
      {facts.attempts != null && facts.attempts > 1 ? <Badge tone="amber">{facts.attempts} attempts</Badge> : null}
      {facts.stopReason != null && !/^(?:end_turn|stop|tool_use|tool_calls|completed|STOP)$/.test(facts.stopReason) ? <Badge tone="amber"><Hostile text={facts.stopReason} /></Badge> : null}
    </span>
  )
  return (
    <>
      <span className={cx(styles.glyph, failed && styles.glyphFailed, quiet && styles.glyphQuiet)}>{quiet ? <span className={styles.dot} /> : <Icon name={failed ? 'error' : 'generation'} size={14} />}</span>
      <div className={cx(styles.callBody, quiet && styles.callQuiet)}>
        {failed ? <div className={styles.callError} role="note"><strong>The model call failed.</strong> {node.statusMessage ? <Hostile text={node.statusMessage} /> : null}</div> : null}
        {said.reasoning ? <details className={styles.reasoning}><summary>Reasoning</summary><Markdown text={said.reasoning} /></details> : null}
        {said.text ? <Markdown text={said.text} /> : null}
        {texts.isError ? <InlineError>{messageOf(texts.error)}</InlineError> : null}
        {meta}
        {open ? <StepDetails {...props} texts={texts} facts={facts} /> : null}
      </div>
    </>
  )
}

/** The answer's own words; its tool calls stand as steps of their own. */
function readAnswer(output: string | null): { text: string | null; reasoning: string | null } {
  if (output == null || output.trim() === '') return { text: null, reasoning: null }
  const chat = output.length < 2_000_000 ? recognizeChat(output) : null
  if (!chat) return { text: output, reasoning: null }
  const parts = chat.messages.filter((message) => message.role !== 'user' && message.role !== 'tool').flatMap((message) => message.parts)
  const join = (kind: 'text' | 'reasoning') => parts.flatMap((part) => (part.kind === kind ? [part.text] : [])).join('\n\n').trim() || null
  return { text: join('text'), reasoning: join('reasoning') }
}

const LOOKS: Record<ToolLook, IconName> = { terminal: 'terminal', edit: 'edit', file: 'file', search: 'search', globe: 'globe', agent: 'agent', todo: 'queue', tool: 'tool' }

function Tool(props: StepRowProps) {
  const { projectId, traceId, step, open, onToggle } = props
  const { node } = step
  const light = useQuery({ ...stepQuery(projectId, traceId, node, false), enabled: !open })
  const texts = useTexts(props, open)
  const facts = useMemo(() => readFacts((texts.data ?? light.data)?.metadata), [texts.data, light.data])
  const name = facts.tool ?? node.name ?? 'tool'
  const look = lookOfTool(name)
  const summary = facts.command ?? (summarize(texts.data?.input ?? node.inputPreview) || facts.changes[0]?.path || '')
  const state = stateOf(step, facts)
  const added = sum(facts.changes.map((change) => change.added))
  const removed = sum(facts.changes.map((change) => change.removed))
  return (
    <>
      <span className={cx(styles.glyph, state === 'failed' && styles.glyphFailed, state === 'rejected' && styles.glyphRejected)}>
        <Icon name={step.kind === 'step' ? 'span' : state === 'rejected' ? 'block' : LOOKS[look]} size={14} />
      </span>
      <div className={styles.toolBody}>
        <button type="button" className={styles.toolLine} aria-expanded={open} onClick={() => onToggle(step)}>
          <span className={styles.toolName}><Hostile text={name} /></span>
          <span className={cx(styles.toolSummary, look === 'terminal' && styles.toolCommand)}>{summary === '' ? null : <Hostile text={shortPath(summary)} />}</span>
          {facts.decision === 'reject' ? <Badge tone="red" title={facts.decidedBy ? `Rejected ${facts.decidedBy}` : undefined}>rejected</Badge> : null}
          {facts.decision === 'accept' && facts.decidedBy?.startsWith('by the user') ? <Badge tone="green" title={`Accepted ${facts.decidedBy}`}>approved</Badge> : null}
          {facts.exitCode != null && facts.exitCode !== 0 ? <Badge tone="red">exit {facts.exitCode}</Badge> : null}
          {added != null || removed != null ? <Lines added={added} removed={removed} /> : null}
          {facts.commit ? <Badge tone="accent"><Icon name="commit" size={11} />{facts.commit.slice(0, 8)}</Badge> : null}
          {state === 'failed' && (facts.exitCode ?? 0) === 0 ? <Badge tone="red">failed</Badge> : null}
          {node.endTime == null ? <Badge tone="accent">running</Badge> : <span className={styles.took}>{formatDuration(node.latency)}</span>}
          <Icon name={open ? 'chevronDown' : 'chevronRight'} size={12} />
        </button>
        {open ? <StepDetails {...props} texts={texts} facts={facts} /> : null}
      </div>
    </>
  )
}

function stateOf(step: ConversationStep, facts: ToolFacts): 'rejected' | 'failed' | 'done' {
  if (facts.decision === 'reject') return 'rejected'
  if (step.node.level === 'ERROR' || (facts.exitCode ?? 0) !== 0) return 'failed'
  return 'done'
}

function sum(counts: (number | null)[]): number | null {
  const known = counts.filter((count): count is number => count != null)
  return known.length > 0 ? known.reduce((total, count) => total + count, 0) : null
}

/** Home directories say nothing: a long absolute path shows its end. */
function shortPath(text: string): string {
  return /^\/[^\s]+$/.test(text) && text.length > 70 ? `…${text.slice(-66)}` : text
}

function Subagent({ step, open, onToggle }: StepRowProps) {
  const { node, inside } = step
  return (
    <>
      <span className={styles.glyph}><Icon name="agent" size={14} /></span>
      <div className={styles.toolBody}>
        <button type="button" className={styles.toolLine} aria-expanded={open} onClick={() => onToggle(step)}>
          <span className={styles.toolName}>Subagent</span>
          <span className={styles.toolSummary}><Hostile text={node.name ?? ''} /></span>
          {inside ? <TotalsLine totals={inside} /> : null}
          <span className={styles.took}>{formatDuration(node.latency)}</span>
          <Icon name={open ? 'chevronDown' : 'chevronRight'} size={12} />
        </button>
        {node.inputPreview ? <p className={styles.subagentTask}><Hostile text={node.inputPreview} /></p> : null}
      </div>
    </>
  )
}

function TotalsLine({ totals }: { totals: Totals }) {
  return (
    <span className={styles.totals}>
      <span>{plural(totals.calls, 'call')}, {plural(totals.tools, 'tool')}</span>
      {totals.errors > 0 ? <Badge tone="red">{plural(totals.errors, 'error')}</Badge> : null}
      {totals.cost != null ? <Cost usd={totals.cost} unpriced={totals.unpriced} /> : null}
    </span>
  )
}

const EVENT_NAMES: Record<string, string> = {
  compaction: 'Context compacted', permission_mode_changed: 'Permission mode changed', skill_activated: 'Skill activated', api_refusal: 'The model refused', api_retries_exhausted: 'All retries failed', internal_error: 'The agent had an internal error',
}

function Event({ step }: StepRowProps) {
  const { node } = step
  const tone = node.level === 'ERROR' ? styles.eventError : node.level === 'WARNING' ? styles.eventWarning : undefined
  return (
    <div className={cx(styles.eventLine, tone)}>
      <Icon name={node.level === 'ERROR' ? 'error' : node.level === 'WARNING' ? 'warning' : 'event'} size={12} />
      <span>{EVENT_NAMES[node.name ?? ''] ?? <Hostile text={(node.name ?? 'event').replaceAll(/[._]/g, ' ')} />}</span>
      {node.statusMessage ? <Hostile text={node.statusMessage} className={styles.faint} /> : null}
      <Time iso={node.startTime} />
    </div>
  )
}

function Said({ text }: { text: string }) {
  const chat = useMemo(() => (text.length < 2_000_000 ? recognizeChat(text) : null), [text])
  const shown = chat ? chat.messages.filter((message) => message.role === 'user').flatMap((message) => message.parts).flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n\n') : text
  return <Markdown text={shown === '' ? text : shown} />
}

export function Time({ iso }: { iso: string }) {
  return (
    <time className={styles.time} dateTime={iso} data-tip={formatDateTime(iso, { millis: true })}>
      {formatDateTime(iso).slice(11)}
    </time>
  )
}
