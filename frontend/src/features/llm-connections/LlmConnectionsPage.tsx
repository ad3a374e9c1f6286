// Connections to providers of models: their keys go in and never come out.
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import { messageOf } from '../../api/client'
import { deleteLlmConnection, listLlmConnections, saveLlmConnection, type LlmConnectionBody } from '../../api/models'
import { useMayAdminister } from '../../api/queries'
import type { LlmConnection } from '../../api/types'
import { formatDateTime } from '../../lib/format'
import { parseOptional } from '../../lib/jsonText'
import { Badge, Hostile } from '../../ui/Badge'
import { Button, IconButton } from '../../ui/Button'
import { JsonField } from '../../ui/CodeField'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { EmptyState, ErrorState, LoadingState } from '../../ui/Feedback'
import { Checkbox, Select, TextField } from '../../ui/Field'
import { Lead, PageBody } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { Table, tableStyles } from '../../ui/Table'
import { toast } from '../../ui/Toast'
import { TokenField } from '../../ui/TokenField'

const route = getRouteApi('/app/project/$projectId/settings/llm-connections')

const ADAPTERS: Record<string, string> = { anthropic: 'Anthropic', openai: 'OpenAI and compatible', azure: 'Azure OpenAI', bedrock: 'Amazon Bedrock', 'google-vertex-ai': 'Google Vertex AI', 'google-ai-studio': 'Google AI Studio' }

const connectionsQuery = (projectId: string) =>
  queryOptions({ queryKey: ['llm-connections', projectId], queryFn: async ({ signal }) => (await listLlmConnections(projectId, 1, signal)).data })

export function LlmConnectionsPage() {
  const { projectId } = route.useParams()
  const connections = useQuery(connectionsQuery(projectId))
  const mayAdminister = useMayAdminister(projectId)
  const [editing, setEditing] = useState<LlmConnection | 'new' | null>(null)
  const [deleting, setDeleting] = useState<LlmConnection | null>(null)
  return (
    <>
      <PageHeader title="LLM connections">
        {mayAdminister ? (
          <Button variant="primary" icon="plus" onClick={() => setEditing('new')}>
            New connection
          </Button>
        ) : null}
      </PageHeader>
      <PageBody>
        <Lead>Keys to providers of models, for evaluators and trying prompts. A key is stored encrypted and never shown again.</Lead>
        {connections.isPending ? <LoadingState label="Loading connections" />
        : connections.isError ? <ErrorState title="The connections could not be loaded" message={messageOf(connections.error)} onRetry={() => void connections.refetch()} />
        : connections.data.length === 0 ? <EmptyState icon="chain" title="No LLM connections yet" actions={mayAdminister ? <Button variant="primary" onClick={() => setEditing('new')}>Connect a provider</Button> : null}>{mayAdminister ? 'Connect a provider with a key of its own, so that its use can be told apart and revoked.' : 'Administrators of the project make connections.'}</EmptyState>
        : (
          <Table label="LLM connections" head={['Name', 'Provider', 'Key', 'Address', 'Models', 'Changed', { label: 'Actions', hidden: true }]}>
            {connections.data.map((connection) => (
              <tr key={connection.id}>
                <td className={tableStyles.name}><Hostile text={connection.provider} /></td>
                <td>{ADAPTERS[connection.adapter] ?? connection.adapter}</td>
                <td><code className={tableStyles.faint}>{connection.displaySecretKey}</code></td>
                <td className={tableStyles.wide}>{connection.baseURL ? <Hostile text={connection.baseURL} /> : <span className={tableStyles.faint}>the provider’s own</span>}</td>
                <td className={tableStyles.wide}>
                  <span className={tableStyles.chips}>
                    {connection.withDefaultModels ? <Badge>defaults</Badge> : null}
                    {connection.customModels.slice(0, 4).map((model) => <Badge key={model}><Hostile text={model} /></Badge>)}
                    {connection.customModels.length > 4 ? <span className={tableStyles.faint}>+{connection.customModels.length - 4}</span> : null}
                  </span>
                </td>
                <td>{formatDateTime(connection.updatedAt).slice(0, 10)}</td>
                <td className={tableStyles.actions}>
                  {mayAdminister ? (
                    <>
                      <IconButton icon="edit" size="sm" label={`Edit ${connection.provider}`} onClick={() => setEditing(connection)} />
                      <IconButton icon="trash" tone="danger" size="sm" label={`Delete ${connection.provider}`} onClick={() => setDeleting(connection)} />
                    </>
                  ) : null}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </PageBody>
      {editing ? <ConnectionDialog projectId={projectId} connection={editing === 'new' ? null : editing} taken={connections.data?.map((entry) => entry.provider) ?? []} onClose={() => setEditing(null)} /> : null}
      {deleting ? <DeleteDialog projectId={projectId} connection={deleting} onClose={() => setDeleting(null)} /> : null}
    </>
  )
}

/** What a provider needs beside its key. */
const CONFIG: Record<string, { key: string; label: string; required: boolean; placeholder: string }> = {
  bedrock: { key: 'region', label: 'Region', required: true, placeholder: 'eu-central-1' },
  'google-vertex-ai': { key: 'location', label: 'Location (optional)', required: false, placeholder: 'europe-west4' },
}

function ConnectionDialog({ projectId, connection, taken, onClose }: { projectId: string; connection: LlmConnection | null; taken: readonly string[]; onClose: () => void }) {
  const client = useQueryClient()
  const save = useMutation({ mutationFn: (body: LlmConnectionBody) => saveLlmConnection(projectId, body), onSuccess: () => client.invalidateQueries({ queryKey: ['llm-connections', projectId] }) })
  const [provider, setProvider] = useState(connection?.provider ?? '')
  const [adapter, setAdapter] = useState(connection?.adapter ?? 'openai')
  const [secretKey, setSecretKey] = useState('')
  const [baseURL, setBaseUrl] = useState(connection?.baseURL ?? '')
  const [models, setModels] = useState<string[]>([...(connection?.customModels ?? [])])
  const [defaults, setDefaults] = useState(connection?.withDefaultModels ?? true)
  const extra = CONFIG[adapter]
  const stored = extra ? connection?.config?.[extra.key] : undefined
  const [config, setConfig] = useState(typeof stored === 'string' ? stored : '')
  const [headers, setHeaders] = useState('')
  const parsed = parseOptional(headers)
  const badHeaders = parsed.ok && parsed.value !== undefined && !(typeof parsed.value === 'object' && parsed.value !== null && Object.values(parsed.value).every((value) => typeof value === 'string'))
  const clash = connection == null && taken.includes(provider.trim())
  const valid = provider.trim() !== '' && (connection != null || secretKey.trim() !== '') && (!extra?.required || config.trim() !== '') && parsed.ok && !badHeaders && !clash
  const submit = async () => {
    await save.mutateAsync({
      provider: provider.trim(), adapter, withDefaultModels: defaults, customModels: models,
      ...(secretKey.trim() === '' ? {} : { secretKey: secretKey.trim() }), ...(baseURL.trim() === '' ? {} : { baseURL: baseURL.trim() }),
      ...(extra && config.trim() !== '' ? { config: { [extra.key]: config.trim() } } : {}), ...(parsed.ok && parsed.value !== undefined ? { extraHeaders: parsed.value as Record<string, string> } : {}),
    })
    toast('Connection saved')
    onClose()
  }
  return (
    <Dialog title={connection ? 'Edit connection' : 'New LLM connection'} onClose={onClose} width={520} sticky>
      <DialogForm submitLabel="Save connection" disabled={!valid} onSubmit={submit} onCancel={onClose}>
        <Select label="Provider" value={adapter} onChange={(event) => setAdapter(event.target.value)}>
          {Object.entries(ADAPTERS).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        <TextField label="Name" autoFocus={connection == null} disabled={connection != null} maxLength={100} placeholder={adapter} error={clash ? 'A connection of this name exists: edit that one' : null} value={provider} onChange={(event) => setProvider(event.target.value)} />
        <TextField label={adapter === 'bedrock' ? 'Access keys (JSON)' : adapter === 'google-vertex-ai' ? 'Service account key (JSON)' : 'API key'} type="password" autoComplete="off" value={secretKey} placeholder={connection ? `unchanged (${connection.displaySecretKey})` : undefined} onChange={(event) => setSecretKey(event.target.value)} />
        {extra ? <TextField label={extra.label} placeholder={extra.placeholder} value={config} onChange={(event) => setConfig(event.target.value)} /> : null}
        <TextField label="Address (optional)" type="url" placeholder="https://llm.example.com/v1" hint="For a gateway or a compatible server; https, reachable from the internet." value={baseURL} onChange={(event) => setBaseUrl(event.target.value)} />
        <Checkbox label="Offer the provider’s usual models" checked={defaults} onChange={setDefaults} />
        <TokenField label="Further models" values={models} onChange={setModels} placeholder="my-fine-tune" />
        <JsonField label="Extra headers (optional)" value={headers} onChange={setHeaders} minLines={2} maxLines={8} placeholder={'{ "x-team": "support" }'} problem={badHeaders ? 'Names and texts only' : null} hint={connection && connection.extraHeaderKeys.length > 0 ? `Stored: ${connection.extraHeaderKeys.join(', ')}. Empty keeps them.` : 'Values are kept as secret as the key.'} />
      </DialogForm>
    </Dialog>
  )
}

function DeleteDialog({ projectId, connection, onClose }: { projectId: string; connection: LlmConnection; onClose: () => void }) {
  const client = useQueryClient()
  const remove = useMutation({ mutationFn: () => deleteLlmConnection(projectId, connection.id), onSuccess: () => client.invalidateQueries({ queryKey: ['llm-connections', projectId] }) })
  return (
    <Dialog title="Delete this connection?" onClose={onClose}>
      <DialogForm submitLabel="Delete connection" danger onCancel={onClose} onSubmit={async () => { await remove.mutateAsync(); onClose() }}>
        <p>Evaluators that use “{connection.provider.slice(0, 100)}” stop working. The key is deleted here; revoke it at the provider too if it should be good for nothing.</p>
      </DialogForm>
    </Dialog>
  )
}
