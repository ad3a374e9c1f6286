// Makes sure that the project of the address is one the user can see, and remembers it.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Outlet } from '@tanstack/react-router'
import { useEffect } from 'react'

import { findProject, meQuery } from '../api/queries'
import { MediaShown } from '../features/media/MediaShown'
import { Button } from '../ui/Button'
import { EmptyState } from '../ui/Feedback'
import { writeLastProject } from './lastProject'

const route = getRouteApi('/app/project/$projectId')

export function ProjectGate() {
  const { projectId } = route.useParams()
  const me = useQuery(meQuery())
  const known = findProject(me.data, projectId) != null
  useEffect(() => {
    if (known) writeLastProject(projectId)
  }, [known, projectId])

  if (me.data && !known) {
    return (
      <EmptyState
        icon="search"
        title="Project not found"
        actions={
          <Link to="/" tabIndex={-1}>
            <Button>Go to my projects</Button>
          </Link>
        }
      >
        It does not exist, or you are not a member of it. Ask an owner of the organization to add you.
      </EmptyState>
    )
  }
  return (
    <MediaShown projectId={projectId}>
      <Outlet />
    </MediaShown>
  )
}
