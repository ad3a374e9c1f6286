// Edits one filter. The form depends on the column's type; choices come with how often each value occurs.
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState, type SubmitEvent } from 'react'

import { formatCompact } from '../../lib/format'
import { operatorsOf, type Filter, type FilterColumn } from '../../lib/filters'
import { visibleLine } from '../../lib/visibleText'
import { Button, IconButton } from '../Button'
import { Checkbox, Select, TextField } from '../Field'
import { Spinner } from '../Feedback'
import styles from './FilterBar.module.css'
import { fromLocalInput, toLocalInput } from './localTime'

export type LoadFacet = (column: string, search: string, signal: AbortSignal) => Promise<{ value: string; count: number }[]>

interface FilterEditorProps {
  column: FilterColumn
  filter: Filter | null
  facetScope: string
  loadFacet?: LoadFacet
  onApply: (filter: Filter) => void
  onBack?: () => void
}

export function FilterEditor({ column, filter, facetScope, loadFacet, onApply, onBack }: FilterEditorProps) {
  const operators = operatorsOf(column)
  const [operator, setOperator] = useState(filter?.operator ?? operators[0]?.operator ?? '=')
  const [text, setText] = useState(() => (filter == null || Array.isArray(filter.value) ? '' : column.type === 'datetime' ? toLocalInput(String(filter.value)) : String(filter.value)))
  const [chosen, setChosen] = useState<string[]>(() => (Array.isArray(filter?.value) ? filter.value : []))
  const [key, setKey] = useState(filter?.key ?? '')

  const type = operators.find((entry) => entry.operator === operator)?.type ?? column.type
  const made = makeFilter({ column: column.id, type, operator, text, chosen, key })

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (made) onApply(made)
  }

  return (
    <form className={styles.editor} onSubmit={submit}>
      <div className={styles.editorHead}>
        {onBack ? <IconButton icon="chevronLeft" label="Choose another column" size="sm" onClick={onBack} /> : null}
        <span className={styles.editorTitle}>{column.label}</span>
        {type === 'boolean' ? null : (
          <Select label="Operator" hideLabel value={operator} onChange={(event) => setOperator(event.target.value)}>
            {operators.map((entry) => (
              <option key={entry.operator} value={entry.operator}>
                {OPERATOR_LABELS[entry.operator] ?? entry.operator}
              </option>
            ))}
          </Select>
        )}
      </div>
      {type === 'stringObject' ? <TextField label="Key" data-autofocus placeholder="metadata key" value={key} onChange={(event) => setKey(event.target.value)} /> : null}
      {type === 'boolean' ? (
        <Select label="Value" hideLabel data-autofocus value={text || 'true'} onChange={(event) => setText(event.target.value)}>
          <option value="true">Yes</option>
          <option value="false">No</option>
        </Select>
      ) : type === 'stringOptions' || type === 'arrayOptions' ? (
        <Options column={column} chosen={chosen} onChange={setChosen} facetScope={facetScope} loadFacet={loadFacet} />
      ) : (
        <TextField
          label={column.unit ? `Value in ${column.unit}` : 'Value'}
          hideLabel={!column.unit && type !== 'stringObject'}
          data-autofocus={type === 'stringObject' ? undefined : true}
          type={type === 'number' ? 'number' : type === 'datetime' ? 'datetime-local' : 'text'}
          step={type === 'datetime' ? 1 : 'any'}
          placeholder={type === 'number' ? '0' : 'value'}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      <Button type="submit" variant="primary" disabled={!made}>
        Apply
      </Button>
    </form>
  )
}

const OPERATOR_LABELS: Record<string, string> = { '=': 'is', '<>': 'is not', '>=': '≥ at least', '<=': '≤ at most', '>': '> more than', '<': '< less than', 'any of': 'is any of', 'none of': 'is none of', 'all of': 'has all of' }

function Options({ column, chosen, onChange, facetScope, loadFacet }: {
  column: FilterColumn
  chosen: string[]
  onChange: (chosen: string[]) => void
  facetScope: string
  loadFacet?: LoadFacet
}) {
  const [words, setWords] = useState('')
  const search = useDeferredValue(words.trim())
  const facet = useQuery({
    queryKey: ['facet', facetScope, column.id, search],
    queryFn: ({ signal }) => loadFacet?.(column.id, search, signal) ?? [],
    enabled: column.facet === true && loadFacet != null,
    staleTime: 30_000,
    placeholderData: (previous) => previous,
  })

  const counts = new Map((facet.data ?? []).map((entry) => [entry.value, entry.count]))
  const known = column.options ?? (facet.data ?? []).map((entry) => entry.value)
  const matching = known.filter((value) => value.toLowerCase().includes(search.toLowerCase()))
  const listed = [...chosen.filter((value) => !matching.includes(value)), ...matching]
  const flip = (value: string) => onChange(chosen.includes(value) ? chosen.filter((entry) => entry !== value) : [...chosen, value])
  const typed = words.trim()

  return (
    <>
      <TextField
        label="Find a value"
        hideLabel
        data-autofocus
        placeholder={column.facet ? 'Find or type a value' : 'Type a value'}
        value={words}
        onChange={(event) => setWords(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || typed === '') return
          event.preventDefault()
          if (!chosen.includes(typed)) onChange([...chosen, typed])
          setWords('')
        }}
      />
      <div className={styles.options}>
        {listed.map((value) => (
          <div key={value} className={styles.option}>
            <Checkbox label={value === '' ? '(empty)' : visibleLine(value)} checked={chosen.includes(value)} onChange={() => flip(value)} />
            <span className={styles.optionCount}>{counts.has(value) ? formatCompact(counts.get(value)) : ''}</span>
          </div>
        ))}
        {typed !== '' && !listed.includes(typed) ? (
          <button
            type="button"
            className={styles.typed}
            onClick={() => {
              onChange([...chosen, typed])
              setWords('')
            }}
          >
            Add “{typed}”
          </button>
        ) : null}
        {facet.isFetching && listed.length === 0 ? <Spinner label="Loading values" /> : null}
        {facet.isError ? <div className={styles.none}>Suggestions could not be loaded; type a value.</div> : null}
        {!facet.isFetching && !facet.isError && listed.length === 0 && typed === '' ? <div className={styles.none}>No values in this time range</div> : null}
      </div>
    </>
  )
}

function makeFilter({ column, type, operator, text, chosen, key }: { column: string; type: Filter['type']; operator: string; text: string; chosen: string[]; key: string }): Filter | null {
  switch (type) {
    case 'stringOptions':
    case 'arrayOptions':
      return chosen.length > 0 ? { type, column, operator, value: chosen } : null
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? { type, column, operator, value: Number(text) } : null
    case 'datetime': {
      const iso = fromLocalInput(text)
      return iso ? { type, column, operator, value: iso } : null
    }
    case 'boolean':
      return { type, column, operator: '=', value: text !== 'false' }
    case 'stringObject':
      return key.trim() !== '' ? { type, column, operator, value: text, key: key.trim() } : null
    default:
      return text !== '' ? { type, column, operator, value: text } : null
  }
}
