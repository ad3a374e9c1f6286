// Shows the current project and switches to another; owners and admins can create one.
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { findProject, meQuery } from '../api/queries'
import { tracesLink } from '../paths'
import { Icon } from '../ui/Icon'
import { Menu, type MenuEntry } from '../ui/Menu'
import { Logo } from '../ui/Logo'
import { CreateProjectDialog } from './CreateProjectDialog'
import styles from './ProjectSwitcher.module.css'

export function ProjectSwitcher({ projectId }: { projectId: string | undefined }) {
  const me = useQuery(meQuery())
  const navigate = useNavigate()
  const [creating, setCreating] = useState(false)
  const organizations = me.data?.organizations ?? []
  const current = projectId == null ? null : findProject(me.data, projectId)
  const own = organizations.filter((organization) => organization.role === 'OWNER' || organization.role === 'ADMIN')

  const entries: MenuEntry[] = organizations.flatMap((organization): MenuEntry[] => [
    { kind: 'heading', label: organization.name },
    ...organization.projects.map((project) => ({
      label: project.name,
      checked: project.id === projectId,
      onSelect: () => void navigate(tracesLink(project.id)),
    })),
  ])
  if (own.length > 0) entries.push({ kind: 'separator' }, { label: 'New project…', icon: 'plus', onSelect: () => setCreating(true) })

  return (
    <>
      <Menu
        label="Projects"
        width={240}
        entries={entries}
        trigger={(trigger) => (
          <button type="button" {...trigger} className={styles.switcher} aria-label={`Project: ${current?.project.name ?? 'none'}. Switch project`}>
            <Logo size={24} />
            <span className={styles.names}>
              <span className={styles.project}>{current?.project.name ?? 'AgentTrace'}</span>
              <span className={styles.organization}>{current?.organization.name ?? 'Choose a project'}</span>
            </span>
            <Icon name="chevrons" size={14} />
          </button>
        )}
      />
      {creating ? <CreateProjectDialog organizations={own} onClose={() => setCreating(false)} /> : null}
    </>
  )
}
