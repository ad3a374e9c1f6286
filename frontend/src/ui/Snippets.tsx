// Ready-to-paste settings behind tabs, each with its copy button.
import { useState } from 'react'

import { snippets, type Keys, type SnippetKind } from '../lib/snippets'
import { CodeBlock } from './content/TextContent'
import { CopyButton } from './CopyButton'
import styles from './Snippets.module.css'
import { Tabs } from './Tabs'

export function Snippets({ keys }: { keys: Keys }) {
  const [kind, setKind] = useState<SnippetKind>('python')
  const all = snippets(location.origin, keys)
  const shown = all.find((snippet) => snippet.kind === kind) ?? all[0]
  if (!shown) return null
  return (
    <div className={styles.snippets}>
      <Tabs label="Language" choices={all.map((snippet) => ({ value: snippet.kind, label: snippet.label }))} value={shown.kind} onChange={setKind} end={<CopyButton key={kind} text={shown.text} label="Copy settings" withText />} />
      <CodeBlock text={shown.text} language="" />
    </div>
  )
}
