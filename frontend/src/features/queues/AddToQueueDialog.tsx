// Puts traces, observations or sessions into a queue.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import type { QueueObject } from '../../api/annotation'
import { messageOf } from '../../api/client'
import { plural } from '../../lib/format'
import { visibleLine } from '../../lib/visibleText'
import { queuesLink } from '../../paths'
import { Button } from '../../ui/Button'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { EmptyState, InlineError, LoadingState } from '../../ui/Feedback'
import { Select } from '../../ui/Field'
import { toast } from '../../ui/Toast'
import { queuesQuery, useAddToQueue } from './queries'

const WORDS: Record<QueueObject, string> = { TRACE: 'trace', OBSERVATION: 'observation', SESSION: 'session' }

export function AddToQueueDialog({ projectId, objects, onClose, onAdded }: { projectId: string; objects: { objectId: string; objectType: QueueObject }[]; onClose: () => void; onAdded?: () => void }) {
  const queues = useQuery(queuesQuery(projectId))
  const add = useAddToQueue(projectId)
  const [queueId, setQueueId] = useState('')
  const chosen = queues.data?.find((queue) => queue.id === queueId) ?? queues.data?.[0]
  const what = plural(objects.length, WORDS[objects[0]?.objectType ?? 'TRACE'])
  const submit = async () => {
    if (!chosen) return
    const { added, existing } = await add.mutateAsync({ queueId: chosen.id, objects })
    toast(`${added} added to “${chosen.name.slice(0, 60)}”${existing > 0 ? `, ${existing} there already` : ''}`)
    onClose()
    onAdded?.()
  }
  return (
    <Dialog title={`Add ${what} to a queue`} onClose={onClose}>
      {queues.isPending ? <LoadingState label="Loading queues" />
      : queues.isError ? <InlineError>{messageOf(queues.error)}</InlineError>
      : queues.data.length === 0 ? <EmptyState icon="queue" title="No annotation queues yet" actions={<Link {...queuesLink(projectId)} tabIndex={-1}><Button variant="primary">Create a queue</Button></Link>}>A queue says by which scores its items are judged.</EmptyState>
      : (
        <DialogForm submitLabel={`Add ${what}`} onSubmit={submit} onCancel={onClose}>
          <Select label="Queue" autoFocus value={chosen?.id ?? ''} onChange={(event) => setQueueId(event.target.value)}>
            {queues.data.map((queue) => (
              <option key={queue.id} value={queue.id}>
                {visibleLine(queue.name)}
              </option>
            ))}
          </Select>
        </DialogForm>
      )}
    </Dialog>
  )
}
