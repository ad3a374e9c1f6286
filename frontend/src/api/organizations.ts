// Operations on an organization: members, invitations, projects, its own keys.
import { call } from './client'
import type { ApiKey, Invitation, InvitationAbout, Me, Membership, NewApiKey, NewInvitation, RateLimit, Role } from './types'

const seg = encodeURIComponent
const root = '/api/public/organizations'

export const listMembers = (organizationId: string, signal?: AbortSignal) => call<{ memberships: Membership[] }>(`${root}/memberships`, { organizationId, signal })
export const setMember = (organizationId: string, userId: string, role: Role) => call<Membership>(`${root}/memberships`, { method: 'PUT', organizationId, body: { userId, role } })
export const removeMember = (organizationId: string, userId: string) => call<unknown>(`${root}/memberships`, { method: 'DELETE', organizationId, body: { userId } })

export const listInvitations = (organizationId: string, signal?: AbortSignal) => call<{ invitations: Invitation[] }>(`${root}/invitations`, { organizationId, signal })
export const createInvitation = (organizationId: string, email: string, role: Role) => call<NewInvitation>(`${root}/invitations`, { method: 'POST', organizationId, body: { email, role } })
export const deleteInvitation = (organizationId: string, id: string) => call<unknown>(`${root}/invitations/${seg(id)}`, { method: 'DELETE', organizationId })

export const listOrganizationKeys = (organizationId: string, signal?: AbortSignal) => call<{ apiKeys: ApiKey[] }>(`${root}/apiKeys`, { organizationId, signal })
export const createOrganizationKey = (organizationId: string, name: string) => call<NewApiKey>(`${root}/apiKeys`, { method: 'POST', organizationId, body: name === '' ? {} : { name } })
export const deleteOrganizationKey = (organizationId: string, id: string) => call<unknown>(`${root}/apiKeys/${seg(id)}`, { method: 'DELETE', organizationId })

export const renameProject = (organizationId: string, projectId: string, body: { name: string; retention?: number }) =>
  call<unknown>(`/api/public/projects/${seg(projectId)}`, { method: 'PUT', organizationId, projectId, body })
export const getProject = async (projectId: string, signal?: AbortSignal) => (await call<{ data: { retentionDays?: number | null }[] }>('/api/public/projects', { projectId, signal })).data[0] ?? null
export const listRateLimits = async (projectId: string, signal?: AbortSignal) => (await call<{ data: RateLimit[] }>('/api/public/v2/rate-limits', { projectId, signal })).data
export const deleteProject = (organizationId: string, projectId: string) => call<unknown>(`/api/public/projects/${seg(projectId)}`, { method: 'DELETE', organizationId, projectId })

export const lookUpInvitation = (token: string) => call<InvitationAbout>('/api/auth/invitations/look-up', { method: 'POST', body: { token }, anonymous: true })
export const acceptInvitation = (body: { token: string; name?: string; password?: string }) => call<Me>('/api/auth/invitations/accept', { method: 'POST', body })
