// Metadata as a table of keys and values; model parameters above it.
import { visibleLine } from '../../../lib/visibleText'
import { IconButton } from '../../../ui/Button'
import { copyText } from '../../../ui/CopyButton'
import { JsonViewer, stringify } from '../../../ui/content/JsonViewer'
import { PlainText } from '../../../ui/content/TextContent'
import { toast } from '../../../ui/Toast'
import styles from './DetailPanel.module.css'

export function MetadataTable({ metadata, parameters }: { metadata: unknown; parameters: unknown }) {
  const hasParameters = typeof parameters === 'object' && parameters !== null && Object.keys(parameters).length > 0
  return (
    <>
      {hasParameters ? <Rows title="Model parameters" entries={Object.entries(parameters)} /> : null}
      {typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) && Object.keys(metadata).length > 0 ? (
        <Rows title="Metadata" entries={Object.entries(metadata)} />
      ) : metadata != null && typeof metadata !== 'object' ? (
        <PlainText text={typeof metadata === 'string' ? metadata : JSON.stringify(metadata)} />
      ) : Array.isArray(metadata) && metadata.length > 0 ? (
        <JsonViewer value={metadata} label="metadata" />
      ) : hasParameters ? null : (
        <p className={styles.none}>No metadata</p>
      )}
    </>
  )
}

function Rows({ title, entries }: { title: string; entries: [string, unknown][] }) {
  return (
    <section className={styles.part} aria-label={title}>
      <header className={styles.partHead}>
        <h3>{title}</h3>
      </header>
      <table className={styles.table}>
        <tbody>
          {entries.slice(0, 1000).map(([key, value]) => (
            <tr key={key}>
              <th scope="row">
                <bdi>{visibleLine(key.slice(0, 300))}</bdi>
              </th>
              <td>{typeof value === 'object' && value !== null ? <JsonViewer value={value} label={key.slice(0, 60)} /> : <PlainText text={typeof value === 'string' ? value : String(value)} />}</td>
              <td className={styles.copyCell}>
                <IconButton icon="copy" label={`Copy value of ${visibleLine(key.slice(0, 60))}`} size="sm" onClick={() => void copyText(typeof value === 'string' ? value : stringify(value)).then((done) => done && toast('Copied'))} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {entries.length > 1000 ? <p className={styles.none}>{entries.length - 1000} more: see Raw</p> : null}
    </section>
  )
}
