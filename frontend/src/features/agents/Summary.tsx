// What all sessions of the choice add up to: figures with their days, and the costliest groups as bars that narrow the list.
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'

import type { AgentUsage, UsageGroup } from '../../api/agents'
import { messageOf } from '../../api/client'
import { agentName, repositoryName } from '../../lib/agents/names'
import type { AgentsSearch } from '../../lib/agents/search'
import { dailyUsage, sumUsage } from '../../lib/agents/usage'
import { formatCompact, formatCost, formatCount, plural } from '../../lib/format'
import { readStored, writeStored } from '../../lib/stored'
import { parseRange, rangeBounds } from '../../lib/timeRange'
import { AgentMark } from '../../ui/AgentMark'
import { Cost, Hostile } from '../../ui/Badge'
import { IconButton } from '../../ui/Button'
import { cx } from '../../ui/cx'
import { InlineError, Skeleton } from '../../ui/Feedback'
import { Lines } from '../../ui/Lines'
import { Segmented } from '../../ui/Tabs'
import styles from './Agents.module.css'
import { usageQuery } from './queries'

const GROUPS: { value: UsageGroup; label: string }[] = [
  { value: 'agent', label: 'Agent' },
  { value: 'repository', label: 'Repository' },
  { value: 'branch', label: 'Branch' },
  { value: 'userId', label: 'Person' },
  { value: 'model', label: 'Model' },
  { value: 'day', label: 'Day' },
]
const SHOWN = 6

interface SummaryProps {
  projectId: string
  search: AgentsSearch
  onSearch: (change: Partial<AgentsSearch>) => void
}

export function Summary({ projectId, search, onSearch }: SummaryProps) {
  const [open, setOpen] = useState(() => readStored('agents.summary', (value) => (typeof value === 'boolean' ? value : null)) ?? window.innerWidth >= 720)
  const group: UsageGroup = search.group ?? 'agent'
  const days = useQuery(usageQuery(projectId, search, 'day'))
  const toggle = () => {
    writeStored('agents.summary', !open)
    setOpen(!open)
  }
  return (
    <section className={styles.summary} aria-label="Summary">
      <div className={styles.figuresRow}>
        {days.isError ? <InlineError>The sums could not be loaded: {messageOf(days.error)}</InlineError> : <Figures rows={days.data} search={search} />}
        <IconButton icon={open ? 'chevronUp' : 'chevronDown'} label={open ? 'Hide the comparison' : 'Show the comparison'} aria-expanded={open} onClick={toggle} />
      </div>
      {open ? (
        <div className={styles.groups}>
          <div className={styles.groupBar}>
            <Segmented label="Compare by" choices={GROUPS} value={group} onChange={(next) => onSearch({ group: next === 'agent' ? undefined : next })} />
          </div>
          <Groups projectId={projectId} search={search} group={group} onSearch={onSearch} />
        </div>
      ) : null}
    </section>
  )
}

function Figures({ rows, search }: { rows: AgentUsage[] | undefined; search: AgentsSearch }) {
  const [opened] = useState(() => Date.now())
  const days = useMemo(() => {
    const bounds = rangeBounds(parseRange(search.range), opened)
    return dailyUsage(rows ?? [], Date.parse(bounds.fromTimestamp), bounds.toTimestamp ? Date.parse(bounds.toTimestamp) - 1 : opened)
  }, [rows, search.range, opened])
  if (!rows) return <div className={styles.figures}>{['Sessions', 'Cost', 'Tokens', 'Commands', 'Commits', 'Lines'].map((label) => <div key={label} className={styles.figure}><span className={styles.figureLabel}>{label}</span><Skeleton width={56} height={18} /></div>)}</div>
  const total = sumUsage(rows)
  const failedShare = total.commands > 0 ? Math.round((total.failedCommands / total.commands) * 100) : 0
  return (
    <dl className={styles.figures}>
      <Figure label="Sessions" days={days} read={(row) => row.sessions} write={formatCount}>{formatCount(total.sessions)}</Figure>
      <Figure label="Cost" days={days} read={(row) => row.totalCost ?? 0} write={formatCost}><Cost usd={total.totalCost} unpriced={total.costComplete ? 0 : 1} /></Figure>
      <Figure label="Tokens" days={days} read={(row) => row.totalTokens} write={formatCompact}>{formatCompact(total.totalTokens)}</Figure>
      <Figure label="Commands" days={days} read={(row) => row.commands} write={formatCount}>{formatCompact(total.commands)}{total.failedCommands > 0 ? <span className={styles.sub}>{failedShare}% failed</span> : null}</Figure>
      <Figure label="Commits" days={days} read={(row) => row.commits} write={formatCount}>{formatCount(total.commits)}</Figure>
      <Figure label="Lines" days={days} read={(row) => row.linesAdded + row.linesRemoved} write={formatCount}><Lines added={total.linesAdded} removed={total.linesRemoved} /></Figure>
    </dl>
  )
}

interface FigureProps {
  label: string
  days: { day: string; row: AgentUsage | null }[]
  read: (row: AgentUsage) => number
  write: (value: number) => string
  children: React.ReactNode
}

function Figure({ label, days, read, write, children }: FigureProps) {
  const values = days.map(({ row }) => (row ? read(row) : 0))
  const most = Math.max(...values, 0)
  return (
    <div className={styles.figure}>
      <dt className={styles.figureLabel}>{label}</dt>
      <dd className={styles.figureValue}>{children}</dd>
      {days.length > 1 ? (
        <dd className={styles.spark} aria-hidden>
          {days.map(({ day }, index) => (
            <span key={day} className={styles.sparkDay} data-tip={`${day}: ${write(values[index] ?? 0)}`}>
              <span style={{ height: most > 0 ? `${Math.max(values[index] ? 8 : 0, ((values[index] ?? 0) / most) * 100)}%` : 0 }} />
            </span>
          ))}
        </dd>
      ) : null}
    </div>
  )
}

const FILTER_OF: Partial<Record<UsageGroup, 'agent' | 'repository' | 'branch' | 'user'>> = { agent: 'agent', repository: 'repository', branch: 'branch', userId: 'user' }

function Groups({ projectId, search, group, onSearch }: SummaryProps & { group: UsageGroup }) {
  const usage = useQuery(usageQuery(projectId, search, group))
  const [all, setAll] = useState(false)
  if (usage.isError) return <InlineError>{messageOf(usage.error)}</InlineError>
  if (usage.isPending) return <div className={styles.bars}>{[70, 45, 30].map((width) => <Skeleton key={width} width={`${width}%`} height={20} />)}</div>
  const rows = group === 'day' ? [...usage.data].sort((a, b) => (a.key < b.key ? 1 : -1)) : [...usage.data].sort((a, b) => (b.totalCost ?? -1) - (a.totalCost ?? -1) || b.sessions - a.sessions)
  const most = Math.max(...rows.map((row) => row.totalCost ?? 0), 0)
  const shown = all ? rows : rows.slice(0, SHOWN)
  const filter = FILTER_OF[group]
  return (
    <>
      <div className={styles.tableScroll}>
        <table className={styles.bars} aria-label={`By ${GROUPS.find((entry) => entry.value === group)?.label.toLowerCase() ?? group}`}>
          <thead>
            <tr>
              <th scope="col">{GROUPS.find((entry) => entry.value === group)?.label}</th>
              <th scope="col" colSpan={2}>Cost</th>
              <th scope="col">Sessions</th>
              {group === 'userId' ? null : <th scope="col">People</th>}
              <th scope="col">Tokens</th>
              <th scope="col">Commands</th>
              <th scope="col">Commits</th>
              <th scope="col">Lines</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.key}>
                <th scope="row">
                  {filter && row.key !== '' ? (
                    <button type="button" className={cx(styles.groupName, search[filter] === row.key && styles.groupOn)} aria-pressed={search[filter] === row.key} data-tip={search[filter] === row.key ? 'Show all again' : 'Only these sessions'} onClick={() => onSearch({ [filter]: search[filter] === row.key ? undefined : row.key })}>
                      <GroupName group={group} value={row.key} />
                    </button>
                  ) : <span className={styles.groupName}><GroupName group={group} value={row.key} /></span>}
                </th>
                <td className={styles.barCell} aria-hidden><span className={styles.bar} style={{ width: `${most > 0 ? Math.max(row.totalCost ? 1 : 0, ((row.totalCost ?? 0) / most) * 100) : 0}%` }} /></td>
                <td><Cost usd={row.totalCost} unpriced={row.costComplete ? 0 : 1} /></td>
                <td>{formatCount(row.sessions)}</td>
                {group === 'userId' ? null : <td>{formatCount(row.people)}</td>}
                <td>{formatCompact(row.totalTokens)}</td>
                <td>{formatCount(row.commands)}{row.failedCommands > 0 ? <span className={styles.failedCount} data-tip={`${plural(row.failedCommands, 'command')} failed`}> {formatCount(row.failedCommands)}</span> : null}</td>
                <td>{formatCount(row.commits)}</td>
                <td><Lines added={row.linesAdded} removed={row.linesRemoved} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length === 0 ? <p className={styles.faint}>Nothing to compare in this time range.</p> : null}
      {rows.length > SHOWN ? <button type="button" className={styles.moreGroups} onClick={() => setAll(!all)}>{all ? 'Show fewer' : `Show all ${rows.length}`}</button> : null}
    </>
  )
}

function GroupName({ group, value }: { group: UsageGroup; value: string }) {
  if (value === '') return <span className={styles.faint}>unknown</span>
  if (group === 'agent') return <><AgentMark agent={value} /><Hostile text={agentName(value)} /></>
  return <Hostile text={group === 'repository' ? repositoryName(value) : value} />
}
