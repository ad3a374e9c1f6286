// Pages for addresses that lead nowhere and for routes that failed to load.
import { Link, type ErrorComponentProps } from '@tanstack/react-router'

import { messageOf } from '../api/client'
import { Button } from '../ui/Button'
import { EmptyState, ErrorState } from '../ui/Feedback'

export function NotFoundPage() {
  return (
    <main>
      <EmptyState
        icon="search"
        title="There is no page at this address"
        actions={
          <Link to="/" tabIndex={-1}>
            <Button>Go to the traces</Button>
          </Link>
        }
      >
        The link may be mistyped or from a newer version of AgentTrace.
      </EmptyState>
    </main>
  )
}

export function RouteErrorPage({ error, reset }: ErrorComponentProps) {
  // A chunk that is gone after a deployment needs a fresh page, not another try.
  const stale = /dynamically imported module|module script/i.test(messageOf(error))
  return (
    <main>
      <ErrorState
        title={stale ? 'AgentTrace was updated' : 'This page failed'}
        message={stale ? 'Reload to get the new version.' : messageOf(error)}
        onRetry={() => (stale ? location.reload() : reset())}
      />
    </main>
  )
}
