// Defines or changes a model of the project: the names it matches and what each kind of usage costs, in one tier or several.
import { useState } from 'react'

import type { Model } from '../../api/types'
import { readPattern } from '../../lib/modelPrice'
import { Button, IconButton } from '../../ui/Button'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { Notice } from '../../ui/Feedback'
import { Select, TextField } from '../../ui/Field'
import styles from './models.module.css'
import { useSaveModel } from './queries'

interface PriceRow {
  key: string
  /** USD for a million, as typed. */
  price: string
}
interface TierDraft {
  name: string
  isDefault: boolean
  pattern: string
  operator: string
  value: string
  /** Conditions that this form cannot show are sent back as they were. */
  kept: unknown[]
  prices: PriceRow[]
}

const UNITS = ['TOKENS', 'CHARACTERS', 'MILLISECONDS', 'SECONDS', 'IMAGES', 'REQUESTS']
const escapePattern = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
const isPrice = (text: string) => text.trim() !== '' && Number.isFinite(Number(text)) && Number(text) >= 0
const perUnit = (text: string) => Number((Number(text) / 1e6).toPrecision(12))

function draftTiers(model: Model | null): TierDraft[] {
  if (!model) return [{ name: 'Standard', isDefault: true, pattern: '', operator: 'gt', value: '', kept: [], prices: [{ key: 'input', price: '' }, { key: 'output', price: '' }] }]
  return [...model.pricingTiers].sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || a.priority - b.priority).map((tier) => {
    const [first, ...others] = tier.conditions
    const usage = first && 'usageDetailPattern' in first && others.length === 0 ? first : null
    return { name: tier.name, isDefault: tier.isDefault, pattern: usage?.usageDetailPattern ?? '', operator: usage?.operator ?? 'gt', value: usage ? String(usage.value) : '', kept: usage ? [] : tier.conditions, prices: Object.entries(tier.prices).map(([key, price]) => ({ key, price: String(Number((price * 1e6).toPrecision(12))) })) }
  })
}

export function ModelDialog({ projectId, model, clone, onClose, onSaved }: { projectId: string; model: Model | null; clone: boolean; onClose: () => void; onSaved: (model: Model) => void }) {
  const save = useSaveModel(projectId)
  const [name, setName] = useState(model?.modelName ?? '')
  const [pattern, setPattern] = useState(model?.matchPattern ?? '')
  const [startDate, setStartDate] = useState(model?.startDate?.slice(0, 10) ?? '')
  const [unit, setUnit] = useState(model?.unit ?? 'TOKENS')
  const [tiers, setTiers] = useState(() => draftTiers(model))
  const [sample, setSample] = useState('')
  const shownPattern = pattern === '' && name.trim() !== '' ? `(?i)^(${escapePattern(name.trim())})$` : pattern
  const matcher = readPattern(shownPattern)
  const setTier = (index: number, change: Partial<TierDraft>) => setTiers(tiers.map((tier, at) => (at === index ? { ...tier, ...change } : tier)))

  const problem = name.trim() === '' ? '' : !matcher ? 'The pattern is not a regular expression'
    : tiers.some((tier) => tier.prices.length === 0) ? 'Each tier needs a price'
    : tiers.some((tier) => tier.prices.some((row) => row.key.trim() === '' || !isPrice(row.price))) ? 'Each price needs a name and a number of USD for a million units'
    : tiers.some((tier) => new Set(tier.prices.map((row) => row.key.trim())).size < tier.prices.length) ? 'A kind of usage has two prices'
    : new Set(tiers.map((tier) => tier.name.trim())).size < tiers.length ? 'Two tiers have the same name'
    : tiers.some((tier) => !tier.isDefault && tier.kept.length === 0 && (readPattern(tier.pattern) == null || tier.pattern === '' || !Number.isFinite(Number(tier.value)) || tier.value.trim() === '')) ? 'Each further tier needs a condition'
    : null

  const submit = async () => {
    const made = await save.mutateAsync({
      id: clone ? null : (model?.id ?? null),
      body: {
        modelName: name.trim(), matchPattern: shownPattern, unit, ...(startDate === '' ? {} : { startDate: `${startDate}T00:00:00.000Z` }), ...(model?.tokenizerId ? { tokenizerId: model.tokenizerId } : {}),
        pricingTiers: tiers.map((tier, index) => ({
          name: tier.name.trim() || `Tier ${index + 1}`, isDefault: tier.isDefault, priority: index,
          conditions: tier.isDefault ? [] : tier.kept.length > 0 ? tier.kept : [{ usageDetailPattern: tier.pattern, operator: tier.operator, value: Number(tier.value), caseSensitive: false }],
          prices: Object.fromEntries(tier.prices.map((row) => [row.key.trim(), perUnit(row.price)])),
        })),
      },
    })
    onSaved(made)
  }

  return (
    <Dialog title={model == null ? 'New model' : clone ? 'Own copy of a model' : 'Edit model'} onClose={onClose} width={620} sticky>
      <DialogForm submitLabel="Save model" disabled={problem != null} onSubmit={submit} onCancel={onClose}>
        <div className={styles.two}>
          <TextField label="Name" autoFocus placeholder="my-fine-tune" value={name} onChange={(event) => setName(event.target.value)} />
          <Select label="Unit" value={unit} onChange={(event) => setUnit(event.target.value)}>
            {UNITS.map((entry) => (
              <option key={entry} value={entry}>
                {entry.toLowerCase()}
              </option>
            ))}
          </Select>
        </div>
        <TextField label="Matches names (regular expression)" spellCheck={false} placeholder="(?i)^(my-fine-tune)$" value={shownPattern} error={matcher ? null : 'Not a regular expression'} onChange={(event) => setPattern(event.target.value)} />
        <div className={styles.two}>
          <TextField label="Try a name" placeholder="My-Fine-Tune" value={sample} hint={sample === '' ? ' ' : matcher?.test(sample) ? 'matches' : 'does not match'} onChange={(event) => setSample(event.target.value)} />
          <TextField label="For steps from (optional)" type="date" value={startDate} onChange={(event) => setStartDate(event.target.value)} />
        </div>
        {tiers.map((tier, index) => (
          <fieldset key={index} className={styles.tierForm}>
            <legend>{tier.isDefault ? 'Prices, USD for a million' : `Tier ${index + 1}`}</legend>
            {tier.isDefault ? null : (
              <>
                <div className={styles.tierHead}>
                  <TextField label={`Name of tier ${index + 1}`} hideLabel placeholder="Long context" value={tier.name} onChange={(event) => setTier(index, { name: event.target.value })} />
                  <IconButton icon="trash" tone="danger" size="sm" label={`Remove tier ${index + 1}`} onClick={() => setTiers(tiers.filter((_, at) => at !== index))} />
                </div>
                {tier.kept.length > 0 ? <Notice>Its conditions are kept as they are.</Notice> : (
                  <div className={styles.condition}>
                    <TextField label="When usage of" placeholder="input" value={tier.pattern} onChange={(event) => setTier(index, { pattern: event.target.value })} />
                    <Select label="is" value={tier.operator} onChange={(event) => setTier(index, { operator: event.target.value })}>
                      {[['gt', 'more than'], ['gte', 'at least'], ['lt', 'less than'], ['lte', 'at most']].map(([value, label]) => (
                        <option key={value} value={value}>
                          {label}
                        </option>
                      ))}
                    </Select>
                    <TextField label="units" inputMode="numeric" placeholder="200000" value={tier.value} onChange={(event) => setTier(index, { value: event.target.value })} />
                  </div>
                )}
              </>
            )}
            {tier.prices.map((row, at) => (
              <div key={at} className={styles.priceRow}>
                <TextField label={`Usage ${at + 1} of tier ${index + 1}`} hideLabel placeholder="cache_read_input_tokens" value={row.key} onChange={(event) => setTier(index, { prices: tier.prices.map((entry, place) => (place === at ? { ...entry, key: event.target.value } : entry)) })} />
                <TextField label={`Price of ${row.key || `usage ${at + 1}`}${index > 0 ? ` in tier ${index + 1}` : ''}`} hideLabel inputMode="decimal" placeholder="3.00" value={row.price} error={row.price === '' || isPrice(row.price) ? null : 'Not a price'} onChange={(event) => setTier(index, { prices: tier.prices.map((entry, place) => (place === at ? { ...entry, price: event.target.value } : entry)) })} />
                <IconButton icon="close" size="sm" label={`Remove the price of ${row.key || `usage ${at + 1}`}`} disabled={tier.prices.length === 1} onClick={() => setTier(index, { prices: tier.prices.filter((_, place) => place !== at) })} />
              </div>
            ))}
            <div>
              <Button variant="ghost" icon="plus" onClick={() => setTier(index, { prices: [...tier.prices, { key: '', price: '' }] })}>
                Kind of usage
              </Button>
            </div>
          </fieldset>
        ))}
        <div>
          <Button icon="plus" onClick={() => setTiers([...tiers, { name: `Tier ${tiers.length + 1}`, isDefault: false, pattern: 'input', operator: 'gt', value: '', kept: [], prices: (tiers[0]?.prices ?? []).map((row) => ({ ...row })) }])}>
            Tier for other prices
          </Button>
        </div>
        {problem ? <Notice tone="warning">{problem}</Notice> : null}
      </DialogForm>
    </Dialog>
  )
}
