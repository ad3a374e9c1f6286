// The whole site on one page. Every page is loaded when it is first visited.
import { QueryClient } from '@tanstack/react-query'
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'

import { ApiError, isStatus } from '../api/client'
import { findProject, meQuery } from '../api/queries'
import { NotFoundPage, RouteErrorPage } from '../app/ErrorPages'
import { Root } from '../app/Root'
import { readLastProject } from '../app/lastProject'
import { readListSearch } from '../lib/listSearch'
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

const apiKeysRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/settings/api-keys',
  validateSearch: (search: Record<string, unknown>): { create?: '1' } => ({ create: search.create === '1' ? '1' : undefined }),
  component: lazyRouteComponent(() => import('../features/api-keys/ApiKeysPage'), 'ApiKeysPage'),
})

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    appRoute.addChildren([homeRoute, projectRoute.addChildren([projectHomeRoute, tracesRoute, traceRoute, sessionsRoute, sessionRoute, apiKeysRoute])]),
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
