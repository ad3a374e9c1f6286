// Scores of the trace or of one observation: list, add, delete.
import { useState, type SubmitEvent } from 'react'

import { messageOf } from '../../../api/client'
import { useMayWrite } from '../../../api/queries'
import type { NewScore } from '../../../api/operations'
import type { ObservationNode, Score } from '../../../api/types'
import { formatAgo, formatDateTime } from '../../../lib/format'
import { Badge, Hostile } from '../../../ui/Badge'
import { Button, IconButton } from '../../../ui/Button'
import { InlineError } from '../../../ui/Feedback'
import { Select, TextArea, TextField } from '../../../ui/Field'
import { PlainText } from '../../../ui/content/TextContent'
import { useAddScore, useDeleteScore } from '../queries'
import styles from './DetailPanel.module.css'

interface ScoresTabProps {
  projectId: string
  traceId: string
  observationId: string | undefined
  scores: readonly Score[]
  observations: readonly ObservationNode[]
  onSelect: (id: string | null) => void
}

export function ScoresTab({ projectId, traceId, observationId, scores, observations, onSelect }: ScoresTabProps) {
  const mayWrite = useMayWrite(projectId)
  const remove = useDeleteScore(projectId, traceId)
  const [adding, setAdding] = useState(false)
  return (
    <>
      {scores.length === 0 && !adding ? <p className={styles.none}>No scores{observationId ? ' on this step' : ''} yet</p> : null}
      {scores.length > 0 ? (
        <ul className={styles.scores}>
          {scores.map((score) => {
            const target = observationId == null && score.observationId != null ? observations.find((span) => span.id === score.observationId) : undefined
            return (
              <li key={score.id} className={styles.score}>
                <div className={styles.scoreTop}>
                  <span className={styles.scoreName}>
                    <Hostile text={score.name} />
                  </span>
                  <span className={styles.scoreValue}>
                    <Hostile text={score.stringValue ?? (score.value == null ? '–' : String(score.value))} />
                  </span>
                  <Badge>{score.source.slice(0, 20).toLowerCase()}</Badge>
                  <span className={styles.gap} />
                  <time className={styles.size} dateTime={score.timestamp} data-tip={formatDateTime(score.timestamp)}>
                    {formatAgo(score.timestamp, Date.now())}
                  </time>
                  {mayWrite ? <IconButton icon="trash" tone="danger" size="sm" label={`Delete score ${score.name.slice(0, 60)}`} onClick={() => remove.mutate(score.id)} /> : null}
                </div>
                {target ? (
                  <button type="button" className={styles.scoreTarget} onClick={() => onSelect(target.id)}>
                    on <Hostile text={target.name ?? target.type} />
                  </button>
                ) : null}
                {score.comment ? <PlainText text={score.comment} /> : null}
              </li>
            )
          })}
        </ul>
      ) : null}
      {!mayWrite ? null : adding ? (
        <AddScore projectId={projectId} traceId={traceId} observationId={observationId} onDone={() => setAdding(false)} />
      ) : (
        <div>
          <Button icon="plus" onClick={() => setAdding(true)}>
            Add score
          </Button>
        </div>
      )}
    </>
  )
}

function AddScore({ projectId, traceId, observationId, onDone }: { projectId: string; traceId: string; observationId: string | undefined; onDone: () => void }) {
  const add = useAddScore(projectId, traceId)
  const [name, setName] = useState('')
  const [dataType, setDataType] = useState<NewScore['dataType']>('NUMERIC')
  const [value, setValue] = useState('')
  const [comment, setComment] = useState('')
  const number = value.trim() !== '' && Number.isFinite(Number(value))
  const valid = name.trim() !== '' && (dataType === 'NUMERIC' ? number : dataType === 'BOOLEAN' || value.trim() !== '')

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const typed = dataType === 'NUMERIC' ? Number(value) : dataType === 'BOOLEAN' ? (value === 'false' ? 0 : 1) : value.trim()
    add.mutate({ traceId, observationId, name: name.trim(), dataType, value: typed, comment: comment.trim() === '' ? undefined : comment.trim() }, { onSuccess: onDone })
  }

  return (
    <form className={styles.addScore} onSubmit={submit}>
      <div className={styles.addRow}>
        <TextField label="Name" autoFocus placeholder="e.g. correctness" value={name} onChange={(event) => setName(event.target.value)} />
        <Select label="Type" value={dataType} onChange={(event) => setDataType(event.target.value as NewScore['dataType'])}>
          <option value="NUMERIC">Number</option>
          <option value="BOOLEAN">Yes / no</option>
          <option value="CATEGORICAL">Category</option>
        </Select>
        {dataType === 'BOOLEAN' ? (
          <Select label="Value" value={value === 'false' ? 'false' : 'true'} onChange={(event) => setValue(event.target.value)}>
            <option value="true">Yes</option>
            <option value="false">No</option>
          </Select>
        ) : (
          <TextField label="Value" inputMode={dataType === 'NUMERIC' ? 'decimal' : undefined} value={value} error={dataType === 'NUMERIC' && value !== '' && !number ? 'Must be a number' : null} onChange={(event) => setValue(event.target.value)} />
        )}
      </div>
      <TextArea label="Comment (optional)" value={comment} onChange={(event) => setComment(event.target.value)} />
      {add.isError ? <InlineError>{messageOf(add.error)}</InlineError> : null}
      <div className={styles.addActions}>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={!valid} busy={add.isPending}>
          Save score
        </Button>
      </div>
    </form>
  )
}
