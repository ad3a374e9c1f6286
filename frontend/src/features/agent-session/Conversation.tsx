// The conversation: an outline of turns beside the steps. Only what is on screen is drawn, so that ten thousand steps scroll like
// ten. The selected step stands in the address; j, k, n, p and e move, Enter opens.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'

import type { TraceDetail } from '../../api/types'
import { visibleSteps, type ConversationModel, type ConversationStep, type StepFilter } from '../../lib/agents/conversation'
import type { AgentSessionSearch } from '../../lib/agents/search'
import { plural } from '../../lib/format'
import { Button, IconButton } from '../../ui/Button'
import { EmptyState } from '../../ui/Feedback'
import { Segmented } from '../../ui/Tabs'
import { useKeys } from '../../ui/useKeys'
import styles from './Conversation.module.css'
import { Outline } from './Outline'
import { StepRow } from './StepRow'

const HEIGHT = { turn: 120, call: 74, tool: 34, subagent: 44, event: 30, step: 32 } as const
const FILTERS: { value: StepFilter; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'talk', label: 'Talk' },
  { value: 'tools', label: 'Tools' },
  { value: 'errors', label: 'Problems' },
]

interface ConversationProps {
  projectId: string
  detail: TraceDetail
  model: ConversationModel
  search: AgentSessionSearch
  onSearch: (change: Partial<AgentSessionSearch>) => void
  running: boolean
}

export function Conversation({ projectId, detail, model, search, onSearch, running }: ConversationProps) {
  const scrollRef = useRef<HTMLDivElement>(null)
  const filter: StepFilter = search.show ?? 'all'
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set(search.step != null ? [search.step] : []))
  const steps = useMemo(() => visibleSteps(model, closed, filter), [model, closed, filter])
  const problems = useMemo(() => model.steps.filter((step) => step.node.level === 'ERROR').length, [model])
  const at = steps.findIndex((step) => step.id === search.step)

  const virtual = useVirtualizer({
    count: steps.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: (index) => HEIGHT[steps[index]?.kind ?? 'step'],
    getItemKey: (index) => steps[index]?.id ?? index,
    overscan: 8,
  })
  const items = virtual.getVirtualItems()
  const topTurn = steps[items.find((item) => item.end > (virtual.scrollOffset ?? 0) + 8)?.index ?? 0]?.turn ?? 0

  const select = useCallback(
    (index: number, align: 'auto' | 'start' = 'auto') => {
      const step = steps[Math.min(steps.length - 1, Math.max(0, index))]
      if (!step) return
      onSearch({ step: step.id })
      virtual.scrollToIndex(steps.indexOf(step), { align })
    },
    [steps, onSearch, virtual],
  )
  const toggle = useCallback((step: ConversationStep) => {
    const change = (current: ReadonlySet<string>) => {
      const next = new Set(current)
      if (!next.delete(step.id)) next.add(step.id)
      return next
    }
    if (step.kind === 'subagent') setClosed(change)
    else setOpened(change)
  }, [])

  // A linked step is shown once, when the page opens; its subagents stand open then.
  const linked = useRef(search.step)
  useEffect(() => {
    if (linked.current == null) return
    const index = steps.findIndex((step) => step.id === linked.current)
    if (index < 0) return
    linked.current = undefined
    virtual.scrollToIndex(index, { align: 'start' })
  }, [steps, virtual])

  // While the session runs and its end is in view, what arrives stays in view.
  const atEnd = useRef(false)
  const count = steps.length
  useEffect(() => {
    if (running && atEnd.current && count > 0) virtual.scrollToIndex(count - 1, { align: 'end' })
  }, [running, count, virtual])

  const turnStep = (turn: number) => steps.findIndex((step) => step.turn === turn)
  const current = steps[at] ?? steps[0]
  useKeys({
    j: () => select(at + 1),
    k: () => select(at < 0 ? 0 : at - 1),
    ArrowDown: () => select(at + 1),
    ArrowUp: () => select(at < 0 ? 0 : at - 1),
    Enter: () => current && at >= 0 && toggle(current),
    o: () => current && at >= 0 && toggle(current),
    n: () => select(turnStep((steps[at]?.turn ?? topTurn - (at < 0 ? 1 : 0)) + 1), 'start'),
    p: () => select(Math.max(0, turnStep(Math.max(0, (steps[at]?.turn ?? topTurn) - 1))), 'start'),
    e: () => {
      const next = steps.findIndex((step, index) => index > at && step.node.level === 'ERROR')
      select(next >= 0 ? next : steps.findIndex((step) => step.node.level === 'ERROR'), 'start')
    },
    Home: () => select(0),
    End: () => select(steps.length - 1),
  })

  const subagents = model.steps.filter((step) => step.kind === 'subagent')
  return (
    <div className={styles.layout}>
      <Outline model={model} current={topTurn} onPick={(turn) => select(turnStep(turn), 'start')} />
      <div className={styles.main}>
        <div className={styles.bar}>
          <Segmented label="Steps to see" choices={FILTERS} value={filter} onChange={(next) => onSearch({ show: next === 'all' ? undefined : next })} />
          <span className={styles.count} role="status">{plural(steps.length, 'step')}</span>
          <span className={styles.gap} />
          {running ? <Button variant="ghost" icon="arrowDown" onClick={() => virtual.scrollToIndex(count - 1, { align: 'end' })}>Follow</Button> : null}
          {problems > 0 ? <Button variant="ghost" icon="error" onClick={() => select(steps.findIndex((step, index) => index > at && step.node.level === 'ERROR'), 'start')}>{plural(problems, 'error')}</Button> : null}
          {subagents.length > 0 ? (
            <IconButton
              icon={closed.size > 0 ? 'expand' : 'collapse'}
              label={closed.size > 0 ? 'Open all subagents' : 'Close all subagents'}
              onClick={() => setClosed(closed.size > 0 ? new Set() : new Set(subagents.map((step) => step.id)))}
            />
          ) : null}
        </div>
        {steps.length === 0 ? (
          <EmptyState icon="comment" title={model.steps.length === 0 ? 'No steps yet' : 'Nothing of this kind'} actions={model.steps.length > 0 ? <Button onClick={() => onSearch({ show: undefined })}>Show all steps</Button> : null}>
            {model.steps.length === 0 ? 'The session has begun; its first prompt has not arrived.' : 'The session has no steps that fit this choice.'}
          </EmptyState>
        ) : (
          <div
            ref={scrollRef}
            className={styles.scroll}
            role="feed"
            aria-label="Conversation"
            aria-busy={running}
            tabIndex={0}
            data-steps={steps.length}
            onScroll={(event) => {
              const box = event.currentTarget
              atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 80
            }}
          >
            <div className={styles.steps} style={{ height: virtual.getTotalSize() }}>
              {items.map((item) => {
                const step = steps[item.index]
                if (!step) return null
                return (
                  <div key={item.key} ref={virtual.measureElement} data-index={item.index} className={styles.placed} style={{ transform: `translateY(${item.start}px)` }}>
                    <StepRow
                      projectId={projectId}
                      traceId={detail.trace.id}
                      step={step}
                      turn={model.turns[step.turn]}
                      largestContext={model.largestContext}
                      index={item.index}
                      count={steps.length}
                      selected={step.id === search.step}
                      open={step.kind === 'subagent' ? !closed.has(step.id) : opened.has(step.id)}
                      onToggle={toggle}
                      onSelect={(id) => onSearch({ step: id })}
                    />
                  </div>
                )
              })}
            </div>
          </div>
        )}
      </div>
    </div>
  )
}
