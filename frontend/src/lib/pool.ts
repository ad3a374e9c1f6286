// Does many small jobs, a few at a time, and says how far it is.

export interface PoolOptions {
  /** Jobs under way at once. */
  parallel: number
  signal?: AbortSignal
  onProgress?: (done: number) => void
}

/** Calls `work` for every entry; a failing job is its own business. Stops taking new ones when aborted. Gives the number begun. */
export async function runPool<Entry>(entries: readonly Entry[], work: (entry: Entry, index: number) => Promise<void>, options: PoolOptions): Promise<number> {
  let next = 0
  let done = 0
  const worker = async () => {
    while (next < entries.length && options.signal?.aborted !== true) {
      const index = next
      next += 1
      await work(entries[index] as Entry, index)
      done += 1
      options.onProgress?.(done)
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.parallel, entries.length) }, worker))
  return next
}
