// Which tier holds for a usage and what it costs, for the tester of the models page; and, for patterns, which model a name matches.
// What is stored is computed by the server.

export interface UsageRule {
  usageDetailPattern: string
  operator: string
  value: number
  caseSensitive?: boolean
}
export interface AttributeRule {
  source: string
  key: string
  operator: string
  values: string[]
}
export interface Tier {
  name: string
  isDefault: boolean
  priority: number
  conditions: readonly (UsageRule | AttributeRule)[]
  prices: Record<string, number>
}
export interface ServiceTier {
  service: string
  aboveInputTokens: number
  prices: Record<string, number>
}
export interface PricedModel {
  id: string
  modelName: string
  matchPattern: string
  startDate: string | null
  isLangfuseManaged: boolean
  pricingTiers: readonly Tier[]
}

/** A pattern of the API as a RegExp of the browser, or null when it is none. */
export function readPattern(pattern: string): RegExp | null {
  const flags = /^\(\?([a-z]+)\)/.exec(pattern)
  try {
    return new RegExp(flags ? pattern.slice(flags[0].length) : pattern, flags?.[1]?.includes('i') ? 'iu' : 'u')
  } catch {
    return null
  }
}

/** The project's own before managed ones; among several the one with the newest start date that is past. */
export function matchModel<M extends PricedModel>(models: readonly M[], name: string, now: number): M | null {
  if (name === '' || name.length > 300) return null
  const fits = models.filter((model) => (model.startDate == null || Date.parse(model.startDate) <= now) && readPattern(model.matchPattern)?.test(name))
  const rank = (model: M) => [model.isLangfuseManaged ? 0 : 1, model.startDate == null ? 0 : Date.parse(model.startDate)] as const
  return fits.reduce<M | null>((best, model) => {
    if (!best) return model
    const [a, b] = [rank(model), rank(best)]
    return a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]) ? model : best
  }, null)
}

/** The first tier by priority whose conditions all hold; tiers that ask for attributes of a step cannot be told here. */
export function chooseTier(tiers: readonly Tier[], usage: Record<string, number>): Tier | null {
  const special = [...tiers].filter((tier) => !tier.isDefault).sort((a, b) => a.priority - b.priority)
  return special.find((tier) => tier.conditions.length > 0 && tier.conditions.every((rule) => 'usageDetailPattern' in rule && holds(rule, usage))) ?? tiers.find((tier) => tier.isDefault) ?? null
}

/** The prices of a service for so much input: the tier with the highest bound that is passed. Cached input counts too. */
export function chooseServiceTier(tiers: readonly ServiceTier[], service: string, usage: Record<string, number>): (ServiceTier & { name: string }) | null {
  const length = Object.entries(usage).reduce((sum, [key, count]) => sum + (/^input|cache/.test(key) ? count : 0), 0)
  const fits = tiers.filter((tier) => tier.service === service && (tier.aboveInputTokens === 0 || length > tier.aboveInputTokens))
  const best = fits.reduce<ServiceTier | null>((found, tier) => (found == null || tier.aboveInputTokens > found.aboveInputTokens ? tier : found), null)
  return best && { ...best, name: service }
}

function holds(rule: UsageRule, usage: Record<string, number>): boolean {
  const pattern = readPattern(rule.caseSensitive === true ? rule.usageDetailPattern : `(?i)${rule.usageDetailPattern}`)
  if (!pattern) return false
  const sum = Object.entries(usage).reduce((total, [key, count]) => total + (pattern.test(key) ? count : 0), 0)
  switch (rule.operator) {
    case 'gt': return sum > rule.value
    case 'gte': return sum >= rule.value
    case 'lt': return sum < rule.value
    case 'lte': return sum <= rule.value
    case 'neq': return sum !== rule.value
    default: return sum === rule.value
  }
}

/** USD; null when no bucket has a price. */
export function priceUsage(tier: Pick<Tier, 'prices'>, usage: Record<string, number>): number | null {
  const priced = Object.entries(usage).filter(([key, count]) => count > 0 && tier.prices[key] != null)
  if (priced.length === 0) return null
  return priced.reduce((sum, [key, count]) => sum + count * (tier.prices[key] ?? 0), 0)
}
