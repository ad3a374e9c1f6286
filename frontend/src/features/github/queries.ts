// The queries and mutations of the GitHub page.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { deleteGithubWebhook, getGithubWebhook, putGithubWebhook } from '../../api/github'
import { toast } from '../../ui/Toast'

export const githubWebhookQuery = (projectId: string) =>
  queryOptions({ queryKey: ['github-webhook', projectId], queryFn: ({ signal }) => getGithubWebhook(projectId, signal), refetchInterval: 10_000 })

export function useMakeSecret(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => putGithubWebhook(projectId),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['github-webhook', projectId] }),
    // The answer holds the secret: forget it with the dialog.
    gcTime: 0,
  })
}

export function useDeleteWebhook(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => deleteGithubWebhook(projectId),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['github-webhook', projectId] })
      toast('Secret deleted. GitHub’s deliveries are refused from now on.')
    },
  })
}
