// Models and their prices: the project's own and the managed ones, which of them a name matches, and what usage costs.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'

import { messageOf } from '../../api/client'
import { useMayWrite } from '../../api/queries'
import type { Model } from '../../api/types'
import { formatCount } from '../../lib/format'
import type { ModelsSearch } from '../../lib/pageSearch'
import { Badge, Hostile } from '../../ui/Badge'
import { Button, IconButton } from '../../ui/Button'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { EmptyState, ErrorState, LoadingState } from '../../ui/Feedback'
import { Select } from '../../ui/Field'
import { SearchBox } from '../../ui/filter-bar/SearchBox'
import { Gap, PageBody, Toolbar } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { Table, tableStyles } from '../../ui/Table'
import { toast } from '../../ui/Toast'
import { ModelDetails } from './ModelDetails'
import { ModelDialog } from './ModelDialog'
import styles from './models.module.css'
import { ModelTester } from './ModelTester'
import { perMillion } from './price'
import { modelCountsQuery, modelQuery, modelsQuery, useDeleteModel } from './queries'
import { RecalculateDialog } from './RecalculateDialog'

const route = getRouteApi('/app/project/$projectId/settings/models')

export function ModelsPage() {
  const { projectId } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const mayWrite = useMayWrite(projectId)
  const models = useInfiniteQuery(modelsQuery(projectId, search))
  const counts = useQuery(modelCountsQuery(projectId))
  const opened = useQuery({ ...modelQuery(projectId, search.model ?? ''), enabled: search.model != null })
  const [dialog, setDialog] = useState<{ kind: 'new' | 'edit' | 'clone' | 'delete'; model: Model | null } | { kind: 'recalculate'; model: Model | null } | null>(null)
  const setSearch = useCallback((change: Partial<ModelsSearch>) => void navigate({ to: '.', search: (current) => ({ ...current, ...change }), replace: true }), [navigate])
  const onSearch = useCallback((q: string) => setSearch({ q: q.trim() === '' ? undefined : q }), [setSearch])
  const rows = useMemo(() => models.data?.pages.flatMap((page) => page.data) ?? [], [models.data])
  const found = models.data?.pages[0]?.meta.totalItems ?? 0

  return (
    <>
      <PageHeader title="Models and prices" meta={counts.data ? `${formatCount(counts.data.own)} own, ${formatCount(counts.data.managed)} managed` : undefined}>
        {mayWrite ? (
          <>
            <Button icon="refresh" onClick={() => setDialog({ kind: 'recalculate', model: null })}>
              Recalculate costs
            </Button>
            <Button variant="primary" icon="plus" onClick={() => setDialog({ kind: 'new', model: null })}>
              New model
            </Button>
          </>
        ) : null}
      </PageHeader>
      <Toolbar>
        <SearchBox label="Search models" value={search.q ?? ''} onChange={onSearch} />
        <Select label="Whose" hideLabel value={search.owner ?? ''} onChange={(event) => setSearch({ owner: event.target.value === 'own' || event.target.value === 'managed' ? event.target.value : undefined })}>
          <option value="">Own and managed</option>
          <option value="own">Own</option>
          <option value="managed">Managed</option>
        </Select>
        <Gap />
      </Toolbar>
      <PageBody>
        {models.isPending ? <LoadingState label="Loading models" />
        : models.isError ? <ErrorState title="The models could not be loaded" message={messageOf(models.error)} onRetry={() => void models.refetch()} />
        : (
          <>
            <ModelTester projectId={projectId} name={search.tester ?? ''} onName={(name) => setSearch({ tester: name === '' ? undefined : name })} onOpen={(model) => setSearch({ model: model.id })} />
            {rows.length === 0 ? (
              search.owner === 'own' && search.q == null ? <EmptyState icon="price" title="No models of your own" actions={mayWrite ? <Button variant="primary" onClick={() => setDialog({ kind: 'new', model: null })}>Define a model</Button> : null}>Define one for a model that is not in the managed list, or for prices of your own. It goes before managed ones.</EmptyState>
              : <EmptyState icon="search" title="No models match" actions={<Button onClick={() => setSearch({ q: undefined, owner: undefined })}>Clear filters</Button>}>Steps whose model has no price are shown with an unknown cost, never with zero.</EmptyState>
            ) : (
              <Table label="Models" head={['Model', 'Matches', { label: 'Input / 1M', align: 'end' }, { label: 'Output / 1M', align: 'end' }, { label: 'Tiers', align: 'end' }, 'From', { label: 'Actions', hidden: true }]}>
                {rows.map((model) => (
                  <tr key={model.id}>
                    <td className={tableStyles.name}>
                      <button type="button" onClick={() => setSearch({ model: model.id })}><Hostile text={model.modelName} /></button> {model.isLangfuseManaged ? null : <Badge tone="accent">own</Badge>}
                    </td>
                    <td className={tableStyles.wide}><code className={styles.pattern}><Hostile text={model.matchPattern} /></code></td>
                    <td className={tableStyles.end}>{perMillion(model.prices.input?.price)}</td>
                    <td className={tableStyles.end}>{perMillion(model.prices.output?.price)}</td>
                    <td className={tableStyles.end}>{model.pricingTiers.length + (model.serviceTiers?.length ?? 0)}</td>
                    <td>{model.startDate ? model.startDate.slice(0, 10) : <span className={tableStyles.faint}>always</span>}</td>
                    <td className={tableStyles.actions}>
                      {mayWrite ? (
                        <>
                          {model.isLangfuseManaged ? null : <IconButton icon="edit" size="sm" label={`Edit ${model.modelName}`} onClick={() => setDialog({ kind: 'edit', model })} />}
                          <IconButton icon="copy" size="sm" label={`Make an own copy of ${model.modelName}`} onClick={() => setDialog({ kind: 'clone', model })} />
                          {model.isLangfuseManaged ? null : <IconButton icon="trash" tone="danger" size="sm" label={`Delete ${model.modelName}`} onClick={() => setDialog({ kind: 'delete', model })} />}
                        </>
                      ) : null}
                    </td>
                  </tr>
                ))}
              </Table>
            )}
            {models.hasNextPage ? (
              <div className={styles.more}>
                <Button busy={models.isFetchingNextPage} onClick={() => void models.fetchNextPage()}>
                  Load more
                </Button>
                <span className={styles.faint}>{formatCount(rows.length)} of {formatCount(found)}</span>
              </div>
            ) : null}
          </>
        )}
      </PageBody>
      {search.model != null && opened.data ? <ModelDetails model={opened.data} onClose={() => setSearch({ model: undefined })} /> : null}
      {dialog?.kind === 'recalculate' ? <RecalculateDialog projectId={projectId} model={dialog.model} onClose={() => setDialog(null)} />
      : dialog?.kind === 'delete' && dialog.model ? <DeleteModelDialog projectId={projectId} model={dialog.model} onClose={() => setDialog(null)} />
      : dialog ? <ModelDialog projectId={projectId} model={dialog.model} clone={dialog.kind === 'clone'} onClose={() => setDialog(null)} onSaved={(saved) => { toast('Model saved. What arrives from now on is priced with it within a minute.'); setDialog({ kind: 'recalculate', model: saved }) }} />
      : null}
    </>
  )
}

function DeleteModelDialog({ projectId, model, onClose }: { projectId: string; model: Model; onClose: () => void }) {
  const remove = useDeleteModel(projectId)
  return (
    <Dialog title="Delete this model?" onClose={onClose}>
      <DialogForm submitLabel="Delete model" danger onCancel={onClose} onSubmit={async () => { await remove.mutateAsync(model.id); onClose() }}>
        <p>What arrives from now on is priced by a managed model of that name, or has no cost. Past costs stay until they are recalculated.</p>
      </DialogForm>
    </Dialog>
  )
}
