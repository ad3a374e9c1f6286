// Ready-to-paste settings and code behind tabs, each with its copy button.
import { useState } from 'react'

import { snippets, type Keys } from '../lib/snippets'
import { CodeBlock } from './content/TextContent'
import { CopyButton } from './CopyButton'
import styles from './Snippets.module.css'
import { Tabs } from './Tabs'

export interface CodeSnippet {
  kind: string
  label: string
  text: string
}

export function Snippets({ keys }: { keys: Keys }) {
  return <CodeSnippets label="Language" copyLabel="Copy settings" snippets={snippets(location.origin, keys)} />
}

export function CodeSnippets({ label = 'Language', copyLabel = 'Copy code', snippets: all }: { label?: string; copyLabel?: string; snippets: readonly CodeSnippet[] }) {
  const [kind, setKind] = useState('')
  const shown = all.find((snippet) => snippet.kind === kind) ?? all[0]
  if (!shown) return null
  return (
    <div className={styles.snippets}>
      <Tabs label={label} choices={all.map((snippet) => ({ value: snippet.kind, label: snippet.label }))} value={shown.kind} onChange={setKind} end={<CopyButton key={shown.kind} text={shown.text} label={copyLabel} withText />} />
      <CodeBlock text={shown.text} language="" />
    </div>
  )
}
