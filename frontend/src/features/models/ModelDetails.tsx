// One model: its tiers with their conditions and prices, and what it costs on other services.
import type { Model } from '../../api/types'
import { Badge, Hostile } from '../../ui/Badge'
import { CopyButton } from '../../ui/CopyButton'
import { Dialog } from '../../ui/Dialog'
import { Facts } from '../../ui/Page'
import { Table, tableStyles } from '../../ui/Table'
import styles from './models.module.css'
import { perMillion } from './price'

const WORDS: Record<string, string> = { gt: 'more than', gte: 'at least', lt: 'less than', lte: 'at most', eq: 'exactly', neq: 'other than' }

export function ModelDetails({ model, onClose }: { model: Model; onClose: () => void }) {
  return (
    <Dialog title={model.modelName.slice(0, 100)} onClose={onClose} width={620}>
      <div className={styles.details}>
        <Facts
          facts={[
            ['Kind', model.isLangfuseManaged ? 'managed' : 'own'],
            ['Matches', <span key="v" className={styles.match}><code className={styles.pattern}><Hostile text={model.matchPattern} /></code><CopyButton text={model.matchPattern} label="Copy the pattern" /></span>],
            ['From', model.startDate ? model.startDate.slice(0, 10) : 'always'],
            ['Unit', (model.unit ?? 'TOKENS').toLowerCase()],
          ]}
        />
        {[...model.pricingTiers].sort((a, b) => a.priority - b.priority).map((tier) => (
          <section key={tier.id} aria-label={`Tier ${tier.name}`} className={styles.tier}>
            <h3 className={styles.tierName}>
              <Hostile text={tier.name} /> {tier.isDefault ? <Badge>default</Badge> : <Badge tone="accent">priority {tier.priority}</Badge>}
            </h3>
            {tier.conditions.length > 0 ? (
              <ul className={styles.conditions}>
                {tier.conditions.map((condition, index) => (
                  <li key={index}>
                    {'usageDetailPattern' in condition ? <>when usage of <code>{condition.usageDetailPattern}</code> is {WORDS[condition.operator] ?? condition.operator} {condition.value.toLocaleString('en-US')}</> : <>when <code>{condition.source}.{condition.key}</code> is {condition.values.join(' or ')}</>}
                  </li>
                ))}
              </ul>
            ) : null}
            <Prices label={`Prices of ${tier.name}`} prices={tier.prices} />
          </section>
        ))}
        {(model.serviceTiers ?? []).map((tier) => (
          <section key={`${tier.service} ${tier.aboveInputTokens}`} aria-label={`Service ${tier.service}`} className={styles.tier}>
            <h3 className={styles.tierName}>
              <Hostile text={tier.service} /> <Badge>service</Badge>
            </h3>
            <ul className={styles.conditions}>
              <li>when the request or its answer names the service <code>{tier.service}</code>{tier.aboveInputTokens > 0 ? `, for more than ${tier.aboveInputTokens.toLocaleString('en-US')} tokens of input` : ''}</li>
            </ul>
            <Prices label={`Prices of ${tier.service}`} prices={tier.prices} />
          </section>
        ))}
      </div>
    </Dialog>
  )
}

/** What the usual keys of usage mean. */
const USAGE: Record<string, string> = {
  input: 'input',
  output: 'output',
  input_cached_tokens: 'cache read',
  cache_read_input_tokens: 'cache read',
  cache_creation_input_tokens: 'cache write',
  input_cache_creation: 'cache write',
  input_cache_creation_5m: 'cache write, 5 minutes',
  input_cache_creation_1h: 'cache write, 1 hour',
  output_reasoning_tokens: 'reasoning',
}

function Prices({ label, prices }: { label: string; prices: Record<string, number> }) {
  return (
    <Table label={label} head={['Usage', { label: 'USD for a million', align: 'end' }, { label: 'USD each', align: 'end' }]}>
      {Object.entries(prices).map(([key, price]) => (
        <tr key={key}>
          <td>
            <code><Hostile text={key} /></code> {USAGE[key] != null && USAGE[key] !== key ? <span className={styles.faint}>{USAGE[key]}</span> : null}
          </td>
          <td className={tableStyles.end}>{perMillion(price)}</td>
          <td className={tableStyles.end}>{price.toPrecision(6).replace(/\.?0+(?=e|$)/, '')}</td>
        </tr>
      ))}
    </Table>
  )
}
