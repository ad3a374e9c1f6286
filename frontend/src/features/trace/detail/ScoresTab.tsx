// Scores of the trace or of one observation: list, add, delete.
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'

import { messageOf } from '../../../api/client'
import { useMayWrite } from '../../../api/queries'
import type { NewScore } from '../../../api/operations'
import type { ObservationNode, Score } from '../../../api/types'
import { formatAgo, formatDateTime, plural } from '../../../lib/format'
import { scoreConfigsLink } from '../../../paths'
import { Badge, Hostile } from '../../../ui/Badge'
import { Button, IconButton } from '../../../ui/Button'
import { EmptyState, ErrorState, InlineError, LoadingState } from '../../../ui/Feedback'
import { Select, TextArea, TextField } from '../../../ui/Field'
import { PlainText } from '../../../ui/content/TextContent'
import { scoreConfigsQuery } from '../../scores/queries'
import { ScoreFields } from '../../scores/ScoreFields'
import { useAnnotation } from '../../scores/useAnnotation'
import { useAddScore, useDeleteScore, useRefreshScores } from '../queries'
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
  const [adding, setAdding] = useState<'configs' | 'free' | null>(null)
  return (
    <>
      {scores.length === 0 && adding == null ? <p className={styles.none}>No scores{observationId ? ' on this step' : ''} yet</p> : null}
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
      {!mayWrite ? null : adding === 'free' ? (
        <AddScore projectId={projectId} traceId={traceId} observationId={observationId} onDone={() => setAdding(null)} />
      ) : adding === 'configs' ? (
        <Annotate projectId={projectId} traceId={traceId} observationId={observationId} scores={scores} onDone={() => setAdding(null)} />
      ) : (
        <div className={styles.useAs}>
          <Button icon="evaluator" variant="primary" onClick={() => setAdding('configs')}>
            Annotate
          </Button>
          <Button icon="plus" onClick={() => setAdding('free')}>
            Add score
          </Button>
        </div>
      )}
    </>
  )
}

/** A field for each active config of the project; what was given before can be changed. */
function Annotate({ projectId, traceId, observationId, scores, onDone }: { projectId: string; traceId: string; observationId: string | undefined; scores: readonly Score[]; onDone: () => void }) {
  const configs = useQuery(scoreConfigsQuery(projectId))
  const active = (configs.data ?? []).filter((config) => !config.isArchived)
  const refresh = useRefreshScores(projectId, traceId)
  const form = useAnnotation(projectId, { traceId, observationId }, active, scores)
  const save = useMutation({ mutationFn: form.save, onSuccess: async () => { await refresh(); onDone() } })
  if (configs.isPending) return <LoadingState label="Loading score configs" />
  if (configs.isError) return <ErrorState title="The score configs could not be loaded" message={messageOf(configs.error)} onRetry={() => void configs.refetch()} />
  if (active.length === 0) {
    return (
      <EmptyState icon="evaluator" title="No score configs yet" actions={<Link {...scoreConfigsLink(projectId)} tabIndex={-1}><Button>Create one</Button></Link>}>
        A config says which values a score may have, so that everybody judges alike.
      </EmptyState>
    )
  }
  return (
    <form
      className={styles.annotate}
      aria-label="Annotate"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <ScoreFields configs={active} entries={form.entries} onChange={form.setEntries} disabled={save.isPending} />
      {save.isError ? <InlineError>{messageOf(save.error)}</InlineError> : null}
      <div className={styles.addActions}>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={form.changed === 0 || form.problem} busy={save.isPending}>
          Save {form.changed > 0 ? plural(form.changed, 'score') : 'scores'}
        </Button>
      </div>
    </form>
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
