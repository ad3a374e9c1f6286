// Queries that more than one feature needs: who is signed in, and what they may do in a project.
import { queryOptions, useQuery } from '@tanstack/react-query'

import { getMe } from './operations'
import type { Me, Organization, Project } from './types'

export const meQuery = () => queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => getMe(signal), staleTime: 5 * 60_000 })

export function findProject(me: Me | undefined, projectId: string): { organization: Organization; project: Project } | null {
  for (const organization of me?.organizations ?? []) {
    const project = organization.projects.find((entry) => entry.id === projectId)
    if (project) return { organization, project }
  }
  return null
}

/** Mirrors the roles of shared/auth: viewers read. The server decides; this only hides what would be refused. */
export function useMayWrite(projectId: string): boolean {
  const me = useQuery(meQuery())
  const role = findProject(me.data, projectId)?.project.role
  return role != null && role !== 'VIEWER' && role !== 'NONE'
}

export function useMayAdminister(projectId: string): boolean {
  const me = useQuery(meQuery())
  const role = findProject(me.data, projectId)?.project.role
  return role === 'OWNER' || role === 'ADMIN'
}
