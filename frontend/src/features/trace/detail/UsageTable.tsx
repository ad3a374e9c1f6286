// Tokens and cost by bucket: of one observation, or of the whole trace by model.
import type { ObservationNode, TraceDetail } from '../../../api/types'
import { formatCost, formatCount } from '../../../lib/format'
import { visibleLine } from '../../../lib/visibleText'
import { Cost } from '../../../ui/Badge'
import { Notice } from '../../../ui/Feedback'
import styles from './DetailPanel.module.css'

export function UsageTable({ trace, span, observations }: { trace: TraceDetail['trace']; span: ObservationNode | null; observations: readonly ObservationNode[] }) {
  return span ? <OneUsage span={span} /> : <ModelUsage trace={trace} observations={observations} />
}

/** Buckets of usage and cost side by side; "total" last. */
function OneUsage({ span }: { span: ObservationNode }) {
  const usage = new Map(Object.entries(span.usageDetails))
  const cost = new Map(Object.entries(span.costDetails))
  const names = [...new Set([...usage.keys(), ...cost.keys()])].filter((name) => name !== 'total')
  const totalTokens = usage.get('total') ?? span.usage.total
  return (
    <>
      {span.totalCost == null && span.providedModel ? <Notice>No price is known for {visibleLine(span.providedModel.slice(0, 100))}, so this step has no cost.</Notice> : null}
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Bucket</th>
            <th scope="col" className={styles.number}>Tokens</th>
            <th scope="col" className={styles.share}>Share</th>
            <th scope="col" className={styles.number}>Cost</th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => (
            <tr key={name}>
              <th scope="row">{visibleLine(name.slice(0, 100))}</th>
              <td className={styles.number}>{formatCount(usage.get(name))}</td>
              <td className={styles.share}>
                <Share part={usage.get(name)} whole={totalTokens} />
              </td>
              <td className={styles.number}>{formatCost(cost.get(name))}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td className={styles.number}>{formatCount(totalTokens)}</td>
            <td className={styles.share} />
            <td className={styles.number}>
              <Cost usd={span.totalCost} />
            </td>
          </tr>
        </tfoot>
      </table>
    </>
  )
}

function ModelUsage({ trace, observations }: { trace: TraceDetail['trace']; observations: readonly ObservationNode[] }) {
  const models = new Map<string, { calls: number; input: number; output: number; cost: number | null; unpriced: number }>()
  for (const span of observations) {
    const name = span.model ?? span.providedModel
    if (name == null) continue
    const sum = models.get(name) ?? { calls: 0, input: 0, output: 0, cost: null, unpriced: 0 }
    sum.calls += 1
    sum.input += span.usage.input
    sum.output += span.usage.output
    if (span.totalCost != null) sum.cost = (sum.cost ?? 0) + span.totalCost
    else sum.unpriced += 1
    models.set(name, sum)
  }
  const rows = [...models].sort((a, b) => (b[1].cost ?? 0) - (a[1].cost ?? 0))
  if (rows.length === 0) return <p className={styles.none}>No model was called in this trace</p>
  return (
    <>
      {trace.unpricedCount > 0 ? <Notice tone="warning">The cost is incomplete: {trace.unpricedCount} steps used a model without a known price.</Notice> : null}
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col" className={styles.number}>Calls</th>
            <th scope="col" className={styles.number}>Input</th>
            <th scope="col" className={styles.number}>Output</th>
            <th scope="col" className={styles.number}>Cost</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, sum]) => (
            <tr key={name}>
              <th scope="row">{visibleLine(name.slice(0, 100))}</th>
              <td className={styles.number}>{formatCount(sum.calls)}</td>
              <td className={styles.number}>{formatCount(sum.input)}</td>
              <td className={styles.number}>{formatCount(sum.output)}</td>
              <td className={styles.number}>
                <Cost usd={sum.cost} unpriced={sum.cost == null ? 0 : sum.unpriced} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td className={styles.number}>{formatCount(rows.reduce((sum, [, row]) => sum + row.calls, 0))}</td>
            <td className={styles.number}>{formatCount(trace.inputTokens)}</td>
            <td className={styles.number}>{formatCount(trace.outputTokens)}</td>
            <td className={styles.number}>
              <Cost usd={trace.totalCost} unpriced={trace.unpricedCount} />
            </td>
          </tr>
        </tfoot>
      </table>
    </>
  )
}

function Share({ part, whole }: { part: number | undefined; whole: number | null }) {
  if (part == null || !whole) return null
  return <span className={styles.meter} style={{ '--share': Math.min(1, part / whole) }} />
}
