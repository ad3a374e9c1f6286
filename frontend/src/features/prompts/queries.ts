// The queries and mutations of the prompt pages.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { figure, queryMetrics, type MetricsRow } from '../../api/metrics'
import { listObservations } from '../../api/operations'
import { createPrompt, deletePrompt, duplicatePrompt, getPromptFacets, getPromptVersion, getResolvedPrompt, listPromptDependents, listPromptFolder, listPromptVersions, setPromptLabels, setPromptTags, setProtectedPromptLabels, type NewPrompt } from '../../api/prompts'
import type { Prompt } from '../../api/types'
import type { PromptsSearch } from '../../lib/pageSearch'
import { toast } from '../../ui/Toast'

/** How far back uses are counted. */
export const USE_DAYS = 30

export const promptFolderQuery = (projectId: string, search: PromptsSearch) =>
  infiniteQueryOptions({
    queryKey: ['prompts', projectId, 'folder', search.folder, search.q, search.label, search.tag, search.type, search.sort],
    initialPageParam: 1,
    queryFn: ({ pageParam, signal }) =>
      listPromptFolder(projectId, { folder: search.folder, search: search.q, label: search.label, tag: search.tag, type: search.type, orderBy: search.sort, page: pageParam }, signal),
    getNextPageParam: (last) => (last.meta.page < last.meta.totalPages ? last.meta.page + 1 : undefined),
  })

export const promptFacetsQuery = (projectId: string) =>
  queryOptions({ queryKey: ['prompts', projectId, 'facets'], queryFn: ({ signal }) => getPromptFacets(projectId, signal), staleTime: 30_000 })

export const promptHistoryQuery = (projectId: string, name: string) =>
  infiniteQueryOptions({
    queryKey: ['prompts', projectId, 'history', name],
    initialPageParam: 1,
    queryFn: ({ pageParam, signal }) => listPromptVersions(projectId, name, pageParam, signal),
    getNextPageParam: (last) => (last.meta.page < last.meta.totalPages ? last.meta.page + 1 : undefined),
  })

/** A version never changes, but for its labels, and those come with the history. */
export const promptVersionQuery = (projectId: string, name: string, version: number) =>
  queryOptions({ queryKey: ['prompts', projectId, 'version', name, version], queryFn: ({ signal }) => getPromptVersion(projectId, name, version, signal), staleTime: 5 * 60_000 })

export const resolvedPromptQuery = (projectId: string, name: string, version: number) =>
  queryOptions({ queryKey: ['prompts', projectId, 'resolved', name, version], queryFn: ({ signal }) => getResolvedPrompt(projectId, name, version, signal), retry: false })

export const promptDependentsQuery = (projectId: string, name: string) =>
  queryOptions({ queryKey: ['prompts', projectId, 'dependents', name], queryFn: ({ signal }) => listPromptDependents(projectId, name, signal) })

export interface PromptUse {
  count: number
  cost: number
  lastDay: string | null
}

/** Generations and cost of every prompt over the last days, with the last day of use. */
export const promptUsesQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['prompt-uses', projectId],
    queryFn: async ({ signal }) => {
      const rows = await queryMetrics(projectId, {
        view: 'observations', dimensions: [{ field: 'promptName' }], metrics: [{ measure: 'count', aggregation: 'count' }, { measure: 'totalCost', aggregation: 'sum' }],
        filters: [{ type: 'null', column: 'promptName', operator: 'is not null', value: '' }], timeDimension: { granularity: 'day' }, ...lastDays(), config: { row_limit: 1000 },
      }, signal)
      return sumByPrompt(rows.data)
    },
    staleTime: 60_000,
    retry: false,
  })

export function sumByPrompt(rows: readonly MetricsRow[]): Map<string, PromptUse> {
  const uses = new Map<string, PromptUse>()
  for (const row of rows) {
    const name = row.promptName
    const count = figure(row, 'count_count')
    if (typeof name !== 'string' || name === '' || count === 0) continue
    const use = uses.get(name) ?? { count: 0, cost: 0, lastDay: null }
    const day = typeof row.time_dimension === 'string' ? row.time_dimension.slice(0, 10) : null
    uses.set(name, { count: use.count + count, cost: use.cost + figure(row, 'sum_totalCost'), lastDay: day != null && (use.lastDay == null || day > use.lastDay) ? day : use.lastDay })
  }
  return uses
}

export interface VersionUse {
  version: number
  count: number
  /** Of those whose price is known. */
  cost: number
  priced: number
  latencyMs: number
  tokens: number
}

export const promptVersionUsesQuery = (projectId: string, name: string) =>
  queryOptions({
    queryKey: ['prompt-uses', projectId, name],
    queryFn: async ({ signal }) => {
      const { data } = await queryMetrics(projectId, {
        view: 'observations', dimensions: [{ field: 'promptVersion' }],
        metrics: [{ measure: 'count', aggregation: 'count' }, { measure: 'totalCost', aggregation: 'sum' }, { measure: 'totalCost', aggregation: 'count' }, { measure: 'latency', aggregation: 'p50' }, { measure: 'totalTokens', aggregation: 'sum' }],
        filters: [{ type: 'string', column: 'promptName', operator: '=', value: name }], ...lastDays(), config: { row_limit: 1000 },
      }, signal)
      return data
        .map((row): VersionUse => ({ version: figure(row, 'promptVersion'), count: figure(row, 'count_count'), cost: figure(row, 'sum_totalCost'), priced: figure(row, 'count_totalCost'), latencyMs: figure(row, 'p50_latency'), tokens: figure(row, 'sum_totalTokens') }))
        .filter((use) => use.version > 0 && use.count > 0)
        .sort((a, b) => b.version - a.version)
    },
    retry: 1,
  })

export interface VersionScore {
  name: string
  version: number
  count: number
  /** Of numbers; yes counts 1. Null: words. */
  mean: number | null
  words: { word: string; count: number }[]
}

/** Scores on generations of the prompt, by name and version. */
export const promptVersionScoresQuery = (projectId: string, name: string) =>
  queryOptions({
    queryKey: ['prompt-scores', projectId, name],
    queryFn: async ({ signal }) => {
      const filters = [{ type: 'string', column: 'observationPromptName', operator: '=', value: name }]
      const [numbers, words] = await Promise.all([
        queryMetrics(projectId, { view: 'scores-numeric', dimensions: [{ field: 'name' }, { field: 'observationPromptVersion' }], metrics: [{ measure: 'count', aggregation: 'count' }, { measure: 'value', aggregation: 'avg' }], filters, ...lastDays(), config: { row_limit: 1000 } }, signal),
        queryMetrics(projectId, { view: 'scores-categorical', dimensions: [{ field: 'name' }, { field: 'observationPromptVersion' }, { field: 'stringValue' }], metrics: [{ measure: 'count', aggregation: 'count' }], filters, ...lastDays(), config: { row_limit: 1000 } }, signal),
      ])
      return foldScores(numbers.data, words.data)
    },
    retry: 1,
  })

export function foldScores(numbers: readonly MetricsRow[], words: readonly MetricsRow[]): VersionScore[] {
  const scores = new Map<string, VersionScore>()
  const of = (row: MetricsRow) => ({ name: String(row.name), version: figure(row, 'observationPromptVersion'), count: figure(row, 'count_count') })
  for (const row of numbers) {
    const { name, version, count } = of(row)
    if (version > 0 && count > 0) scores.set(`${version} ${name}`, { name, version, count, mean: figure(row, 'avg_value'), words: [] })
  }
  for (const row of words) {
    const { name, version, count } = of(row)
    const key = `${version} ${name}`
    const word = typeof row.stringValue === 'string' ? row.stringValue : ''
    // A yes or no is counted as a number already.
    if (version <= 0 || count === 0 || word === '' || scores.get(key)?.mean != null) continue
    const before = scores.get(key) ?? { name, version, count: 0, mean: null, words: [] }
    scores.set(key, { ...before, count: before.count + count, words: [...before.words, { word, count }].sort((a, b) => b.count - a.count) })
  }
  return [...scores.values()].sort((a, b) => a.name.localeCompare(b.name))
}

/** The newest generations that used the prompt, of one version or all. */
export const recentUsesQuery = (projectId: string, name: string, version: number | null) =>
  queryOptions({
    queryKey: ['prompt-recent', projectId, name, version],
    queryFn: async ({ signal }) =>
      (await listObservations(projectId, {
        filters: [{ type: 'string', column: 'promptName', operator: '=', value: name }, ...(version == null ? [] : [{ type: 'number' as const, column: 'promptVersion', operator: '=', value: version }])],
        fromStartTime: lastDays().fromTimestamp, limit: 20,
      }, signal)).data,
  })

function lastDays() {
  const now = Date.now()
  return { fromTimestamp: new Date(now - USE_DAYS * 86_400_000).toISOString(), toTimestamp: new Date(now + 60_000).toISOString() }
}

function useRefresh(projectId: string) {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: ['prompts', projectId] })
}

export function useCreatePrompt(projectId: string) {
  const refresh = useRefresh(projectId)
  return useMutation({ mutationFn: (prompt: NewPrompt) => createPrompt(projectId, prompt), onSuccess: (made: Prompt) => { toast(`Version ${made.version} saved`); void refresh() } })
}

export function useSetLabels(projectId: string, name: string) {
  const refresh = useRefresh(projectId)
  return useMutation({ mutationFn: ({ version, labels }: { version: number; labels: string[] }) => setPromptLabels(projectId, name, version, labels), onSuccess: async () => { await refresh(); toast('Labels changed. SDKs notice within a minute.') } })
}

export function useSetTags(projectId: string, name: string) {
  const refresh = useRefresh(projectId)
  return useMutation({ mutationFn: (tags: string[]) => setPromptTags(projectId, name, tags), onSuccess: refresh })
}

export function useDuplicatePrompt(projectId: string, name: string) {
  const refresh = useRefresh(projectId)
  return useMutation({ mutationFn: (copy: { name: string; version?: number }) => duplicatePrompt(projectId, name, copy), onSuccess: refresh })
}

/** What was deleted is not asked for again while its page is still there; everything else is. */
export function useDeletePrompt(projectId: string, name: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ version }: { version?: number; whole: boolean }) => deletePrompt(projectId, name, version),
    onSuccess: (_, { version, whole }) => {
      toast(whole ? 'Prompt deleted' : `Version ${version ?? ''} deleted`)
      const gone = ([root, project, , of, number]: readonly unknown[]) => root === 'prompts' && project === projectId && of === name && (whole || number === version)
      void client.invalidateQueries({ predicate: ({ queryKey }) => gone(queryKey), refetchType: 'none' })
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'prompts' && queryKey[1] === projectId && !gone(queryKey) })
    },
  })
}

export function useSetProtectedLabels(projectId: string) {
  const refresh = useRefresh(projectId)
  return useMutation({ mutationFn: (labels: string[]) => setProtectedPromptLabels(projectId, labels), onSuccess: refresh })
}
