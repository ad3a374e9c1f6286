// Calls the API with the session cookie. A 401 is answered by one refresh, shared by every call in flight and by every tab,
// and one repeat; when that fails too, `sessionEnded` listeners take the user to the sign-in page.

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly retryAfter: number | null = null,
    readonly requestId: string | null = null,
  ) {
    super(message)
    this.name = 'ApiError'
  }
}

export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  query?: Record<string, string | number | boolean | undefined>
  body?: unknown
  /** Needed by every operation except those of /api/auth. */
  projectId?: string
  /** Needed by the operations on an organization. */
  organizationId?: string
  signal?: AbortSignal
  /** The answer to a 401 is the caller's own business: signing in. */
  anonymous?: boolean
}

const listeners = new Set<() => void>()

/** Called once the session cannot be renewed. */
export function onSessionEnded(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const response = await callRaw(path, options)
  if (response.status === 204) return undefined as T
  const text = await response.text()
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** The same, for downloads: the caller reads the body. */
export async function callRaw(path: string, options: CallOptions = {}): Promise<Response> {
  const started = Date.now()
  let response = await send(path, options)
  if (response.status === 401 && !options.anonymous) {
    if (await refreshSession(started)) response = await send(path, options)
    else for (const listener of listeners) listener()
  }
  if (!response.ok) throw await toError(response)
  return response
}

async function send(path: string, options: CallOptions): Promise<Response> {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(options.query ?? {})) if (value !== undefined) query.set(name, String(value))
  const url = query.size > 0 ? `${path}?${query.toString()}` : path
  const headers: Record<string, string> = { accept: 'application/json' }
  if (options.projectId != null) headers['x-agenttrace-project-id'] = options.projectId
  if (options.organizationId != null) headers['x-agenttrace-organization-id'] = options.organizationId
  if (options.body !== undefined) headers['content-type'] = 'application/json'
  try {
    return await fetch(url, {
      method: options.method ?? 'GET',
      headers,
      body: options.body === undefined ? null : JSON.stringify(options.body),
      credentials: 'same-origin',
      signal: options.signal ?? null,
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, 'The server could not be reached. Check your connection; this page tries again by itself.')
  }
}

let refreshing: Promise<boolean> | null = null
const REFRESHED_AT = 'agenttrace.refreshedAt'

function refreshSession(since: number): Promise<boolean> {
  refreshing ??= withLock(async () => {
    // Another tab renewed the cookie while this call was under way: just repeat the call.
    if (readRefreshedAt() > since) return true
    const response = await send('/api/auth/refresh', { method: 'POST' })
    if (response.ok) noteRefreshed()
    return response.ok
  })
    .catch(() => false)
    .finally(() => {
      refreshing = null
    })
  return refreshing
}

/** One refresh at a time over all tabs: a rotated refresh token is good for one use. */
async function withLock(work: () => Promise<boolean>): Promise<boolean> {
  const locks = (navigator as Partial<Navigator>).locks
  return locks ? await locks.request('agenttrace.refresh', work) : await work()
}

function readRefreshedAt(): number {
  try {
    return Number(localStorage.getItem(REFRESHED_AT) ?? 0)
  } catch {
    return 0
  }
}

function noteRefreshed(): void {
  try {
    localStorage.setItem(REFRESHED_AT, String(Date.now()))
  } catch {
    // Storage is blocked: the other tabs refresh for themselves.
  }
}

async function toError(response: Response): Promise<ApiError> {
  const fallback: Record<number, string> = {
    403: 'Your role does not allow this.',
    404: 'Not found.',
    413: 'That is too large.',
    422: 'The answer is too large. Narrow the time range or the filters.',
    429: 'Too many requests. Wait a moment and try again.',
    503: 'The service is busy. Try again in a moment.',
  }
  let message = fallback[response.status] ?? `The server answered ${response.status}.`
  let requestId: string | null = null
  try {
    const body = (await response.json()) as { message?: unknown; requestId?: unknown }
    if (typeof body.message === 'string' && body.message !== '') message = body.message
    if (typeof body.requestId === 'string') requestId = body.requestId
  } catch {
    // Not JSON: the fallback says enough.
  }
  const retryAfter = Number(response.headers.get('retry-after'))
  return new ApiError(response.status, message, Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null, requestId)
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.'
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status
}
