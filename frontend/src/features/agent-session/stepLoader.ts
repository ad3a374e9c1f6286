// Texts and facts of single steps, asked for in groups: what scrolls into view within a moment goes out as one request. A group
// whose answer would be too large is cut in halves.
import { isStatus } from '../../api/client'
import { listSteps, type StepTexts } from '../../api/agents'

export interface StepName {
  id: string
  startTime: string
}

interface Waiting {
  resolve: (step: StepTexts | null) => void
  reject: (error: unknown) => void
}

interface Entry {
  step: StepName
  waiting: Waiting[]
}

const GATHER_MS = 25
const MOST = 40
/** Ids stand in the address, which proxies allow some kilobytes. */
const MOST_CHARACTERS = 3000
/** A step's begin may still become known better. */
const MARGIN_MS = 10 * 60_000
const groups = new Map<string, Map<string, Entry>>()

/** Null when the trace has no such step. */
export function loadStep(projectId: string, traceId: string, step: StepName, texts: boolean): Promise<StepTexts | null> {
  const key = JSON.stringify([projectId, traceId, texts])
  return new Promise((resolve, reject) => {
    let group = groups.get(key)
    if (!group) {
      const made = new Map<string, Entry>()
      group = made
      groups.set(key, made)
      setTimeout(() => {
        groups.delete(key)
        for (const batch of batches([...made.values()])) void fetchSteps(projectId, traceId, batch, texts)
      }, GATHER_MS)
    }
    const entry = group.get(step.id)
    if (entry) entry.waiting.push({ resolve, reject })
    else group.set(step.id, { step, waiting: [{ resolve, reject }] })
  })
}

export function batches<T extends { step: { id: string } }>(entries: readonly T[]): T[][] {
  const all: T[][] = []
  let length = Infinity
  for (const entry of entries) {
    const size = encodeURIComponent(entry.step.id).length + 12
    if (length + size > MOST_CHARACTERS || (all.at(-1)?.length ?? MOST) >= MOST) {
      all.push([])
      length = 0
    }
    all.at(-1)?.push(entry)
    length += size
  }
  return all
}

async function fetchSteps(projectId: string, traceId: string, entries: Entry[], texts: boolean): Promise<void> {
  const times = entries.map(({ step }) => Date.parse(step.startTime)).filter((time) => !Number.isNaN(time))
  const begins = { first: new Date(Math.min(...times) - MARGIN_MS).toISOString(), last: new Date(Math.max(...times) + MARGIN_MS).toISOString() }
  try {
    const { data } = await listSteps(projectId, traceId, entries.map(({ step }) => step.id), texts, begins)
    const byId = new Map(data.map((step) => [step.id, step]))
    for (const { step, waiting } of entries) for (const { resolve } of waiting) resolve(byId.get(step.id) ?? null)
  } catch (error) {
    if (entries.length > 1 && (isStatus(error, 413) || isStatus(error, 422))) {
      const half = Math.ceil(entries.length / 2)
      await Promise.all([fetchSteps(projectId, traceId, entries.slice(0, half), texts), fetchSteps(projectId, traceId, entries.slice(half), texts)])
      return
    }
    for (const { waiting } of entries) for (const { reject } of waiting) reject(error)
  }
}
