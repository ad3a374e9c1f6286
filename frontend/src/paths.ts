// The only place that knows the addresses of pages. Features link with these, so a moved page is one change.
import { linkOptions } from '@tanstack/react-router'

export const tracesLink = (projectId: string) => linkOptions({ to: '/project/$projectId/traces', params: { projectId } })
export const traceLink = (projectId: string, traceId: string, observation?: string) =>
  linkOptions({ to: '/project/$projectId/traces/$traceId', params: { projectId, traceId }, search: observation ? { observation } : {} })
export const sessionsLink = (projectId: string) => linkOptions({ to: '/project/$projectId/sessions', params: { projectId } })
export const sessionLink = (projectId: string, sessionId: string) =>
  linkOptions({ to: '/project/$projectId/sessions/$sessionId', params: { projectId, sessionId } })
export const apiKeysLink = (projectId: string) => linkOptions({ to: '/project/$projectId/settings/api-keys', params: { projectId } })
export const filteredTracesLink = (projectId: string, filter: string) =>
  linkOptions({ to: '/project/$projectId/traces', params: { projectId }, search: { filter, range: '90d' } })

/** A path inside this site to return to after signing in, or "/" when it is anything else. */
export function safeReturnPath(path: string | undefined): string {
  if (path == null || !path.startsWith('/') || path.startsWith('//') || path.includes('\\') || path.startsWith('/sign-in')) return '/'
  try {
    const url = new URL(path, 'https://here.invalid')
    return url.origin === 'https://here.invalid' ? url.pathname + url.search + url.hash : '/'
  } catch {
    return '/'
  }
}
