// Stores apart from each other: who sends the header `x-mock-world` gets a store of its own, so that tests which run at the same
// time, or twice, never see each other's changes. Everybody else shares one.
import type { IncomingMessage } from 'node:http'

import type { MockStore, MockTrace } from './model'
import { createStore, seedTraces } from './store'

/** More than run at once; the one that was used longest ago makes room. */
const KEPT = 12

export class Worlds {
  readonly #started: number
  readonly #traces: MockTrace[]
  readonly #worlds = new Map<string, MockStore>()

  constructor(now: number) {
    this.#started = now
    this.#traces = seedTraces(now)
  }

  of(request: Pick<IncomingMessage, 'headers'>): MockStore {
    const name = String(request.headers['x-mock-world'] ?? '')
    const store = this.#worlds.get(name) ?? createStore(this.#started, this.#traces)
    // A map keeps the order of insertion: what was just used goes to the end.
    this.#worlds.delete(name)
    this.#worlds.set(name, store)
    const oldest = [...this.#worlds.keys()].find((other) => other !== '')
    if (this.#worlds.size > KEPT && oldest != null) this.#worlds.delete(oldest)
    return store
  }
}
