// Which model a name matches, as the server finds it for what arrives, and what so many tokens cost with it.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { messageOf } from '../../api/client'
import type { Model } from '../../api/types'
import { formatCost, formatCount } from '../../lib/format'
import { chooseServiceTier, chooseTier, priceUsage } from '../../lib/modelPrice'
import { Badge, Hostile } from '../../ui/Badge'
import { InlineError, Spinner } from '../../ui/Feedback'
import { Select, TextField } from '../../ui/Field'
import { Section } from '../../ui/Page'
import styles from './models.module.css'
import { matchQuery } from './queries'

export function ModelTester({ projectId, name, onName, onOpen }: { projectId: string; name: string; onName: (name: string) => void; onOpen: (model: Model) => void }) {
  const [input, setInput] = useState('1000000')
  const [output, setOutput] = useState('100000')
  const count = (text: string) => (/^\d{1,15}$/.test(text.trim().replaceAll(/[ ,_]/g, '')) ? Number(text.trim().replaceAll(/[ ,_]/g, '')) : 0)
  const usage = { input: count(input), output: count(output) }
  const [service, setService] = useState('')
  const match = useQuery(matchQuery(projectId, name.trim()))
  const model = name.trim() === '' ? null : match.data
  const services = [...new Set(model?.serviceTiers?.map((entry) => entry.service))]
  // A service that the model does not list costs the ordinary price.
  const special = model ? chooseServiceTier(model.serviceTiers ?? [], service, usage) : null
  const tier = special ?? (model ? chooseTier(model.pricingTiers, usage) : null)
  const cost = tier ? priceUsage(tier, usage) : null
  return (
    <Section title="Which model, and what would it cost?">
      <div className={styles.tester}>
        <TextField label="Model name, as a program sends it" placeholder="claude-sonnet-4-5-20250929" value={name} onChange={(event) => onName(event.target.value)} />
        <TextField label="Input tokens" inputMode="numeric" value={input} onChange={(event) => setInput(event.target.value)} />
        <TextField label="Output tokens" inputMode="numeric" value={output} onChange={(event) => setOutput(event.target.value)} />
        <Select label="Service" value={services.includes(service) ? service : ''} disabled={services.length === 0} onChange={(event) => setService(event.target.value)}>
          <option value="">standard</option>
          {services.map((entry) => (
            <option key={entry} value={entry}>
              {entry}
            </option>
          ))}
        </Select>
        <div className={styles.verdict} role="status">
          {name.trim() === '' ? <span className={styles.faint}>Type a name to see its price.</span>
          : match.isError ? <InlineError>{messageOf(match.error)}</InlineError>
          : model === undefined ? <Spinner size={14} label="Looking for the model" />
          : model == null ? <span>No model matches: the cost would be <strong>unknown</strong>.</span>
          : (
            <>
              <button type="button" className={styles.matched} onClick={() => onOpen(model)}>
                <Hostile text={model.modelName} />
              </button>
              <Badge tone={model.isLangfuseManaged ? 'neutral' : 'accent'}>{model.isLangfuseManaged ? 'managed' : 'own'}</Badge>
              {special == null && tier && model.pricingTiers.length > 1 ? <span className={styles.faint}>tier “<Hostile text={tier.name} />”</span> : null}
              <strong className={styles.cost}>{cost == null ? 'no price for these' : formatCost(cost)}</strong>
              <span className={styles.faint}>for {formatCount(usage.input)} in, {formatCount(usage.output)} out</span>
            </>
          )}
        </div>
      </div>
    </Section>
  )
}
