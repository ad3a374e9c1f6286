// A field for each score config: buttons for categories and yes/no, a box for numbers and texts, a comment where one is wanted.
import { useState, type KeyboardEvent } from 'react'

import { entryProblem, type Config, type Entry } from '../../lib/annotate'
import { visibleLine } from '../../lib/visibleText'
import { Button, IconButton } from '../../ui/Button'
import { TextArea, TextField } from '../../ui/Field'
import styles from './scores.module.css'

export type Entries = ReadonlyMap<string, Entry>

export function ScoreFields({ configs, entries, onChange, disabled = false }: { configs: readonly (Config & { description?: string | null })[]; entries: Entries; onChange: (entries: Entries) => void; disabled?: boolean }) {
  const set = (id: string, change: Partial<Entry>) => onChange(new Map([...entries, [id, { ...(entries.get(id) ?? { value: '', comment: '' }), ...change }]]))
  return (
    <div className={styles.fields}>
      {configs.map((config) => (
        <ScoreField key={config.id} config={config} entry={entries.get(config.id) ?? { value: '', comment: '' }} onChange={(change) => set(config.id, change)} disabled={disabled} />
      ))}
    </div>
  )
}

function ScoreField({ config, entry, onChange, disabled }: { config: Config & { description?: string | null }; entry: Entry; onChange: (change: Partial<Entry>) => void; disabled: boolean }) {
  const [commenting, setCommenting] = useState(entry.comment !== '')
  const name = visibleLine(config.name)
  const choices = config.dataType === 'BOOLEAN' ? [{ value: '1', label: 'Yes' }, { value: '0', label: 'No' }] : config.dataType === 'CATEGORICAL' ? (config.categories ?? []).map((category) => ({ value: category.label, label: visibleLine(category.label) })) : null
  const choose = (value: string) => onChange({ value: entry.value === value ? '' : value })
  const onKeyDown = (event: KeyboardEvent) => {
    if (!choices || event.ctrlKey || event.metaKey || event.altKey) return
    const at = Number(event.key)
    const choice = choices[at - 1]
    if (Number.isInteger(at) && at >= 1 && choice) {
      event.preventDefault()
      event.stopPropagation()
      choose(choice.value)
    }
  }
  return (
    <div className={styles.field}>
      <div className={styles.fieldHead}>
        <span className={styles.fieldName} data-tip={config.description ?? undefined}>
          {name}
        </span>
        {config.dataType === 'NUMERIC' && (config.minValue != null || config.maxValue != null) ? <span className={styles.faint}>{config.minValue ?? '−∞'} to {config.maxValue ?? '∞'}</span> : null}
        <span className={styles.gap} />
        <IconButton icon="comment" size="sm" label={`Comment on ${name}`} active={entry.comment !== ''} aria-expanded={commenting} disabled={disabled} onClick={() => setCommenting(!commenting)} />
      </div>
      {choices ? (
        <div className={styles.choices} role="radiogroup" aria-label={name} onKeyDown={onKeyDown}>
          {choices.map((choice, index) => (
            <Button key={choice.value} role="radio" aria-checked={entry.value === choice.value} active={entry.value === choice.value} variant={entry.value === choice.value ? 'primary' : 'default'} disabled={disabled} onClick={() => choose(choice.value)}>
              {choice.label}
              {index < 9 ? <span className={styles.digit} aria-hidden>{index + 1}</span> : null}
            </Button>
          ))}
        </div>
      ) : config.dataType === 'TEXT' ? (
        <TextArea label={name} hideLabel maxLength={500} disabled={disabled} value={entry.value} onChange={(event) => onChange({ value: event.target.value })} />
      ) : (
        <TextField label={name} hideLabel inputMode="decimal" placeholder="number" disabled={disabled} value={entry.value} error={entryProblem(config, entry.value)} onChange={(event) => onChange({ value: event.target.value })} />
      )}
      {commenting ? <TextArea label={`Comment on ${name}`} hideLabel rows={2} placeholder="Why?" disabled={disabled} value={entry.comment} onChange={(event) => onChange({ comment: event.target.value })} /> : null}
    </div>
  )
}
