// Matching of model names and prices, as the tester shows them.
import { describe, expect, it } from 'vitest'

import { chooseServiceTier, chooseTier, matchModel, priceUsage, readPattern, type PricedModel, type Tier } from './modelPrice'

const tier = (name: string, change: Partial<Tier> = {}): Tier => ({ name, isDefault: name === 'Standard', priority: 0, conditions: [], prices: { input: 1e-6, output: 2e-6 }, ...change })
const model = (id: string, matchPattern: string, change: Partial<PricedModel> = {}): PricedModel => ({ id, modelName: id, matchPattern, startDate: null, isLangfuseManaged: true, pricingTiers: [tier('Standard')], ...change })
const NOW = Date.parse('2026-06-01T00:00:00Z')

describe('matchModel', () => {
  it.each([
    ['case is ignored when the pattern says so', [model('a', '(?i)^gpt-5$')], 'GPT-5', 'a'],
    ['own before managed', [model('a', '^x$'), model('b', '^x$', { isLangfuseManaged: false })], 'x', 'b'],
    ['the newest start that is past', [model('a', 'x', { startDate: '2026-01-01' }), model('b', 'x', { startDate: '2026-05-01' }), model('c', 'x', { startDate: '2027-01-01' })], 'x', 'b'],
    ['no match', [model('a', '^y$')], 'x', undefined],
    ['a pattern that is none', [model('a', '(')], 'x', undefined],
  ])('%s', (_, models, name, expected) => expect(matchModel(models, name, NOW)?.id).toBe(expected))
})

describe('tiers', () => {
  const long = tier('Long', { priority: 1, conditions: [{ usageDetailPattern: 'input', operator: 'gt', value: 200_000 }], prices: { input: 2e-6 } })
  const tiers = [tier('Standard'), long]
  it.each([[{ input: 100 }, 'Standard'], [{ input: 150_000, input_cached: 60_000 }, 'Long']])('%j is %s', (usage, expected) => expect(chooseTier(tiers, usage as Record<string, number>)?.name).toBe(expected))
  it('never takes a tier that asks for more than usage', () => expect(chooseTier([tier('Standard'), tier('Flex', { priority: 1, conditions: [{ source: 'metadata', key: 'tier', operator: 'in', values: ['flex'] }] })], { input: 1 })?.name).toBe('Standard'))
})

it('prices what has a price', () => {
  expect(priceUsage(tier('Standard'), { input: 1000, output: 500, other: 9 })).toBeCloseTo(0.002)
  expect(priceUsage(tier('Standard'), { other: 9 })).toBeNull()
})
it('reads flags', () => expect(readPattern('(?i)^A$')?.test('a')).toBe(true))

describe('chooseServiceTier', () => {
  const tiers = [{ service: 'batch', aboveInputTokens: 0, prices: { input: 1 } }, { service: 'batch', aboveInputTokens: 200, prices: { input: 2 } }, { service: 'flex', aboveInputTokens: 0, prices: { input: 3 } }]
  it.each([
    ['batch', { input: 200 }, 1],
    ['batch', { input: 150, input_cached_tokens: 51, output: 9 }, 2],
    ['flex', { input: 900 }, 3],
    ['priority', { input: 1 }, undefined],
    ['', { input: 1 }, undefined],
  ])('%s %j', (service, usage, price) => expect(chooseServiceTier(tiers, service, usage)?.prices.input).toBe(price))
})
