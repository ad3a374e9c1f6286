// One value in its most readable form: text as text, a small flat object as fields, anything else as a JSON tree.
import { formatCount } from '../../lib/format'
import { visibleLine } from '../../lib/visibleText'
import styles from './Value.module.css'
import { JsonViewer } from './JsonViewer'
import { Markdown } from './Markdown'
import { PlainText } from './TextContent'

export function Value({ value, label, prose }: { value: unknown; label: string; prose: boolean }) {
  if (typeof value === 'string') return prose ? <Markdown text={value} /> : <PlainText text={value} />
  if (value === null || value === undefined) return <span className={styles.literal}>null</span>
  if (typeof value === 'number' || typeof value === 'boolean') return <span className={styles.literal}>{typeof value === 'number' && Number.isInteger(value) ? formatCount(value) : String(value)}</span>
  const fields = flatFields(value)
  if (!fields) return <JsonViewer value={value} label={label} />
  return (
    <dl className={styles.fields}>
      {fields.map(([key, field]) => (
        <div key={key} className={styles.field}>
          <dt>{visibleLine(key.slice(0, 200))}</dt>
          <dd>{typeof field === 'string' ? <PlainText text={field} /> : <span className={styles.literal}>{String(field)}</span>}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The entries of an object that has only a few scalar values. */
function flatFields(value: unknown): [string, unknown][] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const entries = Object.entries(value)
  if (entries.length === 0 || entries.length > 12) return null
  return entries.every(([, field]) => field === null || typeof field !== 'object') ? entries : null
}
