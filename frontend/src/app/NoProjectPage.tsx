// For a user who belongs to no project yet.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { meQuery } from '../api/queries'
import { Button } from '../ui/Button'
import { EmptyState } from '../ui/Feedback'
import { CreateProjectDialog } from './CreateProjectDialog'

export function NoProjectPage() {
  const me = useQuery(meQuery())
  const [creating, setCreating] = useState(false)
  const organizations = (me.data?.organizations ?? []).filter((organization) => organization.role === 'OWNER' || organization.role === 'ADMIN')
  return (
    <>
      <EmptyState icon="traces" title="No project yet" actions={organizations.length > 0 ? <Button variant="primary" onClick={() => setCreating(true)}>Create a project</Button> : null}>
        {organizations.length > 0 ? 'Traces live in projects. Create the first one.' : 'You are not a member of any project. Ask an owner of your organization to add you.'}
      </EmptyState>
      {creating ? <CreateProjectDialog organizations={organizations} onClose={() => setCreating(false)} /> : null}
    </>
  )
}
