// The GitHub webhook of a project.
import { call, isStatus } from './client'
import type { GithubWebhook, NewGithubWebhook } from './types'

const at = (projectId: string) => `/api/public/projects/${encodeURIComponent(projectId)}/github-webhook`

/** Null when the project has none. */
export async function getGithubWebhook(projectId: string, signal?: AbortSignal): Promise<GithubWebhook | null> {
  try {
    return await call<GithubWebhook>(at(projectId), { projectId, signal })
  } catch (error) {
    if (isStatus(error, 404)) return null
    throw error
  }
}
/** Makes a secret, which replaces the one before. */
export const putGithubWebhook = (projectId: string) => call<NewGithubWebhook>(at(projectId), { method: 'PUT', projectId, body: {} })
export const deleteGithubWebhook = (projectId: string) => call<unknown>(at(projectId), { method: 'DELETE', projectId })
