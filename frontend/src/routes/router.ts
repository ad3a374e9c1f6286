// The whole site on one page. Every page is loaded when it is first visited.
import { QueryClient } from '@tanstack/react-query'
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'

import { ApiError, isStatus } from '../api/client'
import { findProject, meQuery } from '../api/queries'
import { NotFoundPage, RouteErrorPage } from '../app/ErrorPages'
import { Root } from '../app/Root'
import { readLastProject } from '../app/lastProject'
import { readAgentSessionSearch, readAgentsSearch, readCommandsSearch, readCommitsSearch, readPullRequestSearch } from '../lib/agents/search'
import { readListSearch } from '../lib/listSearch'
import { readCompareSearch, readDatasetSearch, readDatasetsSearch, readModelsSearch, readNewPromptSearch, readPromptSearch, readPromptsSearch, readQueueSearch, readScoresSearch, readWorkSearch } from '../lib/pageSearch'
import { readTraceSearch } from '../lib/traceSearch'
import { traceQuery } from '../features/trace/queries'
import { tracesQuery } from '../features/traces/queries'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500 || error.status === 429),
      retryDelay: (count) => Math.min(8000, 500 * 2 ** count),
    },
  },
})

/** Asks for a page's data while its code is still loading. Failures are the page's to show; hovering over a link fetches code only. */
function start(skip: boolean, query: () => Promise<unknown>): void {
  if (!skip) query().catch(() => undefined)
}

const rootRoute = createRootRoute({ component: Root, notFoundComponent: NotFoundPage, errorComponent: RouteErrorPage })

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { return?: string; ended?: '1' } => ({
    return: typeof search.return === 'string' ? search.return : undefined,
    ended: search.ended === '1' ? '1' : undefined,
  }),
  component: lazyRouteComponent(() => import('../features/auth/SignInPage'), 'SignInPage'),
})

const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'app',
  beforeLoad: async ({ location }) => {
    try {
      return { me: await queryClient.query({ ...meQuery(), staleTime: 'static' }) }
    } catch (error) {
      // A redirect is how the router is told where to go.
      if (isStatus(error, 401)) throw redirect({ to: '/sign-in', search: { return: location.href === '/' ? undefined : location.href } })
      throw error
    }
  },
  component: lazyRouteComponent(() => import('../app/Shell'), 'Shell'),
})

const homeRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/',
  beforeLoad: ({ context: { me } }) => {
    const last = readLastProject()
    const first = me.organizations.flatMap((organization) => organization.projects)[0]
    const projectId = last != null && findProject(me, last) ? last : first?.id
    if (projectId != null) throw redirect({ to: '/project/$projectId/traces', params: { projectId } })
  },
  component: lazyRouteComponent(() => import('../app/NoProjectPage'), 'NoProjectPage'),
})

const projectRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/project/$projectId',
  component: lazyRouteComponent(() => import('../app/ProjectGate'), 'ProjectGate'),
})

const projectHomeRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/project/$projectId/traces', params })
  },
})

const tracesRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/traces',
  validateSearch: readListSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ params, deps, cause, preload }) => start(preload || cause === 'stay', () => queryClient.infiniteQuery(tracesQuery(params.projectId, deps))),
  component: lazyRouteComponent(() => import('../features/traces/TracesPage'), 'TracesPage'),
})

const traceRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/traces/$traceId',
  validateSearch: readTraceSearch,
  loader: ({ params, preload }) => start(preload, () => queryClient.query(traceQuery(params.projectId, params.traceId))),
  component: lazyRouteComponent(() => import('../features/trace/TracePage'), 'TracePage'),
})

const sessionsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/sessions',
  validateSearch: readListSearch,
  component: lazyRouteComponent(() => import('../features/sessions/SessionsPage'), 'SessionsPage'),
})

const sessionRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/sessions/$sessionId',
  component: lazyRouteComponent(() => import('../features/sessions/SessionPage'), 'SessionPage'),
})

const agentsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/agents',
  validateSearch: readAgentsSearch,
  component: lazyRouteComponent(() => import('../features/agents/AgentsPage'), 'AgentsPage'),
})

const agentSessionRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/agents/$traceId',
  validateSearch: readAgentSessionSearch,
  loader: ({ params, preload }) => start(preload, () => queryClient.query(traceQuery(params.projectId, params.traceId))),
  component: lazyRouteComponent(() => import('../features/agent-session/AgentSessionPage'), 'AgentSessionPage'),
})

const commandsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/commands',
  validateSearch: readCommandsSearch,
  component: lazyRouteComponent(() => import('../features/commands/CommandsPage'), 'CommandsPage'),
})

const commitsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/commits',
  validateSearch: readCommitsSearch,
  component: lazyRouteComponent(() => import('../features/commits/CommitsPage'), 'CommitsPage'),
})

const commitRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/commits/$sha',
  component: lazyRouteComponent(() => import('../features/commits/CommitPage'), 'CommitPage'),
})

const pullRequestRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/pull-requests/$number',
  validateSearch: readPullRequestSearch,
  component: lazyRouteComponent(() => import('../features/commits/PullRequestPage'), 'PullRequestPage'),
})

const apiKeysRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/settings/api-keys',
  validateSearch: (search: Record<string, unknown>): { create?: '1' } => ({ create: search.create === '1' ? '1' : undefined }),
  component: lazyRouteComponent(() => import('../features/api-keys/ApiKeysPage'), 'ApiKeysPage'),
})

const promptsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/prompts',
  validateSearch: readPromptsSearch,
  component: lazyRouteComponent(() => import('../features/prompts/PromptsPage'), 'PromptsPage'),
})

const newPromptRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/prompts/new',
  validateSearch: readNewPromptSearch,
  component: lazyRouteComponent(() => import('../features/prompts/EditPromptPage'), 'EditPromptPage'),
})

const promptRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/prompts/$promptName',
  validateSearch: readPromptSearch,
  component: lazyRouteComponent(() => import('../features/prompts/PromptPage'), 'PromptPage'),
})

const datasetsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/datasets',
  validateSearch: readDatasetsSearch,
  component: lazyRouteComponent(() => import('../features/datasets/DatasetsPage'), 'DatasetsPage'),
})

const datasetRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/datasets/$datasetName',
  validateSearch: readDatasetSearch,
  component: lazyRouteComponent(() => import('../features/datasets/DatasetPage'), 'DatasetPage'),
})

const importRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/datasets/$datasetName/import',
  component: lazyRouteComponent(() => import('../features/datasets/ImportPage'), 'ImportPage'),
})

const compareRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/datasets/$datasetName/compare',
  validateSearch: readCompareSearch,
  component: lazyRouteComponent(() => import('../features/datasets/ComparePage'), 'ComparePage'),
})

const scoresRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/scores',
  validateSearch: readScoresSearch,
  component: lazyRouteComponent(() => import('../features/scores/ScoresPage'), 'ScoresPage'),
})

const queuesRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/annotation-queues',
  component: lazyRouteComponent(() => import('../features/queues/QueuesPage'), 'QueuesPage'),
})

const queueRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/annotation-queues/$queueId',
  validateSearch: readQueueSearch,
  component: lazyRouteComponent(() => import('../features/queues/QueuePage'), 'QueuePage'),
})

const workRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/annotation-queues/$queueId/work',
  validateSearch: readWorkSearch,
  component: lazyRouteComponent(() => import('../features/queues/WorkPage'), 'WorkPage'),
})

const scoreConfigsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/settings/score-configs',
  component: lazyRouteComponent(() => import('../features/scores/ScoreConfigsPage'), 'ScoreConfigsPage'),
})

const modelsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/settings/models',
  validateSearch: readModelsSearch,
  component: lazyRouteComponent(() => import('../features/models/ModelsPage'), 'ModelsPage'),
})

const llmConnectionsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/settings/llm-connections',
  component: lazyRouteComponent(() => import('../features/llm-connections/LlmConnectionsPage'), 'LlmConnectionsPage'),
})

const githubRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/settings/github',
  component: lazyRouteComponent(() => import('../features/github/GithubPage'), 'GithubPage'),
})

const projectSettingsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/settings/project',
  component: lazyRouteComponent(() => import('../features/organization/ProjectSettingsPage'), 'ProjectSettingsPage'),
})

const membersRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/settings/members',
  component: lazyRouteComponent(() => import('../features/organization/MembersPage'), 'MembersPage'),
})

const organizationRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/settings/organization',
  component: lazyRouteComponent(() => import('../features/organization/OrganizationPage'), 'OrganizationPage'),
})

const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation',
  component: lazyRouteComponent(() => import('../features/auth/InvitationPage'), 'InvitationPage'),
})

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    invitationRoute,
    appRoute.addChildren([homeRoute, projectRoute.addChildren([projectHomeRoute, tracesRoute, traceRoute, sessionsRoute, sessionRoute, agentsRoute, agentSessionRoute, commandsRoute, commitsRoute, commitRoute, pullRequestRoute, apiKeysRoute, promptsRoute, newPromptRoute, promptRoute, datasetsRoute, datasetRoute, importRoute, compareRoute, scoresRoute, queuesRoute, queueRoute, workRoute, scoreConfigsRoute, modelsRoute, llmConnectionsRoute, githubRoute, projectSettingsRoute, membersRoute, organizationRoute])]),
  ]),
  // Plain `name=value` parameters, so that links can be read and written by hand.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const params = new URLSearchParams()
    for (const [name, value] of Object.entries(search)) if (typeof value === 'string') params.set(name, value)
    return params.size > 0 ? `?${params.toString()}` : ''
  },
  defaultErrorComponent: RouteErrorPage,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 400,
  scrollRestoration: false,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
