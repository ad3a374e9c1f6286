// The queries and mutations of a trace's page.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { isStatus, messageOf } from '../../api/client'
import { createScore, deleteScore, downloadTrace, getObservation, getTrace, type NewScore } from '../../api/operations'
import { recentScores } from '../../api/recentScores'
import type { TraceDetail } from '../../api/types'
import { saveFile } from '../../ui/CopyButton'
import { toast } from '../../ui/Toast'

/** A trace that changed within this time is taken to be running. */
const RUNNING_MS = 30_000
const POLL_MS = 2000

export function isRunning(detail: TraceDetail | undefined, now: number): boolean {
  return detail != null && now - Date.parse(detail.trace.updatedAt) < RUNNING_MS
}

export const traceQuery = (projectId: string, traceId: string) =>
  queryOptions({
    queryKey: ['trace', projectId, traceId],
    queryFn: ({ signal }) => getTrace(projectId, traceId, signal),
    // Just-sent traces may take a second to become readable.
    retry: (count, error) => (isStatus(error, 404) ? count < 1 : count < 2),
    refetchInterval: ({ state }) => (isRunning(state.data, Date.now()) ? POLL_MS : false),
    staleTime: 5000,
  })

/** Waits a moment first: while the arrow keys run through the tree, the texts passed by are never asked for. */
export const observationQuery = (projectId: string, traceId: string, observationId: string, revision: string) =>
  queryOptions({
    queryKey: ['observation', projectId, traceId, observationId, revision],
    queryFn: async ({ signal }) => {
      await new Promise((resolve) => setTimeout(resolve, 90))
      signal.throwIfAborted()
      return getObservation(projectId, traceId, observationId, signal)
    },
    staleTime: 60_000,
    placeholderData: (previous, query) => (query?.queryKey[3] === observationId ? previous : undefined),
  })

export function useDownload(projectId: string, traceId: string) {
  return useMutation({
    mutationFn: async () => saveFile(`trace-${traceId}.json`, await (await downloadTrace(projectId, traceId)).blob()),
    onError: (error) => toast(`Not downloaded: ${messageOf(error)}`, 'error'),
  })
}

export function useAddScore(projectId: string, traceId: string) {
  const refresh = useRefreshScores(projectId, traceId)
  return useMutation({
    mutationFn: (score: NewScore) => createScore(projectId, score),
    onSuccess: () => {
      toast('Score saved')
      return refresh()
    },
  })
}

export function useDeleteScore(projectId: string, traceId: string) {
  const refresh = useRefreshScores(projectId, traceId)
  return useMutation({
    mutationFn: (id: string) => deleteScore(projectId, id),
    onSuccess: refresh,
    onError: (error) => toast(`Score not deleted: ${messageOf(error)}`, 'error'),
  })
}

/** Shows what was saved or deleted at once, without waiting for the server's view of it (api/recentScores.ts). */
export function useRefreshScores(projectId: string, traceId: string) {
  const client = useQueryClient()
  const { queryKey } = traceQuery(projectId, traceId)
  return async () => {
    // An answer on its way would only be thrown away: it is asked for again below.
    await client.cancelQueries({ queryKey })
    client.setQueryData(queryKey, (detail) => detail && { ...detail, scores: recentScores.ofTrace(projectId, traceId, detail.scores) })
    void client.invalidateQueries({ queryKey })
  }
}
