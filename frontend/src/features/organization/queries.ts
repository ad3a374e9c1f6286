// The queries and mutations of the organization's pages.
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { createInvitation, createOrganizationKey, deleteInvitation, deleteOrganizationKey, deleteProject, getProject, listInvitations, listMembers, listOrganizationKeys, listRateLimits, removeMember, renameProject, setMember } from '../../api/organizations'
import { findProject, meQuery } from '../../api/queries'
import type { Role } from '../../api/types'

export const membersQuery = (organizationId: string) =>
  queryOptions({ queryKey: ['organization', organizationId, 'members'], queryFn: async ({ signal }) => (await listMembers(organizationId, signal)).memberships, staleTime: 30_000 })
export const invitationsQuery = (organizationId: string) =>
  queryOptions({ queryKey: ['organization', organizationId, 'invitations'], queryFn: async ({ signal }) => (await listInvitations(organizationId, signal)).invitations })
export const organizationKeysQuery = (organizationId: string) =>
  queryOptions({ queryKey: ['organization', organizationId, 'keys'], queryFn: async ({ signal }) => (await listOrganizationKeys(organizationId, signal)).apiKeys })

export const rateLimitsQuery = (projectId: string) => queryOptions({ queryKey: ['rate-limits', projectId], queryFn: ({ signal }) => listRateLimits(projectId, signal), staleTime: 5 * 60_000 })
export const projectQuery = (projectId: string) => queryOptions({ queryKey: ['project', projectId], queryFn: ({ signal }) => getProject(projectId, signal) })

/** The organization of the project that the address names, with the user's role in it. */
export function useOrganization(projectId: string) {
  const me = useQuery(meQuery())
  const found = findProject(me.data, projectId)
  const role = found?.organization.role
  return { me: me.data, organization: found?.organization ?? null, project: found?.project ?? null, mayAdminister: role === 'OWNER' || role === 'ADMIN', isOwner: role === 'OWNER' }
}

function useOrganizationMutation<Input, Output>(organizationId: string, mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient()
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: ['organization', organizationId] }) })
}

export const useSetMember = (organizationId: string) => useOrganizationMutation(organizationId, ({ userId, role }: { userId: string; role: Role }) => setMember(organizationId, userId, role))
export const useRemoveMember = (organizationId: string) => useOrganizationMutation(organizationId, (userId: string) => removeMember(organizationId, userId))
export const useInvite = (organizationId: string) => useOrganizationMutation(organizationId, ({ email, role }: { email: string; role: Role }) => createInvitation(organizationId, email, role))
export const useTakeBack = (organizationId: string) => useOrganizationMutation(organizationId, (id: string) => deleteInvitation(organizationId, id))
export const useCreateOrganizationKey = (organizationId: string) => useOrganizationMutation(organizationId, (name: string) => createOrganizationKey(organizationId, name))
export const useRevokeOrganizationKey = (organizationId: string) => useOrganizationMutation(organizationId, (id: string) => deleteOrganizationKey(organizationId, id))

export function useRenameProject(organizationId: string, projectId: string) {
  const client = useQueryClient()
  return useMutation({ mutationFn: (body: { name: string; retention?: number }) => renameProject(organizationId, projectId, body), onSuccess: () => Promise.all([client.refetchQueries({ queryKey: meQuery().queryKey }), client.refetchQueries({ queryKey: projectQuery(projectId).queryKey })]) })
}
export function useDeleteProject(organizationId: string, projectId: string) {
  return useMutation({ mutationFn: () => deleteProject(organizationId, projectId) })
}
