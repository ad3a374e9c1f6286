// Computes past costs anew with the prices of now, and shows how far that is.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

import { messageOf } from '../../api/client'
import type { Model } from '../../api/types'
import { formatCount, plural } from '../../lib/format'
import { Button } from '../../ui/Button'
import { Dialog, DialogActions, DialogForm } from '../../ui/Dialog'
import { InlineError } from '../../ui/Feedback'
import { Select } from '../../ui/Field'
import { Progress } from '../../ui/Page'
import styles from './models.module.css'
import { recalculationQuery, useRecalculate } from './queries'

const DAY = 86_400_000

export function RecalculateDialog({ projectId, model, onClose }: { projectId: string; model: Model | null; onClose: () => void }) {
  const start = useRecalculate(projectId)
  const client = useQueryClient()
  const [days, setDays] = useState('30')
  const id = start.data?.id
  const progress = useQuery({ ...recalculationQuery(projectId, id ?? ''), enabled: id != null })
  const done = progress.data?.status === 'COMPLETED'
  useEffect(() => {
    if (done) void client.invalidateQueries({ queryKey: ['traces', projectId] })
  }, [done, client, projectId])

  if (id != null) {
    const { scanned = 0, repriced = 0 } = progress.data ?? {}
    return (
      <Dialog key="progress" title={done ? 'Costs recalculated' : 'Recalculating costs'} onClose={onClose}>
        <div className={styles.details}>
          <Progress label="Recalculation" done={done ? 1 : (progress.data?.progress ?? 0)} total={1} />
          <p role="status">
            {progress.data?.status === 'QUEUED' || !progress.data ? 'Waiting to begin…' : `${plural(scanned, 'step')} looked at, ${formatCount(repriced)} with a new cost.`} {done ? 'Lists show the new costs within seconds.' : 'It goes on when you close this.'}
          </p>
          {progress.isError ? <InlineError>{messageOf(progress.error)}</InlineError> : null}
          <DialogActions>
            <Button variant={done ? 'primary' : 'default'} onClick={onClose}>
              {done ? 'Done' : 'Close'}
            </Button>
          </DialogActions>
        </div>
      </Dialog>
    )
  }
  const submit = async () => {
    const now = Date.now()
    await start.mutateAsync({ fromTimestamp: new Date(now - Number(days) * DAY).toISOString(), toTimestamp: new Date(now + 60_000).toISOString(), ...(model ? { modelId: model.id } : {}) })
  }
  return (
    <Dialog key="ask" title="Recalculate past costs?" onClose={onClose}>
      <DialogForm submitLabel="Recalculate" onSubmit={submit} onCancel={onClose}>
        <p>{model ? <>Steps that “{model.modelName.slice(0, 80)}” priced, or would price now, get their cost anew.</> : 'The costs of past steps are computed anew with the prices of now.'} Costs that programs stated themselves are never touched.</p>
        <Select label="Steps of the last" value={days} onChange={(event) => setDays(event.target.value)}>
          {['1', '7', '30', '90', '365'].map((entry) => (
            <option key={entry} value={entry}>
              {entry === '1' ? 'day' : `${entry} days`}
            </option>
          ))}
        </Select>
      </DialogForm>
    </Dialog>
  )
}
