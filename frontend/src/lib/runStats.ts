// Sums over the scores of a run: numbers by their mean, yes/no by the share of yes, categories by how often each was given.

export interface GivenScore {
  name: string
  dataType: string
  value: unknown
}

export type ScoreSum =
  | { name: string; kind: 'number'; count: number; mean: number }
  | { name: string; kind: 'share'; count: number; yes: number }
  | { name: string; kind: 'categories'; count: number; categories: { label: string; count: number }[] }

export function sumScores(scores: readonly GivenScore[]): ScoreSum[] {
  const groups = new Map<string, GivenScore[]>()
  for (const score of scores) {
    if (score.dataType === 'TEXT' || score.dataType === 'CORRECTION') continue
    const key = `${score.name}\n${score.dataType}`
    groups.set(key, [...(groups.get(key) ?? []), score])
  }
  return [...groups.values()].flatMap(sumGroup).sort((a, b) => a.name.localeCompare(b.name))
}

function sumGroup(scores: GivenScore[]): ScoreSum[] {
  const first = scores[0]
  if (!first) return []
  const { name } = first
  const count = scores.length
  if (first.dataType === 'NUMERIC') {
    const values = scores.map((score) => Number(score.value)).filter(Number.isFinite)
    return values.length === 0 ? [] : [{ name, kind: 'number', count: values.length, mean: values.reduce((sum, value) => sum + value, 0) / values.length }]
  }
  if (first.dataType === 'BOOLEAN') return [{ name, kind: 'share', count, yes: scores.filter((score) => isYes(score.value)).length / count }]
  const labels = new Map<string, number>()
  for (const score of scores) labels.set(String(score.value), (labels.get(String(score.value)) ?? 0) + 1)
  return [{ name, kind: 'categories', count, categories: [...labels].map(([label, times]) => ({ label, count: times })).sort((a, b) => b.count - a.count) }]
}

export function isYes(value: unknown): boolean {
  return value === true || value === 1 || value === 'True' || value === 'true'
}

/** One score as a reader wants it. */
export function scoreText(score: GivenScore): string {
  if (score.dataType === 'BOOLEAN') return isYes(score.value) ? 'Yes' : 'No'
  if (typeof score.value === 'number') return formatScore(score.value)
  return typeof score.value === 'string' ? score.value : JSON.stringify(score.value ?? null)
}

/** At most three digits after the point, none that are zero. */
export function formatScore(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(3)))
}

export function sumText(sum: ScoreSum): string {
  switch (sum.kind) {
    case 'number': return formatScore(sum.mean)
    case 'share': return `${Math.round(sum.yes * 100)}% yes`
    case 'categories': return sum.categories.slice(0, 3).map((entry) => `${entry.label} ${Math.round((entry.count / sum.count) * 100)}%`).join(' · ')
  }
}
