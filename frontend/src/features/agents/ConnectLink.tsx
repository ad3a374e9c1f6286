// The way to the lines that connect an agent.
import { Link } from '@tanstack/react-router'

import { agentsLink } from '../../paths'
import { Button } from '../../ui/Button'

export function ConnectLink({ projectId }: { projectId: string }) {
  return (
    <Link {...agentsLink(projectId, { connect: '1' })} tabIndex={-1}>
      <Button icon="plus">Connect an agent</Button>
    </Link>
  )
}
