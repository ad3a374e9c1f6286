// Creates a project in one of the user's organizations and opens it.
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { createProject } from '../api/operations'
import { meQuery } from '../api/queries'
import type { Organization } from '../api/types'
import { tracesLink } from '../paths'
import { Dialog, DialogForm } from '../ui/Dialog'
import { Select, TextField } from '../ui/Field'

export function CreateProjectDialog({ organizations, onClose }: { organizations: Organization[]; onClose: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [organizationId, setOrganizationId] = useState(organizations[0]?.id ?? '')

  const create = async () => {
    const anyProject = organizations.flatMap((organization) => organization.projects)[0]
    const project = await createProject(organizationId, name.trim(), anyProject?.id)
    await client.refetchQueries({ queryKey: meQuery().queryKey })
    onClose()
    await navigate(tracesLink(project.id))
  }

  return (
    <Dialog title="New project" onClose={onClose}>
      <DialogForm submitLabel="Create project" disabled={name.trim() === ''} onSubmit={create} onCancel={onClose}>
        <TextField label="Name" autoFocus maxLength={60} value={name} placeholder="e.g. Checkout agents" onChange={(event) => setName(event.target.value)} />
        {organizations.length > 1 ? (
          <Select label="Organization" value={organizationId} onChange={(event) => setOrganizationId(event.target.value)}>
            {organizations.map((organization) => (
              <option key={organization.id} value={organization.id}>
                {organization.name}
              </option>
            ))}
          </Select>
        ) : null}
      </DialogForm>
    </Dialog>
  )
}
