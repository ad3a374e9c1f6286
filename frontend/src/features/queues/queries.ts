// The queries and mutations of the annotation queues.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { addQueueItems, assign, createQueue, deleteQueue, deleteQueueItem, getQueue, getQueueItem, getQueueProgress, listAssignees, listQueueItems, listQueues, setQueueItemStatus, unassign, listScores, updateQueue, type QueueBody, type QueueObject } from '../../api/annotation'
import { recentScores } from '../../api/recentScores'
import type { AnnotationQueue } from '../../api/types'
import type { ExistingScore } from '../../lib/annotate'

export const queuesQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['queues', projectId, 'list'],
    queryFn: async ({ signal }) => {
      const queues: AnnotationQueue[] = []
      for (let page = 1, pages = 1; page <= pages && page <= 10; page += 1) {
        const answer = await listQueues(projectId, page, signal)
        queues.push(...answer.data)
        pages = answer.meta.totalPages
      }
      return queues
    },
  })

export const queueQuery = (projectId: string, id: string) => queryOptions({ queryKey: ['queues', projectId, 'one', id], queryFn: ({ signal }) => getQueue(projectId, id, signal) })

export const progressQuery = (projectId: string, id: string) => queryOptions({ queryKey: ['queues', projectId, 'progress', id], queryFn: ({ signal }) => getQueueProgress(projectId, id, signal), staleTime: 5000 })

export const queueItemsQuery = (projectId: string, id: string, status: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['queues', projectId, 'items', id, status],
    initialPageParam: 1,
    queryFn: ({ pageParam, signal }) => listQueueItems(projectId, id, { status, page: pageParam }, signal),
    getNextPageParam: (last) => (last.meta.page < last.meta.totalPages ? last.meta.page + 1 : undefined),
  })

export const queueItemQuery = (projectId: string, id: string, itemId: string) => queryOptions({ queryKey: ['queues', projectId, 'item', id, itemId], queryFn: ({ signal }) => getQueueItem(projectId, id, itemId, signal) })

export const assigneesQuery = (projectId: string, id: string) => queryOptions({ queryKey: ['queues', projectId, 'assignees', id], queryFn: async ({ signal }) => (await listAssignees(projectId, id, signal)).data })

/** The annotations on a session; those on traces come with the trace. */
export const sessionScoresQuery = (projectId: string, sessionId: string) =>
  queryOptions({
    queryKey: ['object-scores', projectId, 'session', sessionId],
    queryFn: async ({ signal }): Promise<ExistingScore[]> => {
      const { data } = await listScores(projectId, { sessionId, source: 'ANNOTATION' }, signal)
      const recent = recentScores.ofSession(projectId, sessionId)
      return [...data.filter((score) => !recent.some((mine) => mine.id === score.id)).map((score) => ({ ...score, observationId: null })), ...recent]
    },
  })

function useQueueMutation<Input, Output>(projectId: string, mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient()
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: ['queues', projectId] }) })
}

export const useSaveQueue = (projectId: string) => useQueueMutation(projectId, ({ id, body }: { id: string | null; body: QueueBody }) => (id == null ? createQueue(projectId, body) : updateQueue(projectId, id, body)))
export const useDeleteQueue = (projectId: string) => useQueueMutation(projectId, (id: string) => deleteQueue(projectId, id))
export const useSetStatus = (projectId: string, id: string) => useQueueMutation(projectId, ({ itemId, status }: { itemId: string; status: 'PENDING' | 'COMPLETED' }) => setQueueItemStatus(projectId, id, itemId, status))
export const useRemoveItem = (projectId: string, id: string) => useQueueMutation(projectId, (itemId: string) => deleteQueueItem(projectId, id, itemId))
export const useAssign = (projectId: string, id: string) => useQueueMutation(projectId, ({ userId, on }: { userId: string; on: boolean }) => (on ? assign(projectId, id, userId) : unassign(projectId, id, userId)))

const BATCH = 200

export const useAddToQueue = (projectId: string) =>
  useQueueMutation(projectId, async ({ queueId, objects }: { queueId: string; objects: { objectId: string; objectType: QueueObject }[] }) => {
    const sum = { added: 0, existing: 0 }
    for (let from = 0; from < objects.length; from += BATCH) {
      const answer = await addQueueItems(projectId, queueId, objects.slice(from, from + BATCH))
      sum.added += answer.added
      sum.existing += answer.existing
    }
    return sum
  })
