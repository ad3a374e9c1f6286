// Which labels only administrators and API keys may move.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { messageOf } from '../../api/client'
import { labelProblem } from '../../lib/prompt'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { InlineError, LoadingState } from '../../ui/Feedback'
import { TokenField } from '../../ui/TokenField'
import { promptFacetsQuery, useSetProtectedLabels } from './queries'

export function ProtectedLabelsDialog({ projectId, onClose }: { projectId: string; onClose: () => void }) {
  const facets = useQuery(promptFacetsQuery(projectId))
  const save = useSetProtectedLabels(projectId)
  const [changed, setChanged] = useState<string[] | null>(null)
  const labels = changed ?? facets.data?.labels.filter((label) => label.protected).map((label) => label.value) ?? []
  return (
    <Dialog title="Protected labels" onClose={onClose}>
      {facets.isPending ? <LoadingState /> : facets.isError ? <InlineError>{messageOf(facets.error)}</InlineError> : (
        <DialogForm submitLabel="Save" disabled={changed == null} onCancel={onClose} onSubmit={async () => { await save.mutateAsync(labels); onClose() }}>
          <p>Members can neither move these labels to another version nor delete a version that has one. Administrators and API keys can.</p>
          <TokenField label="Labels" values={labels} onChange={setChanged} problemOf={labelProblem} placeholder="production" suggestions={facets.data.labels.map((label) => label.value).filter((label) => label !== 'latest')} />
        </DialogForm>
      )}
    </Dialog>
  )
}
