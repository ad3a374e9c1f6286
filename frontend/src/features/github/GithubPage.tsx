// The project's GitHub webhook: its secret, what to enter on GitHub, and whether GitHub has called.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import { isStatus, messageOf } from '../../api/client'
import type { GithubWebhook } from '../../api/types'
import { formatAgo, formatDateTime } from '../../lib/format'
import { Button } from '../../ui/Button'
import { CopyButton } from '../../ui/CopyButton'
import { Dialog, DialogActions, DialogForm } from '../../ui/Dialog'
import { EmptyState, ErrorState, InlineError, LoadingState, Notice } from '../../ui/Feedback'
import { Facts, Lead, PageBody, Section } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { useNow } from '../../ui/useNow'
import { eventLabel } from './events'
import styles from './GithubPage.module.css'
import { githubWebhookQuery, useDeleteWebhook, useMakeSecret } from './queries'

const route = getRouteApi('/app/project/$projectId/settings/github')

export function GithubPage() {
  const { projectId } = route.useParams()
  const webhook = useQuery(githubWebhookQuery(projectId))
  const make = useMakeSecret(projectId)
  const [asking, setAsking] = useState<'replace' | 'delete' | null>(null)
  return (
    <>
      <PageHeader title="GitHub" />
      <PageBody narrow>
        <Lead>GitHub tells this project of pushes, pull requests and workflow runs. Then commits show who made them, how CI went and what they cost.</Lead>
        {webhook.isPending ? <LoadingState label="Loading the webhook" />
        : webhook.isError ? isStatus(webhook.error, 403) ? <EmptyState icon="key" title="Only owners and admins set up GitHub">Ask one of them.</EmptyState> : <ErrorState title="The webhook could not be loaded" message={messageOf(webhook.error)} onRetry={() => void webhook.refetch()} />
        : webhook.data == null ? (
          <EmptyState icon="key" title="No secret yet" actions={<Button variant="primary" icon="plus" busy={make.isPending} onClick={() => make.mutate()}>Create secret</Button>}>
            GitHub signs what it sends with a secret that only it and this project know.
          </EmptyState>
        ) : (
          <>
            <Settings webhook={webhook.data} />
            <Deliveries webhook={webhook.data} />
            <Section title="Secret">
              <p className={styles.faint}>Made {formatDateTime(webhook.data.rotatedAt)}. It cannot be shown again; a new one replaces it at once.</p>
              <div className={styles.actions}>
                <Button onClick={() => setAsking('replace')}>Replace secret…</Button>
                <Button variant="danger" icon="trash" onClick={() => setAsking('delete')}>
                  Delete secret…
                </Button>
              </div>
            </Section>
          </>
        )}
        {make.isError ? <InlineError>{messageOf(make.error)}</InlineError> : null}
      </PageBody>
      {make.data ? (
        <Dialog title="The webhook’s secret" width={680} sticky onClose={() => make.reset()}>
          <div className={styles.made}>
            <Notice tone="warning">Copy the secret now. It cannot be shown again.</Notice>
            <Line label="Secret" value={make.data.secret} />
            <Line label="Payload URL" value={location.origin + make.data.payloadPath} />
            <DialogActions>
              <Button variant="primary" onClick={() => make.reset()}>
                I have copied it
              </Button>
            </DialogActions>
          </div>
        </Dialog>
      ) : null}
      {asking === 'replace' ? (
        <Dialog title="Replace the secret?" onClose={() => setAsking(null)}>
          <DialogForm submitLabel="Replace secret" onCancel={() => setAsking(null)} onSubmit={async () => { await make.mutateAsync(); setAsking(null) }}>
            <p>GitHub’s deliveries are refused until the new secret is entered there.</p>
          </DialogForm>
        </Dialog>
      ) : null}
      {asking === 'delete' ? <DeleteDialog projectId={projectId} onClose={() => setAsking(null)} /> : null}
    </>
  )
}

function Settings({ webhook }: { webhook: GithubWebhook }) {
  return (
    <Section title="What to enter on GitHub">
      <p className={styles.faint}>Repository or organization → Settings → Webhooks → Add webhook.</p>
      <Line label="Payload URL" value={location.origin + webhook.payloadPath} />
      <Line label="Content type" value="application/json" />
      <p>
        Let me select individual events: <strong>{webhook.events.map(eventLabel).join(', ')}</strong>.
      </p>
    </Section>
  )
}

function Deliveries({ webhook }: { webhook: GithubWebhook }) {
  const now = useNow(10_000)
  return (
    <Section title="Deliveries">
      {webhook.lastDeliveryAt == null ? (
        <p className={styles.faint}>GitHub has not called yet. It sends a ping as soon as the webhook is added.</p>
      ) : (
        <Facts
          facts={[
            ['Last delivery', <time key="at" dateTime={webhook.lastDeliveryAt} data-tip={formatDateTime(webhook.lastDeliveryAt)}>{formatAgo(webhook.lastDeliveryAt, now)}</time>],
            ['Its event', eventLabel(webhook.lastEvent ?? '')],
          ]}
        />
      )}
    </Section>
  )
}

function Line({ label, value }: { label: string; value: string }) {
  return (
    <p className={styles.line}>
      <span>{label}</span>
      <code>{value}</code>
      <CopyButton text={value} label={`Copy ${label.toLowerCase()}`} />
    </p>
  )
}

function DeleteDialog({ projectId, onClose }: { projectId: string; onClose: () => void }) {
  const remove = useDeleteWebhook(projectId)
  return (
    <Dialog title="Delete the secret?" onClose={onClose}>
      <DialogForm submitLabel="Delete secret" danger onCancel={onClose} onSubmit={async () => { await remove.mutateAsync(); onClose() }}>
        <p>GitHub’s deliveries are refused from then on. Commits, pull requests and CI runs that it told of stay.</p>
      </DialogForm>
    </Dialog>
  )
}
