// How an agent is connected: which one, a key made on the spot, and the exact lines to paste.
import { useState } from 'react'

import { messageOf } from '../../api/client'
import { useMayAdminister } from '../../api/queries'
import { commandLine, connections, type ConnectSnippet } from '../../lib/agents/connect'
import { PLACEHOLDER_KEYS, type Keys } from '../../lib/snippets'
import { AgentMark } from '../../ui/AgentMark'
import { Button } from '../../ui/Button'
import { CopyButton } from '../../ui/CopyButton'
import { CodeBlock } from '../../ui/content/TextContent'
import { cx } from '../../ui/cx'
import { InlineError, Notice } from '../../ui/Feedback'
import { Icon } from '../../ui/Icon'
import { Tabs } from '../../ui/Tabs'
import { useCreateApiKey } from '../api-keys/queries'
import styles from './Connect.module.css'

export function Connect({ projectId }: { projectId: string }) {
  const mayAdminister = useMayAdminister(projectId)
  const create = useCreateApiKey(projectId)
  const [agent, setAgent] = useState('claude-code')
  const [kind, setKind] = useState('')
  const made = create.data
  const keys: Keys = made ?? PLACEHOLDER_KEYS
  const all = connections(location.origin, keys)
  const chosen = all.find((connection) => connection.agent === agent) ?? all[0]
  if (!chosen) return null
  const choices: ConnectSnippet[] = [...chosen.snippets, ...(chosen.snippets.some((snippet) => snippet.kind === 'cli') ? [] : [commandLine(location.origin, keys)])]
  const shown = choices.find((snippet) => snippet.kind === kind) ?? choices[0]

  return (
    <ol className={styles.steps}>
      <li>
        <h3>Choose the agent</h3>
        <div role="radiogroup" aria-label="Agent" className={styles.agents}>
          {all.map((connection) => (
            <button key={connection.agent} type="button" role="radio" aria-checked={connection.agent === agent} className={cx(styles.agent, connection.agent === agent && styles.agentOn)} onClick={() => setAgent(connection.agent)}>
              <AgentMark agent={connection.agent} withName />
            </button>
          ))}
        </div>
        <p className={styles.gives}>{chosen.gives}</p>
      </li>
      <li>
        <h3>Make a key</h3>
        {made ? (
          <div className={styles.made}>
            <p><Icon name="check" size={14} /> The key <code>{made.publicKey}</code> is in the lines below.</p>
            <Notice tone="warning">Copy them now: the secret is not stored and cannot be shown again.</Notice>
          </div>
        ) : mayAdminister ? (
          <>
            <Button variant="primary" icon="key" busy={create.isPending} onClick={() => create.mutate(`${chosen.name}, connected on ${new Date().toISOString().slice(0, 10)}`)}>
              Create a key for {chosen.name}
            </Button>
            {create.isError ? <InlineError>{messageOf(create.error)}</InlineError> : null}
          </>
        ) : <p className={styles.gives}>Ask an owner or admin of the project for a key, and put it in the place of the dots.</p>}
      </li>
      <li>
        <h3>Paste these lines</h3>
        <Tabs label="Where to paste" choices={choices.map((snippet) => ({ value: snippet.kind, label: snippet.label }))} value={shown?.kind ?? ''} onChange={setKind} end={shown ? <CopyButton key={`${agent} ${shown.kind}`} text={shown.text} label="Copy lines" withText /> : null} />
        {shown ? (
          <>
            <p className={styles.where}>{shown.where}</p>
            <CodeBlock text={shown.text} language="" />
            {shown.kind === 'cli' ? <p className={styles.gives}><code>agenttrace init</code> finds the agents on this machine, shows what it would change in their settings, adds hooks, and offers to import the last 30 days. It can be undone.</p> : null}
          </>
        ) : null}
      </li>
    </ol>
  )
}
