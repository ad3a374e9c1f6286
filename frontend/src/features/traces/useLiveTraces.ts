// Keeps a newest-first list up to date: asks for what is new about every second and a half while the tab is visible, and
// now and then for the visible rows that may still grow. New rows join at once when the list is at its top, else they wait
// behind a pill.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'

import { listTraces } from '../../api/operations'
import type { TraceRow } from '../../api/types'
import type { ListSearch } from '../../lib/listSearch'
import { parseRange, rangeBounds } from '../../lib/timeRange'
import { mergeNewest, pollFrom } from './liveMerge'
import { isDeleted, toListQuery, tracesQuery, type TracesData } from './queries'

const POLL_MS = 1500
const REVISIT_MS = 4500
/** A trace untouched for this long is taken to be finished. */
const SETTLED_MS = 15 * 60_000

interface LiveOptions {
  projectId: string
  search: ListSearch
  enabled: boolean
  atTop: boolean
  visible: readonly TraceRow[]
}

export function useLiveTraces({ projectId, search, enabled, atTop, visible }: LiveOptions) {
  const client = useQueryClient()
  const key = tracesQuery(projectId, search).queryKey
  const keyText = JSON.stringify(key)
  const [waiting, setWaiting] = useState<{ key: string; rows: TraceRow[] }>({ key: keyText, rows: [] })
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set())

  const insert = useCallback(
    (arrived: readonly TraceRow[], addNew: boolean): TraceRow[] => {
      let held: TraceRow[] = []
      client.setQueryData<TracesData>(JSON.parse(keyText) as typeof key, (data) => {
        if (!data) return data
        const shown = data.pages.flatMap((page) => page.data)
        const merged = mergeNewest(shown, arrived)
        const rows = addNew ? merged.rows : mergeNewest(shown, arrived.filter((row) => !merged.added.includes(row))).rows
        held = addNew ? [] : merged.added
        if (!merged.changed || (!addNew && rows.every((row, index) => row === shown[index]))) return data
        if (addNew && merged.added.length > 0) setFresh(new Set(merged.added.map((row) => row.id)))
        return repage(data, rows)
      })
      return held
    },
    [client, keyText],
  )

  const newest = useQuery({
    queryKey: ['live', ...key],
    queryFn: async ({ signal }) => {
      const data = client.getQueryData<TracesData>(key)
      const bounds = rangeBounds(parseRange(search.range), Date.now())
      const from = pollFrom(data?.pages[0]?.data[0], bounds.fromTimestamp)
      const page = await listTraces(projectId, { ...toListQuery(search, { fromTimestamp: from }), limit: 200 }, signal)
      return page.data.filter((row) => !isDeleted(row.id))
    },
    enabled,
    refetchInterval: POLL_MS,
    retry: false,
    gcTime: 0,
  })

  const growing = useMemo(() => visible.filter((row) => Date.now() - Date.parse(row.updatedAt) < SETTLED_MS).map((row) => row.id).slice(0, 60), [visible])
  const revisited = useQuery({
    queryKey: ['revisit', projectId, growing],
    queryFn: async ({ signal }) => {
      const page = await listTraces(projectId, { filters: [{ type: 'stringOptions', column: 'id', operator: 'any of', value: growing }], fromTimestamp: '2000-01-01T00:00:00.000Z', limit: 200 }, signal)
      return page.data.filter((row) => !isDeleted(row.id))
    },
    enabled: enabled && growing.length > 0,
    refetchInterval: REVISIT_MS,
    retry: false,
    gcTime: 0,
  })

  useEffect(() => {
    if (!enabled || !newest.data) return
    const held = insert(newest.data, atTop)
    setWaiting((current) => (current.key === keyText && current.rows.length === held.length && current.rows[0]?.id === held[0]?.id ? current : { key: keyText, rows: held }))
  }, [newest.data, enabled, atTop, insert, keyText])

  useEffect(() => {
    if (!enabled || !revisited.data) return
    const known = new Set(client.getQueryData<TracesData>(JSON.parse(keyText) as typeof key)?.pages.flatMap((page) => page.data.map((row) => row.id)))
    insert(revisited.data.filter((row) => known.has(row.id)), true)
  }, [revisited.data, enabled, insert, client, keyText])

  useEffect(() => {
    if (fresh.size === 0) return
    const timer = setTimeout(() => setFresh(new Set()), 1800)
    return () => clearTimeout(timer)
  }, [fresh])

  return { waiting: enabled && waiting.key === keyText ? waiting.rows : [], fresh, failing: enabled && newest.isError }
}

/** Puts changed rows back into their pages; what is new joins the first. */
function repage(data: TracesData, rows: TraceRow[]): TracesData {
  const sizes = data.pages.map((page) => page.data.length)
  const extra = rows.length - sizes.reduce((sum, size) => sum + size, 0)
  let from = 0
  return {
    ...data,
    pages: data.pages.map((page, index) => {
      const size = (sizes[index] ?? 0) + (index === 0 ? extra : 0)
      const part = rows.slice(from, from + size)
      from += size
      return { ...page, data: part }
    }),
  }
}
