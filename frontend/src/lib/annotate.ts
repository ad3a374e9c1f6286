// What a person fills in for a score config, and what is sent of it.

export interface Config {
  id: string
  name: string
  dataType: string
  minValue: number | null
  maxValue: number | null
  categories: { label: string; value: number }[] | null
}

/** Values as they are typed: a number's text, "1"/"0" for yes/no, a category's label. Empty: not scored. */
export interface Entry {
  value: string
  comment: string
}

/** What is wrong with what was typed, or null. */
export function entryProblem(config: Config, text: string): string | null {
  const typed = text.trim()
  if (typed === '') return null
  if (config.dataType === 'NUMERIC') {
    const value = Number(typed)
    if (!Number.isFinite(value)) return 'Must be a number'
    if (config.minValue != null && value < config.minValue) return `At least ${config.minValue}`
    if (config.maxValue != null && value > config.maxValue) return `At most ${config.maxValue}`
    return null
  }
  if (config.dataType === 'TEXT') return Array.from(typed).length > 500 ? 'At most 500 characters' : null
  return null
}

export function entryValue(config: Config, text: string): { dataType: 'NUMERIC' | 'BOOLEAN' | 'CATEGORICAL' | 'TEXT'; value: number | string } {
  const typed = text.trim()
  switch (config.dataType) {
    case 'NUMERIC': return { dataType: 'NUMERIC', value: Number(typed) }
    case 'BOOLEAN': return { dataType: 'BOOLEAN', value: typed === '1' ? 1 : 0 }
    case 'TEXT': return { dataType: 'TEXT', value: typed }
    default: return { dataType: 'CATEGORICAL', value: typed }
  }
}

export interface ExistingScore {
  id: string
  configId?: string | null
  source: string
  observationId: string | null
  value: unknown
  stringValue?: string | null
  comment: string | null
  timestamp: string
}

/** The newest annotation of each config on the very object, as the form shows it. */
export function existingEntries(scores: readonly ExistingScore[], configs: readonly Config[], observationId: string | null): Map<string, Entry & { scoreId: string }> {
  const entries = new Map<string, Entry & { scoreId: string }>()
  for (const score of [...scores].sort((a, b) => a.timestamp.localeCompare(b.timestamp))) {
    const config = configs.find((entry) => entry.id === score.configId)
    if (!config || score.source !== 'ANNOTATION' || (score.observationId ?? null) !== observationId) continue
    const value = config.dataType === 'NUMERIC' ? (typeof score.value === 'number' ? String(score.value) : '') : config.dataType === 'BOOLEAN' ? (score.value === 1 || score.value === true || score.stringValue === 'True' ? '1' : '0') : (score.stringValue ?? (typeof score.value === 'string' ? score.value : ''))
    entries.set(config.id, { scoreId: score.id, value, comment: score.comment ?? '' })
  }
  return entries
}
