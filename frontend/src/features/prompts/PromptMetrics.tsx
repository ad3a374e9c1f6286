// Where a prompt was used: generations, cost, latency and scores by version, and the newest generations with their traces.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { messageOf } from '../../api/client'
import type { PromptVersionRow } from '../../api/types'
import { formatCompact, formatCount, formatDateTime, formatDuration, formatShortTime } from '../../lib/format'
import { visibleLine } from '../../lib/visibleText'
import { promptLink, traceLink } from '../../paths'
import { Cost, Hostile, LevelBadge } from '../../ui/Badge'
import { cx } from '../../ui/cx'
import { EmptyState, ErrorState, LoadingState } from '../../ui/Feedback'
import { Section } from '../../ui/Page'
import { Segmented } from '../../ui/Tabs'
import { Table, tableStyles } from '../../ui/Table'
import { Labels } from './Labels'
import styles from './prompts.module.css'
import { promptVersionScoresQuery, promptVersionUsesQuery, recentUsesQuery, USE_DAYS, type VersionScore, type VersionUse } from './queries'

export function PromptMetrics({ projectId, name, versions, shown }: { projectId: string; name: string; versions: readonly PromptVersionRow[]; shown: number }) {
  const uses = useQuery(promptVersionUsesQuery(projectId, name))
  const scores = useQuery(promptVersionScoresQuery(projectId, name))
  const scoreNames = [...new Set(scores.data?.map((score) => score.name))].slice(0, 12)
  const [scope, setScope] = useState<'version' | 'all'>('version')
  if (uses.isPending) return <LoadingState label="Counting generations" />
  if (uses.isError) return <ErrorState title="The figures could not be loaded" message={messageOf(uses.error)} onRetry={() => void uses.refetch()} />
  if (uses.data.length === 0) {
    return (
      <EmptyState icon="generation" title={`Not used in the last ${USE_DAYS} days`}>
        Generations count when they are linked to the prompt: pass the prompt object to the generation, as the tab “Use” shows.
      </EmptyState>
    )
  }
  const most = Math.max(...uses.data.map((use) => costEach(use) ?? 0))
  return (
    <>
      <Section title="By version" meta={`last ${USE_DAYS} days`}>
        <Table label="Use by version" head={['Version', 'Labels', { label: 'Generations', align: 'end' }, { label: 'Cost', align: 'end' }, { label: 'Cost each', align: 'end' }, { label: 'Median latency', align: 'end' }, { label: 'Tokens each', align: 'end' }]}>
          {uses.data.map((use) => (
            <tr key={use.version} className={cx(use.version === shown && styles.currentRow)}>
              <td className={tableStyles.name}>
                <Link {...promptLink(projectId, name, { version: String(use.version), tab: 'metrics' })}>v{use.version}</Link>
              </td>
              <td>
                <Labels labels={versions.find((row) => row.version === use.version)?.labels ?? []} />
              </td>
              <td className={tableStyles.end}>{formatCount(use.count)}</td>
              <td className={tableStyles.end}>
                <Cost usd={use.priced > 0 ? use.cost : null} unpriced={use.count - use.priced} />
              </td>
              <td className={tableStyles.end}>
                <span className={styles.bar} style={{ '--share': most > 0 ? (costEach(use) ?? 0) / most : 0 }} />
                <Cost usd={costEach(use)} />
              </td>
              <td className={tableStyles.end}>{formatDuration(use.latencyMs / 1000)}</td>
              <td className={tableStyles.end}>{formatCompact(Math.round(use.tokens / use.count))}</td>
            </tr>
          ))}
        </Table>
      </Section>
      {scores.isError ? <ErrorState title="The scores could not be loaded" message={messageOf(scores.error)} onRetry={() => void scores.refetch()} /> : null}
      {scoreNames.length > 0 ? (
        <Section title="Scores by version" meta="of its generations">
          <Table label="Scores by version" head={['Version', ...scoreNames.map((score) => ({ label: visibleLine(score.slice(0, 60)), align: 'end' as const }))]}>
            {uses.data.map((use) => (
              <tr key={use.version} className={cx(use.version === shown && styles.currentRow)}>
                <td className={tableStyles.name}>v{use.version}</td>
                {scoreNames.map((score) => (
                  <td key={score} className={tableStyles.end}>
                    <ScoreFigure score={scores.data?.find((entry) => entry.name === score && entry.version === use.version)} />
                  </td>
                ))}
              </tr>
            ))}
          </Table>
        </Section>
      ) : null}
      <Section title="Newest generations" actions={<Segmented label="Of which versions" choices={[{ value: 'version', label: `v${shown}` }, { value: 'all', label: 'All versions' }]} value={scope} onChange={setScope} />}>
        <Recent projectId={projectId} name={name} version={scope === 'all' ? null : shown} />
      </Section>
    </>
  )
}

/** Of generations whose price is known: the others would make it look cheap. */
function costEach(use: VersionUse): number | null {
  return use.priced > 0 ? use.cost / use.priced : null
}

function ScoreFigure({ score }: { score: VersionScore | undefined }) {
  if (!score) return <span className={tableStyles.faint}>–</span>
  const [most] = score.words
  return (
    <>
      {score.mean != null ? score.mean.toFixed(2) : most ? <><Hostile text={most.word} /> {Math.round((most.count / score.count) * 100)}%</> : '–'} <span className={tableStyles.faint}>({formatCount(score.count)})</span>
    </>
  )
}

function Recent({ projectId, name, version }: { projectId: string; name: string; version: number | null }) {
  const recent = useQuery(recentUsesQuery(projectId, name, version))
  if (recent.isPending) return <LoadingState />
  if (recent.isError) return <ErrorState message={messageOf(recent.error)} onRetry={() => void recent.refetch()} />
  if (recent.data.length === 0) return <p className={styles.faint}>None in the last {USE_DAYS} days.</p>
  return (
    <Table label="Newest generations" head={['Time', 'Generation', 'Model', { label: 'Version', align: 'end' }, { label: 'Latency', align: 'end' }, { label: 'Cost', align: 'end' }]}>
      {recent.data.map((row) => (
        <tr key={`${row.traceId ?? ''} ${row.id}`}>
          <td>
            <time dateTime={row.startTime} data-tip={formatDateTime(row.startTime)}>{formatShortTime(row.startTime, Date.now())}</time>
          </td>
          <td className={tableStyles.name}>
            {row.traceId ? (
              <Link {...traceLink(projectId, row.traceId, row.id)}>
                <Hostile text={row.name ?? row.id} />
              </Link>
            ) : <Hostile text={row.name ?? row.id} />}{' '}
            {row.level !== 'DEFAULT' ? <LevelBadge level={row.level} /> : null}
          </td>
          <td>{row.model ? <Hostile text={row.model} /> : <span className={tableStyles.faint}>–</span>}</td>
          <td className={tableStyles.end}>{row.promptVersion ?? '–'}</td>
          <td className={tableStyles.end}>{formatDuration(row.latency)}</td>
          <td className={tableStyles.end}>
            <Cost usd={row.totalCost} />
          </td>
        </tr>
      ))}
    </Table>
  )
}
