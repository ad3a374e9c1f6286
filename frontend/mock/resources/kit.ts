// What the mock's resources share: the call, numbered pages, ids.
import type { MockProject, MockStore } from '../model'

export interface Call {
  store: MockStore
  project: MockProject
  projectId: string
  method: string
  /** The path behind /api/public, decoded segment by segment. */
  path: string[]
  params: URLSearchParams
  body: Record<string, unknown>
}

export interface Answer {
  status: number
  body?: unknown
}

export const ok = (body: unknown): Answer => ({ status: 200, body })

let counter = 0
export const newId = (prefix: string) => `${prefix}-${(counter += 1)}-${Math.random().toString(36).slice(2, 8)}`

export function numbered<Row>(rows: readonly Row[], params: URLSearchParams): { data: Row[]; meta: { page: number; limit: number; totalItems: number; totalPages: number } } {
  const limit = Number(params.get('limit') ?? 50)
  const page = Number(params.get('page') ?? 1)
  return { data: rows.slice((page - 1) * limit, page * limit), meta: { page, limit, totalItems: rows.length, totalPages: Math.ceil(rows.length / limit) } }
}

export const now = () => new Date().toISOString()
export const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [])
