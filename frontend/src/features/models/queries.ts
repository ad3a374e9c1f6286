// The queries and mutations of the models page.
import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { createModel, deleteModel, getModel, getRecalculation, listModels, matchModel, recalculate, updateModel, type ModelBody } from '../../api/models'
import type { ModelsSearch } from '../../lib/pageSearch'

/** Thousands of models: the server searches, and they come a page at a time. */
export const modelsQuery = (projectId: string, search: ModelsSearch) =>
  infiniteQueryOptions({
    queryKey: ['models', projectId, 'list', search.q, search.owner],
    initialPageParam: 1,
    queryFn: ({ pageParam, signal }) => listModels(projectId, { search: search.q?.trim(), managed: search.owner == null ? undefined : search.owner === 'managed', page: pageParam, limit: 100 }, signal),
    getNextPageParam: (last) => (last.meta.page < last.meta.totalPages ? last.meta.page + 1 : undefined),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })

/** How many the project has of its own, and how many there are. */
export const modelCountsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['models', projectId, 'counts'],
    queryFn: async ({ signal }) => {
      const [own, managed] = await Promise.all([false, true].map((which) => listModels(projectId, { managed: which, page: 1, limit: 1 }, signal)))
      return { own: own?.meta.totalItems ?? 0, managed: managed?.meta.totalItems ?? 0 }
    },
    staleTime: 60_000,
  })

export const modelQuery = (projectId: string, id: string) => queryOptions({ queryKey: ['models', projectId, 'one', id], queryFn: ({ signal }) => getModel(projectId, id, signal), staleTime: 60_000 })

/** Waits a moment, so that not every letter typed is asked for. */
export const matchQuery = (projectId: string, name: string) =>
  queryOptions({
    queryKey: ['models', projectId, 'match', name],
    queryFn: async ({ signal }) => {
      await new Promise((resolve) => setTimeout(resolve, 200))
      signal.throwIfAborted()
      return (await matchModel(projectId, name, signal)).data ?? null
    },
    enabled: name !== '' && name.length <= 300,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })

export const recalculationQuery = (projectId: string, id: string) =>
  queryOptions({
    queryKey: ['recalculation', projectId, id],
    queryFn: ({ signal }) => getRecalculation(projectId, id, signal),
    refetchInterval: ({ state }) => (state.data?.status === 'COMPLETED' ? false : 1500),
  })

export function useSaveModel(projectId: string) {
  const client = useQueryClient()
  return useMutation({ mutationFn: ({ id, body }: { id: string | null; body: ModelBody }) => (id == null ? createModel(projectId, body) : updateModel(projectId, id, body)), onSuccess: () => client.invalidateQueries({ queryKey: ['models', projectId] }) })
}

export function useDeleteModel(projectId: string) {
  const client = useQueryClient()
  return useMutation({ mutationFn: (id: string) => deleteModel(projectId, id), onSuccess: () => client.invalidateQueries({ queryKey: ['models', projectId] }) })
}

export function useRecalculate(projectId: string) {
  return useMutation({ mutationFn: (body: { fromTimestamp: string; toTimestamp: string; modelId?: string }) => recalculate(projectId, body) })
}
