// The filters of a list: a chip for each, which opens its editor, and a button that offers every column.
import { useState } from 'react'

import { describeFilter, type Filter, type FilterColumn } from '../../lib/filters'
import { visibleLine } from '../../lib/visibleText'
import { Button, IconButton } from '../Button'
import { cx } from '../cx'
import { moveFocus } from '../Menu'
import { Popover } from '../Popover'
import styles from './FilterBar.module.css'
import { FilterEditor, type LoadFacet } from './FilterEditor'

interface FilterBarProps {
  columns: readonly FilterColumn[]
  filters: readonly Filter[]
  onChange: (filters: Filter[]) => void
  /** Changes with the project and the time range, so that suggestions are asked for again. */
  facetScope: string
  loadFacet?: LoadFacet
}

export function FilterButton(props: FilterBarProps) {
  const [column, setColumn] = useState<FilterColumn | null>(null)
  return (
    <Popover
      label="Add a filter"
      width={280}
      onOpenChange={(open) => {
        if (!open) setColumn(null)
      }}
      trigger={(trigger) => (
        <Button icon="filter" {...trigger} data-shortcut="filter">
          Filter
        </Button>
      )}
    >
      {(close) =>
        column ? (
          <FilterEditor
            key={column.id}
            column={column}
            filter={null}
            facetScope={props.facetScope}
            loadFacet={props.loadFacet}
            onBack={() => setColumn(null)}
            onApply={(filter) => {
              props.onChange([...props.filters, filter])
              close()
            }}
          />
        ) : (
          <ColumnList columns={props.columns} onChoose={setColumn} />
        )
      }
    </Popover>
  )
}

function ColumnList({ columns, onChoose }: { columns: readonly FilterColumn[]; onChoose: (column: FilterColumn) => void }) {
  const [words, setWords] = useState('')
  const found = columns.filter((column) => column.label.toLowerCase().includes(words.trim().toLowerCase()))
  return (
    <div className={styles.columns} onKeyDown={moveFocus}>
      <input
        className={styles.columnSearch}
        placeholder="Filter by…"
        aria-label="Find a column"
        value={words}
        onChange={(event) => setWords(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && found[0]) {
            event.preventDefault()
            onChoose(found[0])
          }
        }}
      />
      <div className={styles.columnList}>
        {found.map((column) => (
          <button key={column.id} type="button" data-item className={styles.column} onClick={() => onChoose(column)}>
            <span>{column.label}</span>
            <span className={styles.kind}>{KINDS[column.type]}</span>
          </button>
        ))}
        {found.length === 0 ? <div className={styles.none}>No such column</div> : null}
      </div>
    </div>
  )
}

const KINDS: Record<FilterColumn['type'], string> = {
  string: 'text',
  stringOptions: 'choice',
  arrayOptions: 'list',
  number: 'number',
  datetime: 'time',
  boolean: 'yes / no',
  stringObject: 'key and value',
}

export function FilterChips({ columns, filters, onChange, facetScope, loadFacet }: FilterBarProps) {
  if (filters.length === 0) return null
  return (
    <ul className={styles.chips} aria-label="Active filters">
      {filters.map((filter, index) => {
        const column = columns.find((entry) => entry.id === filter.column)
        const { operator, value } = describeFilter(filter)
        const name = `${column?.label ?? filter.column}${filter.key != null ? `.${filter.key}` : ''}`
        const text = visibleLine(`${name} ${operator} ${value}`)
        return (
          <li key={index} className={styles.chip}>
            <Popover
              label={`Edit filter ${name}`}
              width={280}
              trigger={(trigger) => (
                <button type="button" {...trigger} className={styles.chipText} disabled={!column}>
                  <span className={styles.chipName}>{visibleLine(name)}</span> <span className={styles.chipOperator}>{operator}</span>{' '}
                  <bdi className={cx(styles.chipValue, filter.type === 'number' && 'num')}>{visibleLine(value)}</bdi>
                </button>
              )}
            >
              {(close) =>
                column ? (
                  <FilterEditor
                    column={column}
                    filter={filter}
                    facetScope={facetScope}
                    loadFacet={loadFacet}
                    onApply={(next) => {
                      onChange(filters.map((entry, at) => (at === index ? next : entry)))
                      close()
                    }}
                  />
                ) : null
              }
            </Popover>
            <IconButton icon="close" label={`Remove filter ${text}`} tip="Remove" size="sm" onClick={() => onChange(filters.filter((_, at) => at !== index))} />
          </li>
        )
      })}
      <li>
        <Button variant="ghost" onClick={() => onChange([])}>
          Clear all
        </Button>
      </li>
    </ul>
  )
}
