// The project's API keys: list, create, revoke.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { isStatus, messageOf } from '../../api/client'
import { useMayAdminister } from '../../api/queries'
import type { ApiKey } from '../../api/types'
import { formatAgo, formatDateTime } from '../../lib/format'
import { Badge, Hostile } from '../../ui/Badge'
import { Button, IconButton } from '../../ui/Button'
import { CopyButton } from '../../ui/CopyButton'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { EmptyState, ErrorState, LoadingState } from '../../ui/Feedback'
import { PageHeader } from '../../ui/PageHeader'
import { useNow } from '../../ui/useNow'
import styles from './ApiKeysPage.module.css'
import { CreateKeyDialog } from './CreateKeyDialog'
import { apiKeysQuery, useRevokeApiKey } from './queries'

const route = getRouteApi('/app/project/$projectId/settings/api-keys')

export function ApiKeysPage() {
  const { projectId } = route.useParams()
  const { create } = route.useSearch()
  const navigate = useNavigate()
  const keys = useQuery(apiKeysQuery(projectId))
  const mayAdminister = useMayAdminister(projectId)
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  const now = useNow(30_000)
  const setCreating = (on: boolean) => void navigate({ to: '.', search: on ? { create: '1' } : {}, replace: true })

  return (
    <>
      <PageHeader title="API keys">
        {mayAdminister ? (
          <Button variant="primary" icon="plus" onClick={() => setCreating(true)}>
            Create API key
          </Button>
        ) : null}
      </PageHeader>
      <div className={styles.page}>
        <p className={styles.lead}>A key pair lets SDKs, exporters and coding agents write to and read from this project. Give each program its own, so that it can be revoked alone.</p>
        {keys.isPending ? <LoadingState label="Loading keys" />
        : keys.isError ? isStatus(keys.error, 403) ? <EmptyState icon="key" title="Only owners and admins see API keys">Ask one of them for a key of this project.</EmptyState> : <ErrorState title="The keys could not be loaded" message={messageOf(keys.error)} onRetry={() => void keys.refetch()} />
        : keys.data.length === 0 ? <EmptyState icon="key" title="No API keys yet" actions={mayAdminister ? <Button variant="primary" onClick={() => setCreating(true)}>Create the first key</Button> : null}>Without a key nothing can be sent to this project.</EmptyState>
        : (
          <div className={styles.tableWrap}>
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">Note</th>
                  <th scope="col">Public key</th>
                  <th scope="col">Secret key</th>
                  <th scope="col">Last used</th>
                  <th scope="col">Created</th>
                  <th scope="col">
                    <span className="visually-hidden">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {keys.data.map((key) => (
                  <tr key={key.id}>
                    <td className={styles.note}>{key.note ? <Hostile text={key.note} /> : <span className={styles.faint}>no note</span>}</td>
                    <td>
                      <span className={styles.copyable}>
                        <code>{key.publicKey}</code>
                        <CopyButton text={key.publicKey} label="Copy public key" />
                      </span>
                    </td>
                    <td>
                      <code className={styles.faint}>{key.displaySecretKey}</code>
                    </td>
                    <td>{key.lastUsedAt ? <time dateTime={key.lastUsedAt} data-tip={formatDateTime(key.lastUsedAt)}>{formatAgo(key.lastUsedAt, now)}</time> : <span className={styles.faint}>never</span>}</td>
                    <td>
                      <time dateTime={key.createdAt} data-tip={key.createdBy ? `by ${key.createdBy}` : undefined}>
                        {formatDateTime(key.createdAt).slice(0, 10)}
                      </time>
                      {key.expiresAt && Date.parse(key.expiresAt) < now ? <Badge tone="red">expired</Badge> : null}
                    </td>
                    <td className={styles.action}>{mayAdminister ? <IconButton icon="trash" tone="danger" size="sm" label={`Revoke key ${key.note ?? key.publicKey}`} tip="Revoke" onClick={() => setRevoking(key)} /> : null}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
      {create === '1' && mayAdminister ? <CreateKeyDialog projectId={projectId} onClose={() => setCreating(false)} /> : null}
      {revoking ? <RevokeDialog projectId={projectId} apiKey={revoking} onClose={() => setRevoking(null)} /> : null}
    </>
  )
}

function RevokeDialog({ projectId, apiKey, onClose }: { projectId: string; apiKey: ApiKey; onClose: () => void }) {
  const revoke = useRevokeApiKey(projectId)
  return (
    <Dialog title="Revoke this key?" onClose={onClose}>
      <DialogForm submitLabel="Revoke key" danger onCancel={onClose} onSubmit={async () => { await revoke.mutateAsync(apiKey.id); onClose() }}>
        <p>
          Programs that use <code>{apiKey.publicKey}</code>
          {apiKey.note ? ` (${apiKey.note.slice(0, 100)})` : ''} can no longer send or read data. This cannot be undone.
        </p>
      </DialogForm>
    </Dialog>
  )
}
