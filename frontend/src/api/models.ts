// Operations on models, prices, recalculation, media and connections to LLM providers.
import { call } from './client'
import type { LlmConnection, Media, Model, NumberedPage, Recalculation } from './types'

const seg = encodeURIComponent

export const listModels = (projectId: string, query: { search?: string; managed?: boolean; page: number; limit: number }, signal?: AbortSignal) =>
  call<NumberedPage<Model>>('/api/public/models', { projectId, query, signal })
export const getModel = (projectId: string, id: string, signal?: AbortSignal) => call<Model>(`/api/public/models/${seg(id)}`, { projectId, signal })
/** The model that would price a step of this name now. */
export const matchModel = (projectId: string, model: string, signal?: AbortSignal) =>
  call<{ data?: Model | null }>('/api/public/v2/models/match', { projectId, query: { model }, signal })

export interface ModelBody {
  modelName: string
  matchPattern: string
  startDate?: string
  unit?: string
  pricingTiers: { name: string; isDefault: boolean; priority: number; conditions: unknown[]; prices: Record<string, number> }[]
  tokenizerId?: string
}
export const createModel = (projectId: string, body: ModelBody) => call<Model>('/api/public/models', { method: 'POST', projectId, body })
export const updateModel = (projectId: string, id: string, body: ModelBody) => call<Model>(`/api/public/models/${seg(id)}`, { method: 'PUT', projectId, body })
export const deleteModel = (projectId: string, id: string) => call<unknown>(`/api/public/models/${seg(id)}`, { method: 'DELETE', projectId })

export const recalculate = (projectId: string, body: { fromTimestamp: string; toTimestamp: string; modelId?: string }) =>
  call<{ id: string }>('/api/public/v2/models/recalculations', { method: 'POST', projectId, body })
export const getRecalculation = (projectId: string, id: string, signal?: AbortSignal) =>
  call<Recalculation>(`/api/public/v2/models/recalculations/${seg(id)}`, { projectId, signal })

export const getMedia = (projectId: string, id: string, signal?: AbortSignal) => call<Media>(`/api/public/media/${seg(id)}`, { projectId, signal })

export const listLlmConnections = (projectId: string, page: number, signal?: AbortSignal) =>
  call<NumberedPage<LlmConnection>>('/api/public/llm-connections', { projectId, query: { page, limit: 100 }, signal })

export interface LlmConnectionBody {
  provider: string
  adapter: string
  secretKey?: string
  baseURL?: string
  customModels?: string[]
  withDefaultModels?: boolean
  extraHeaders?: Record<string, string>
  config?: Record<string, unknown>
}
export const saveLlmConnection = (projectId: string, body: LlmConnectionBody) => call<LlmConnection>('/api/public/llm-connections', { method: 'PUT', projectId, body })
export const deleteLlmConnection = (projectId: string, id: string) => call<unknown>(`/api/public/llm-connections/${seg(id)}`, { method: 'DELETE', projectId })
