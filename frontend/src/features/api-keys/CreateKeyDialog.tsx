// Creates a key pair and shows its secret, this once, with settings ready to paste.
import { useState } from 'react'

import { Button } from '../../ui/Button'
import { CopyButton } from '../../ui/CopyButton'
import { Dialog, DialogActions, DialogForm } from '../../ui/Dialog'
import { Notice } from '../../ui/Feedback'
import { TextField } from '../../ui/Field'
import { Snippets } from '../../ui/Snippets'
import styles from './ApiKeysPage.module.css'
import { useCreateApiKey } from './queries'

export function CreateKeyDialog({ projectId, onClose }: { projectId: string; onClose: () => void }) {
  const create = useCreateApiKey(projectId)
  const [note, setNote] = useState('')
  const made = create.data

  if (!made) {
    return (
      <Dialog key="form" title="Create API key" onClose={onClose}>
        <DialogForm submitLabel="Create key" onCancel={onClose} onSubmit={async () => { await create.mutateAsync(note.trim()) }}>
          <TextField label="Note (optional)" hint="Which program will use it, for example “CI runners”" autoFocus maxLength={200} value={note} onChange={(event) => setNote(event.target.value)} />
        </DialogForm>
      </Dialog>
    )
  }
  return (
    <Dialog key="made" title="Your new API key" onClose={onClose} width={680} sticky>
      <div className={styles.made}>
        <Notice tone="warning">Copy the secret key now. It is not stored and cannot be shown again.</Notice>
        <KeyLine label="Public key" value={made.publicKey} />
        <KeyLine label="Secret key" value={made.secretKey} />
        <Snippets keys={made} />
        <DialogActions>
          <Button variant="primary" onClick={onClose}>
            I have copied it
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  )
}

function KeyLine({ label, value }: { label: string; value: string }) {
  return (
    <div className={styles.keyLine}>
      <span className={styles.keyLabel}>{label}</span>
      <code className={styles.keyValue}>{value}</code>
      <CopyButton text={value} label={`Copy ${label.toLowerCase()}`} size="md" />
    </div>
  )
}
