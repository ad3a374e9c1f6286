// The queries and mutations of scores and score configs.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { createScoreConfig, listScoreConfigs, listScores, updateScoreConfig, type ScoreConfigBody } from '../../api/annotation'
import { deleteScore } from '../../api/operations'
import type { Page, ScoreConfig, ScoreV3 } from '../../api/types'
import type { ScoresSearch } from '../../lib/pageSearch'
import { parseRange, rangeBounds } from '../../lib/timeRange'

type PageParam = { cursor: string; bounds: ReturnType<typeof rangeBounds> } | null

export const scoresQuery = (projectId: string, search: ScoresSearch) =>
  infiniteQueryOptions({
    queryKey: ['scores', projectId, search.range, search.name, search.source, search.type, search.environment],
    initialPageParam: null as PageParam,
    queryFn: async ({ pageParam, signal }): Promise<Page<ScoreV3> & { bounds: ReturnType<typeof rangeBounds> }> => {
      const bounds = pageParam?.bounds ?? rangeBounds(parseRange(search.range), Date.now())
      const page = await listScores(projectId, { ...bounds, name: search.name, source: search.source, dataType: search.type, environment: search.environment, cursor: pageParam?.cursor }, signal)
      return { ...page, bounds }
    },
    getNextPageParam: (last): PageParam => (last.meta.cursor ? { cursor: last.meta.cursor, bounds: last.bounds } : null),
  })

/** All configs of the project: some dozens. Archived ones too. */
export const scoreConfigsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['score-configs', projectId],
    queryFn: async ({ signal }) => {
      const configs: ScoreConfig[] = []
      for (let page = 1, pages = 1; page <= pages && page <= 20; page += 1) {
        const answer = await listScoreConfigs(projectId, page, signal)
        configs.push(...answer.data)
        pages = answer.meta.totalPages
      }
      return configs
    },
    staleTime: 30_000,
  })

export function useSaveConfig(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, body }: { id: string | null; body: ScoreConfigBody }) => (id == null ? createScoreConfig(projectId, body) : updateScoreConfig(projectId, id, body)),
    onSuccess: () => client.invalidateQueries({ queryKey: ['score-configs', projectId] }),
  })
}

export function useDeleteScores(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => deleteScore(projectId, id),
    onSuccess: (_, id) => {
      client.setQueriesData<{ pages: Page<ScoreV3>[]; pageParams: unknown[] }>({ queryKey: ['scores', projectId] }, (data) => data && { ...data, pages: data.pages.map((page) => ({ ...page, data: page.data.filter((row) => row.id !== id) })) })
    },
  })
}
