// The queries of the pages on commits and pull requests.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { getCommit, listCiRuns, listCommits, listGitLinks, listPullRequests, type Commit, type PullRequest } from '../../api/agents'
import type { CiRun, Page } from '../../api/types'
import type { CommitsSearch } from '../../lib/agents/search'
import { parseRange, rangeBounds } from '../../lib/timeRange'
import { commitQuery } from '../agent-session/queries'

export { commitQuery }

type Bounds = ReturnType<typeof rangeBounds>
type PageParam = { cursor: string; bounds: Bounds } | null

const keysOf = (search: CommitsSearch) => [search.range, search.q, search.agent, search.repository, search.branch, search.author]
const filtersOf = (search: CommitsSearch) => ({ search: search.q, agent: search.agent, repository: search.repository, branch: search.branch, author: search.author })

export const commitsQuery = (projectId: string, search: CommitsSearch) =>
  infiniteQueryOptions({
    queryKey: ['commits', projectId, ...keysOf(search)],
    initialPageParam: null as PageParam,
    queryFn: async ({ pageParam, signal }): Promise<Page<Commit> & { bounds: Bounds }> => {
      const bounds = pageParam?.bounds ?? rangeBounds(parseRange(search.range ?? '30d'), Date.now())
      return { ...(await listCommits(projectId, { ...bounds, ...filtersOf(search), limit: 100, cursor: pageParam?.cursor }, signal)), bounds }
    },
    getNextPageParam: (last): PageParam => (last.meta.cursor ? { cursor: last.meta.cursor, bounds: last.bounds } : null),
    staleTime: 15_000,
  })

export const pullsQuery = (projectId: string, search: CommitsSearch) =>
  infiniteQueryOptions({
    queryKey: ['pulls', projectId, ...keysOf(search), search.state],
    initialPageParam: null as PageParam,
    queryFn: async ({ pageParam, signal }): Promise<Page<PullRequest> & { bounds: Bounds }> => {
      const bounds = pageParam?.bounds ?? rangeBounds(parseRange(search.range ?? '30d'), Date.now())
      return { ...(await listPullRequests(projectId, { ...bounds, ...filtersOf(search), state: search.state, limit: 100, cursor: pageParam?.cursor }, signal)), bounds }
    },
    getNextPageParam: (last): PageParam => (last.meta.cursor ? { cursor: last.meta.cursor, bounds: last.bounds } : null),
    staleTime: 15_000,
  })

export const commitRunsQuery = (projectId: string, sha: string) =>
  queryOptions({ queryKey: ['commit-runs', projectId, sha], queryFn: async ({ signal }) => (await listCiRuns(projectId, { commitSha: sha, limit: 200 }, signal)).data, staleTime: 15_000 })

/** One pull request: its row, its commits, its CI runs. The commits are those that links or pushes place in it. */
export const pullQuery = (projectId: string, repository: string | undefined, number: number) =>
  queryOptions({
    queryKey: ['pull', projectId, repository, number],
    queryFn: async ({ signal }) => {
      const found = await listPullRequests(projectId, { repository, search: String(number), limit: 100, fromTimestamp: '2000-01-01T00:00:00.000Z' }, signal)
      const pull = found.data.find((row) => row.number === number) ?? null
      const [onBranch, links, runs] = await Promise.all([
        pull?.headBranch != null ? listCommits(projectId, { repository: pull.repositoryUrl, branch: pull.headBranch, limit: 100, fromTimestamp: '2000-01-01T00:00:00.000Z' }, signal) : null,
        listGitLinks(projectId, { repositoryUrl: pull?.repositoryUrl ?? repository, prNumber: number, limit: 200 }, signal),
        listCiRuns(projectId, { repositoryUrl: pull?.repositoryUrl ?? repository, prNumber: number, limit: 200 }, signal),
      ])
      const commits = (onBranch?.data ?? []).filter((commit) => commit.prNumber == null || commit.prNumber === number)
      const linked = [...new Set(links.data.map((link) => link.commitSha))].filter((sha) => !commits.some((commit) => commit.commitSha.startsWith(sha) || sha.startsWith(commit.commitSha)))
      const told = await Promise.all(linked.slice(0, 30).map((sha) => getCommit(projectId, sha, signal).then(({ data }) => data.find((commit) => commit.repositoryUrl === (pull?.repositoryUrl ?? repository)) ?? data[0], () => undefined)))
      commits.push(...told.filter((commit) => commit != null))
      commits.sort((a, b) => Date.parse(b.timestamp) - Date.parse(a.timestamp))
      return { pull, commits, links: links.data, runs: runs.data satisfies CiRun[] }
    },
    staleTime: 15_000,
  })
