// Appears while rows are selected: what can be done with all of them at once.
import { useState } from 'react'

import type { TraceRow } from '../../api/types'
import { plural } from '../../lib/format'
import { Button } from '../../ui/Button'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { AddToQueueDialog } from './lazy'
import { exportRows } from './exportRows'
import { useDeleteTraces } from './queries'
import styles from './TracesPage.module.css'

export function BulkBar({ projectId, selected, rows, onClear }: { projectId: string; selected: ReadonlySet<string>; rows: readonly TraceRow[]; onClear: () => void }) {
  const [confirming, setConfirming] = useState(false)
  const [queueing, setQueueing] = useState(false)
  if (selected.size === 0) return null
  return (
    <div className={styles.bulk} role="toolbar" aria-label="Selected traces">
      <span className={styles.bulkCount}>{plural(selected.size, 'trace')} selected</span>
      <Button icon="download" onClick={() => exportRows(rows.filter((row) => selected.has(row.id)), 'json')}>
        Export
      </Button>
      <Button icon="queue" onClick={() => setQueueing(true)}>
        Add to queue
      </Button>
      <Button icon="trash" variant="danger" onClick={() => setConfirming(true)}>
        Delete
      </Button>
      <Button variant="ghost" onClick={onClear}>
        Clear
      </Button>
      {queueing ? <AddToQueueDialog projectId={projectId} objects={[...selected].map((objectId) => ({ objectId, objectType: 'TRACE' as const }))} onClose={() => setQueueing(false)} onAdded={onClear} /> : null}
      {confirming ? (
        <DeleteTracesDialog
          projectId={projectId}
          ids={[...selected]}
          onClose={() => setConfirming(false)}
          onDeleted={() => {
            setConfirming(false)
            onClear()
          }}
        />
      ) : null}
    </div>
  )
}

export function DeleteTracesDialog({ projectId, ids, onClose, onDeleted }: { projectId: string; ids: string[]; onClose: () => void; onDeleted: () => void }) {
  const remove = useDeleteTraces(projectId)
  return (
    <Dialog title={`Delete ${plural(ids.length, 'trace')}?`} onClose={onClose}>
      <DialogForm submitLabel="Delete" danger onCancel={onClose} onSubmit={async () => { await remove.mutateAsync(ids); onDeleted() }}>
        <p>Their observations and scores are deleted too. This cannot be undone. It takes a moment until all data is gone.</p>
      </DialogForm>
    </Dialog>
  )
}
