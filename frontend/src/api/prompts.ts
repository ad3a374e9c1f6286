// Operations on prompts.
import { call } from './client'
import type { NumberedPage, Prompt, PromptDependent, PromptFacets, PromptFolder, PromptHistory, PromptMeta, PromptVersionRow } from './types'

const root = '/api/public/v2/prompts'
const at = (name: string) => `${root}/${encodeURIComponent(name)}`

export interface FolderQuery {
  folder?: string
  search?: string
  label?: string
  tag?: string
  type?: string
  orderBy?: string
  page?: number
}

export const listPromptFolder = (projectId: string, query: FolderQuery, signal?: AbortSignal) =>
  call<PromptFolder>('/api/public/v2/prompt-folders', { projectId, query: { ...query, limit: 100 }, signal })
export const getPromptFacets = (projectId: string, signal?: AbortSignal) => call<PromptFacets>('/api/public/v2/prompt-facets', { projectId, signal })
export const listPrompts = (projectId: string, query: { name?: string; page?: number }, signal?: AbortSignal) =>
  call<NumberedPage<PromptMeta>>(root, { projectId, query: { ...query, limit: 100 }, signal })
export const getPromptVersion = (projectId: string, name: string, version: number, signal?: AbortSignal) =>
  call<Prompt>(at(name), { projectId, query: { version, resolve: false }, signal })
export const getResolvedPrompt = (projectId: string, name: string, version: number, signal?: AbortSignal) =>
  call<Prompt>(at(name), { projectId, query: { version }, signal })
export const listPromptVersions = (projectId: string, name: string, page: number, signal?: AbortSignal) =>
  call<PromptHistory>(`${at(name)}/versions`, { projectId, query: { page, limit: 100 }, signal })
export const listPromptDependents = (projectId: string, name: string, signal?: AbortSignal) =>
  call<{ data: PromptDependent[] }>(`${at(name)}/dependents`, { projectId, signal })

export interface NewPrompt {
  name: string
  type: 'text' | 'chat'
  prompt: unknown
  config?: unknown
  labels?: string[]
  tags?: string[]
  commitMessage?: string
}
export const createPrompt = (projectId: string, prompt: NewPrompt) => call<Prompt>(root, { method: 'POST', projectId, body: prompt })
export const setPromptLabels = (projectId: string, name: string, version: number, labels: string[]) =>
  call<PromptVersionRow>(`${at(name)}/versions/${version}/labels`, { method: 'PUT', projectId, body: { labels } })
export const setPromptTags = (projectId: string, name: string, tags: string[]) => call<PromptMeta>(`${at(name)}/tags`, { method: 'PUT', projectId, body: { tags } })
export const duplicatePrompt = (projectId: string, name: string, copy: { name: string; version?: number }) =>
  call<Prompt>(`${at(name)}/duplicate`, { method: 'POST', projectId, body: copy })
export const deletePrompt = (projectId: string, name: string, version?: number) =>
  call<undefined>(at(name), { method: 'DELETE', projectId, query: { version } })
export const setProtectedPromptLabels = (projectId: string, labels: string[]) =>
  call<{ labels: string[] }>('/api/public/v2/protected-prompt-labels', { method: 'PUT', projectId, body: { labels } })
