// The queries and mutations of the API keys page.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { createApiKey, listApiKeys, revokeApiKey } from '../../api/operations'
import { toast } from '../../ui/Toast'

export const apiKeysQuery = (projectId: string) =>
  queryOptions({ queryKey: ['api-keys', projectId], queryFn: async ({ signal }) => (await listApiKeys(projectId, signal)).apiKeys })

export function useCreateApiKey(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (note: string) => createApiKey(projectId, note),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['api-keys', projectId] }),
    // The answer holds the secret: forget it with the dialog.
    gcTime: 0,
  })
}

export function useRevokeApiKey(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => revokeApiKey(projectId, id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['api-keys', projectId] })
      toast('Key revoked. Requests with it are refused within a minute.')
    },
  })
}
