// One line of the JSON viewer. A string that refers to files is shown as it is, and the files below it.
import { Fragment, useContext } from 'react'

import { formatBytes } from '../../lib/format'
import { visibleText } from '../../lib/visibleText'
import { IconButton } from '../Button'
import { cx } from '../cx'
import { Highlight } from '../Highlight'
import { Icon } from '../Icon'
import type { JsonRow } from '../../lib/jsonRows'
import { collectMedia } from '../../lib/media'
import styles from './JsonViewer.module.css'
import { MediaView } from './MediaText'
import { PlainText } from './TextContent'

const SHORT = 400
const SHORT_WRAPPED = 3000

interface JsonLineProps {
  row: JsonRow
  wrap: boolean
  words: string
  current: boolean
  whole: boolean
  onToggle: () => void
  onParse: () => void
  onWhole: () => void
  onCopy: () => void
}

export function JsonLine({ row, wrap, words, current, whole, onToggle, onParse, onWhole, onCopy }: JsonLineProps) {
  const closing = row.bracket === '[' ? ']' : '}'
  const indent = { '--depth': row.depth }
  if (row.kind === 'close') {
    return (
      <div className={styles.line} style={indent}>
        <span className={styles.bracket}>{closing}</span>
      </div>
    )
  }
  const container = row.kind === 'open' || row.kind === 'collapsed'
  return (
    <div className={cx(styles.line, current && styles.current)} style={indent}>
      {container ? (
        <button type="button" className={styles.toggle} aria-expanded={row.kind === 'open'} aria-label={`${row.kind === 'open' ? 'Close' : 'Open'} ${row.key ?? 'value'}`} onClick={onToggle}>
          <Icon name={row.kind === 'open' ? 'chevronDown' : 'chevronRight'} size={12} />
        </button>
      ) : null}
      <span className={styles.body}>
        {row.key != null ? (
          <span className={styles.key}>
            <Highlight text={visibleText(row.key.slice(0, 500))} words={words} />
            <span className={styles.colon}>: </span>
          </span>
        ) : null}
        {container ? (
          <span className={styles.bracket}>
            {row.bracket}
            {row.kind === 'collapsed' ? (
              <button type="button" className={styles.summary} onClick={onToggle} tabIndex={-1}>
                {row.size} {row.bracket === '[' ? (row.size === 1 ? 'item' : 'items') : row.size === 1 ? 'key' : 'keys'}
              </button>
            ) : null}
            {row.kind === 'collapsed' ? closing : null}
          </span>
        ) : (
          <Value row={row} wrap={wrap} words={words} whole={whole} onWhole={onWhole} />
        )}
        {typeof row.value === 'string' ? <Files text={row.value} /> : null}
      </span>
      <span className={styles.actions}>
        {(typeof row.value === 'string' && looksLikeJson(row.value)) || row.parsed ? (
          <button type="button" className={styles.parse} onClick={onParse}>
            {row.parsed ? 'as text' : 'parse JSON'}
          </button>
        ) : null}
        <IconButton icon="copy" label={`Copy ${row.key ?? 'value'}`} size="sm" onClick={onCopy} />
      </span>
    </div>
  )
}

function Files({ text }: { text: string }) {
  const show = useContext(MediaView)
  const references = show == null ? [] : collectMedia(text)
  if (show == null || references.length === 0) return null
  return (
    <span className={styles.files}>
      {references.map((reference) => (
        <Fragment key={reference.id}>{show(reference)}</Fragment>
      ))}
    </span>
  )
}

function Value({ row, wrap, words, whole, onWhole }: Pick<JsonLineProps, 'row' | 'wrap' | 'words' | 'whole' | 'onWhole'>) {
  const { value } = row
  if (typeof value === 'string') {
    const limit = wrap ? SHORT_WRAPPED : SHORT
    if (whole) {
      return (
        <span className={styles.string}>
          <PlainText text={value} />
          <button type="button" className={styles.more} onClick={onWhole}>
            show less
          </button>
        </span>
      )
    }
    const cut = value.slice(0, limit)
    const shown = wrap ? visibleText(cut) : visibleText(cut).replaceAll('\n', '\\n').replaceAll('\t', '\\t')
    return (
      <span className={styles.string}>
        "<Highlight text={shown} words={words} />
        {value.length > limit ? (
          <>
            …{' '}
            <button type="button" className={styles.more} onClick={onWhole}>
              show all {formatBytes(value.length)}
            </button>
          </>
        ) : '"'}
      </span>
    )
  }
  if (typeof value === 'number') return <span className={styles.number}><Highlight text={String(value)} words={words} /></span>
  if (Array.isArray(value)) return <span className={styles.bracket}>[]</span>
  if (typeof value === 'object' && value !== null) return <span className={styles.bracket}>{'{}'}</span>
  return <span className={styles.literal}>{String(value)}</span>
}

function looksLikeJson(text: string): boolean {
  return /^\s{0,20}[[{]/.test(text) && /[\]}]\s{0,20}$/.test(text.slice(-24))
}
