// Creates or changes a queue: its name and the score configs that its items are judged by.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { messageOf } from '../../api/client'
import type { AnnotationQueue } from '../../api/types'
import { visibleLine } from '../../lib/visibleText'
import { scoreConfigsLink } from '../../paths'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { InlineError, LoadingState, Notice } from '../../ui/Feedback'
import { Checkbox, TextArea, TextField } from '../../ui/Field'
import { scoreConfigsQuery } from '../scores/queries'
import { TYPE_NAMES } from '../scores/ScoreConfigsPage'
import { useSaveQueue } from './queries'
import styles from './queues.module.css'

export function QueueDialog({ projectId, queue, onClose, onSaved }: { projectId: string; queue: AnnotationQueue | null; onClose: () => void; onSaved: (queue: AnnotationQueue) => void }) {
  const configs = useQuery(scoreConfigsQuery(projectId))
  const save = useSaveQueue(projectId)
  const [name, setName] = useState(queue?.name ?? '')
  const [description, setDescription] = useState(queue?.description ?? '')
  const [chosen, setChosen] = useState<readonly string[]>(queue?.scoreConfigIds ?? [])
  const offered = (configs.data ?? []).filter((config) => !config.isArchived || chosen.includes(config.id))
  const submit = async () => {
    const said = description.trim()
    const made = await save.mutateAsync({ id: queue?.id ?? null, body: { name: name.trim(), description: said === '' ? null : said, scoreConfigIds: [...chosen] } })
    onClose()
    onSaved(made)
  }
  return (
    <Dialog title={queue ? 'Edit queue' : 'New annotation queue'} onClose={onClose} width={480}>
      {configs.isPending ? <LoadingState label="Loading score configs" /> : configs.isError ? <InlineError>{messageOf(configs.error)}</InlineError> : (
        <DialogForm submitLabel={queue ? 'Save' : 'Create queue'} disabled={name.trim() === '' || chosen.length === 0} onSubmit={submit} onCancel={onClose}>
          <TextField label="Name" autoFocus maxLength={100} placeholder="Answers that users disliked" value={name} onChange={(event) => setName(event.target.value)} />
          <TextArea label="Description (optional)" maxLength={2000} placeholder="What annotators should look at" value={description} onChange={(event) => setDescription(event.target.value)} />
          <fieldset className={styles.configs}>
            <legend>Judged by</legend>
            {offered.map((config) => (
              <Checkbox key={config.id} label={`${visibleLine(config.name)} (${TYPE_NAMES[config.dataType] ?? config.dataType.toLowerCase()})`} checked={chosen.includes(config.id)} onChange={(on) => setChosen(on ? [...chosen, config.id] : chosen.filter((id) => id !== config.id))} />
            ))}
            {offered.length === 0 ? <Notice>There are no score configs yet. <Link {...scoreConfigsLink(projectId)} className={styles.link}>Create one first</Link>.</Notice> : null}
          </fieldset>
        </DialogForm>
      )}
    </Dialog>
  )
}
