// The queries and mutations of the dataset pages.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'

import { messageOf } from '../../api/client'
import { deleteDatasetItem, deleteDatasetRun, getDataset, getDatasetItem, listDatasetItems, listDatasetRuns, listDatasets, listExperimentItems, listExperiments, saveDataset, saveDatasetItem, type ItemStatus, type NewDataset, type NewDatasetItem } from '../../api/datasets'
import { listTraces } from '../../api/operations'
import type { DatasetItem, ExperimentItem, NumberedPage } from '../../api/types'
import { toast } from '../../ui/Toast'

const nextPage = (last: NumberedPage<unknown>) => (last.meta.page < last.meta.totalPages ? last.meta.page + 1 : undefined)

export const datasetsQuery = (projectId: string, name: string | undefined) =>
  infiniteQueryOptions({ queryKey: ['datasets', projectId, 'list', name], initialPageParam: 1, queryFn: ({ pageParam, signal }) => listDatasets(projectId, { name, page: pageParam }, signal), getNextPageParam: nextPage })

export const datasetQuery = (projectId: string, name: string) =>
  queryOptions({ queryKey: ['datasets', projectId, 'one', name], queryFn: ({ signal }) => getDataset(projectId, name, signal) })

/** The newest run and the number of items: what the list says of a dataset beside its name. */
export const datasetFiguresQuery = (projectId: string, name: string) =>
  queryOptions({
    queryKey: ['datasets', projectId, 'figures', name],
    queryFn: async ({ signal }) => {
      const [items, runs] = await Promise.all([listDatasetItems(projectId, { datasetName: name, page: 1, limit: 1 }, signal), listDatasetRuns(projectId, name, 1, signal)])
      return { items: items.meta.totalItems, runs: runs.meta.totalItems, lastRun: runs.data[0]?.createdAt ?? null }
    },
    staleTime: 30_000,
  })

export const itemsQuery = (projectId: string, datasetName: string, status: ItemStatus, version: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['datasets', projectId, 'items', datasetName, status, version],
    initialPageParam: 1,
    queryFn: ({ pageParam, signal }) => listDatasetItems(projectId, { datasetName, status: version == null ? status : undefined, version, page: pageParam }, signal),
    getNextPageParam: nextPage,
  })

export const itemQuery = (projectId: string, id: string) => queryOptions({ queryKey: ['datasets', projectId, 'item', id], queryFn: ({ signal }) => getDatasetItem(projectId, id, signal) })

export const runsQuery = (projectId: string, datasetName: string) =>
  infiniteQueryOptions({ queryKey: ['datasets', projectId, 'runs', datasetName], initialPageParam: 1, queryFn: ({ pageParam, signal }) => listDatasetRuns(projectId, datasetName, pageParam, signal), getNextPageParam: nextPage })

/** Item counts and the scores given to runs as a whole. */
export const experimentsQuery = (projectId: string, ids: readonly string[]) =>
  queryOptions({
    queryKey: ['datasets', projectId, 'experiments', ...ids],
    queryFn: async ({ signal }) => new Map((await listExperiments(projectId, { id: ids.join(','), limit: 50 }, signal)).data.map((experiment) => [experiment.id, experiment])),
    enabled: ids.length > 0,
  })

const MOST_ITEMS = 1000

/** All items of a run with outputs and scores, up to a thousand, with cost and latency of their traces. */
export const runItemsQuery = (projectId: string, runId: string) =>
  queryOptions({
    queryKey: ['datasets', projectId, 'run-items', runId],
    queryFn: async ({ signal }) => {
      const items: ExperimentItem[] = []
      let cursor: string | undefined
      do {
        const page = await listExperimentItems(projectId, { experimentId: runId, cursor }, signal)
        items.push(...page.data)
        cursor = page.meta.cursor ?? undefined
      } while (cursor != null && items.length < MOST_ITEMS)
      const traces = await tracesOf(projectId, [...new Set(items.map((item) => item.traceId))], signal)
      return { items, traces, cut: cursor != null }
    },
    staleTime: 60_000,
  })

export interface TraceFigures {
  latency: number | null
  cost: number | null
}

async function tracesOf(projectId: string, ids: string[], signal: AbortSignal): Promise<Map<string, TraceFigures>> {
  const found = new Map<string, TraceFigures>()
  for (let from = 0; from < ids.length; from += 100) {
    const page = await listTraces(projectId, { filters: [{ type: 'stringOptions', column: 'id', operator: 'any of', value: ids.slice(from, from + 100) }], fromTimestamp: '2000-01-01T00:00:00.000Z', limit: 200 }, signal)
    for (const row of page.data) found.set(row.id, { latency: row.latency, cost: row.totalCost })
  }
  return found
}

/** The run an id stands for, when a link names one that the list has not loaded. */
export const experimentItemRunsQuery = (projectId: string, itemId: string) =>
  queryOptions({ queryKey: ['datasets', projectId, 'item-runs', itemId], queryFn: async ({ signal }) => (await listExperimentItems(projectId, { experimentItemId: itemId }, signal)).data })

const refresh = (client: QueryClient, projectId: string) => client.invalidateQueries({ queryKey: ['datasets', projectId] })

export function useSaveDataset(projectId: string) {
  const client = useQueryClient()
  return useMutation({ mutationFn: (dataset: NewDataset) => saveDataset(projectId, dataset), onSuccess: () => refresh(client, projectId) })
}

export function useSaveItem(projectId: string) {
  const client = useQueryClient()
  return useMutation({ mutationFn: (item: NewDatasetItem) => saveDatasetItem(projectId, item), onSuccess: () => refresh(client, projectId) })
}

export function useArchiveItems(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ items, status }: { items: readonly DatasetItem[]; status: 'ACTIVE' | 'ARCHIVED' }) => {
      for (const item of items) await saveDatasetItem(projectId, { datasetName: item.datasetName, id: item.id, status })
    },
    onError: (error) => toast(`Not changed: ${messageOf(error)}`, 'error'),
    onSettled: () => refresh(client, projectId),
  })
}

export function useDeleteItems(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (ids: readonly string[]) => {
      for (const id of ids) await deleteDatasetItem(projectId, id)
    },
    onSettled: () => refresh(client, projectId),
  })
}

export function useDeleteRun(projectId: string, datasetName: string) {
  const client = useQueryClient()
  return useMutation({ mutationFn: (runName: string) => deleteDatasetRun(projectId, datasetName, runName), onSuccess: () => refresh(client, projectId) })
}
