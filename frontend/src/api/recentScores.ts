// Scores are written and deleted asynchronously, so an answer may still tell the state before. Whatever this page did within the
// last minute is put over every answer: a score that was saved is there at once, can be changed without becoming two, and a
// deleted one does not come back.
import type { NewScore } from './operations'
import type { Score } from './types'

/** By then the reads know, or never will. */
const KEPT_MS = 60_000

interface Saved {
  at: number
  projectId: string
  traceId?: string
  sessionId?: string
  score: Score
}

export class RecentScores {
  readonly #now: () => number
  #saved: Saved[] = []
  #deleted: { at: number; projectId: string; id: string }[] = []

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  save(projectId: string, id: string, given: NewScore): void {
    this.#forget()
    const text = typeof given.value === 'string'
    const score: Score = {
      id,
      name: given.name,
      value: text ? null : (given.value as number),
      stringValue: text ? (given.value as string) : given.dataType === 'BOOLEAN' ? (given.value === 1 ? 'True' : 'False') : null,
      dataType: given.dataType,
      source: given.source ?? 'API',
      comment: given.comment ?? null,
      observationId: given.observationId ?? null,
      timestamp: new Date(this.#now()).toISOString(),
      configId: given.configId ?? null,
    }
    this.#saved = [...this.#saved.filter((entry) => entry.score.id !== id), { at: this.#now(), projectId, traceId: given.traceId, sessionId: given.sessionId, score }]
    this.#deleted = this.#deleted.filter((entry) => entry.id !== id)
  }

  delete(projectId: string, id: string): void {
    this.#forget()
    this.#saved = this.#saved.filter((entry) => entry.score.id !== id)
    this.#deleted.push({ at: this.#now(), projectId, id })
  }

  /** A trace's scores as they will be read soon. */
  ofTrace(projectId: string, traceId: string, read: readonly Score[]): Score[] {
    this.#forget()
    const saved = this.#saved.filter((entry) => entry.projectId === projectId && entry.traceId === traceId).map((entry) => entry.score)
    const scores = this.without(projectId, read).map((score) => saved.find((mine) => mine.id === score.id) ?? score)
    return [...scores, ...saved.filter((mine) => !scores.includes(mine))]
  }

  /** The annotations this page gave to a session, newest last. */
  ofSession(projectId: string, sessionId: string): Score[] {
    this.#forget()
    return this.#saved.filter((entry) => entry.projectId === projectId && entry.sessionId === sessionId && entry.traceId == null).map((entry) => entry.score)
  }

  /** Any list of scores, without the deleted ones. */
  without<Row extends { id: string }>(projectId: string, rows: readonly Row[]): Row[] {
    this.#forget()
    return rows.filter((row) => !this.#deleted.some((entry) => entry.projectId === projectId && entry.id === row.id))
  }

  #forget(): void {
    const since = this.#now() - KEPT_MS
    this.#saved = this.#saved.filter((entry) => entry.at > since)
    this.#deleted = this.#deleted.filter((entry) => entry.at > since)
  }
}

export const recentScores = new RecentScores()
