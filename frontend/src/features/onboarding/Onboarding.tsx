// What an empty project shows: how to send a first trace, while it waits for it and then opens it.
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'

import { listTraces } from '../../api/operations'
import { PLACEHOLDER_KEYS } from '../../lib/snippets'
import { apiKeysLink, traceLink } from '../../paths'
import { LiveDot } from '../../ui/Badge'
import { Button } from '../../ui/Button'
import { PageHeader } from '../../ui/PageHeader'
import { Snippets } from '../../ui/Snippets'
import styles from './Onboarding.module.css'

export function Onboarding({ projectId }: { projectId: string }) {
  const navigate = useNavigate()
  const first = useQuery({
    queryKey: ['first-trace', projectId],
    queryFn: async ({ signal }) => (await listTraces(projectId, { filters: [], fromTimestamp: '2000-01-01T00:00:00.000Z', limit: 1 }, signal)).data[0] ?? null,
    refetchInterval: 1500,
    retry: false,
  })
  const arrived = first.data?.id
  useEffect(() => {
    if (arrived) void navigate(traceLink(projectId, arrived))
  }, [arrived, navigate, projectId])

  return (
    <>
      <PageHeader title="Traces" />
      <div className={styles.page}>
        <div className={styles.panel}>
          <h2 className={styles.title}>Send your first trace</h2>
          <p className={styles.lead}>Three steps, about two minutes. Any Langfuse SDK and any OpenTelemetry exporter works unchanged.</p>
          <ol className={styles.steps}>
            <li>
              <h3>Create an API key</h3>
              <p>The secret is shown once. Its dialog has the same settings as below, with your keys filled in.</p>
              <Link {...apiKeysLink(projectId)} search={{ create: '1' }} className={styles.action} tabIndex={-1}>
                <Button variant="primary" icon="key">
                  Create an API key
                </Button>
              </Link>
            </li>
            <li>
              <h3>Point your SDK or exporter here</h3>
              <Snippets keys={PLACEHOLDER_KEYS} />
            </li>
            <li>
              <h3>Run it</h3>
              <p className={styles.waiting} role="status">
                <LiveDot on />
                {first.isError ? 'The server does not answer; trying again…' : 'Waiting for the first trace. This page opens it when it arrives.'}
              </p>
            </li>
          </ol>
        </div>
      </div>
    </>
  )
}
