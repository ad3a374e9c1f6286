// A step opened: what a command printed, what an edit changed, arguments and result of anything else; who decided, and links on.
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'

import type { StepTexts } from '../../api/agents'
import { messageOf } from '../../api/client'
import type { ConversationStep } from '../../lib/agents/conversation'
import { changesOfArguments, lookOfTool, type StatedChange, type ToolFacts } from '../../lib/agents/tools'
import { isObject } from '../../lib/chat/parts'
import { parseJsonText } from '../../lib/chat/recognize'
import { formatDateTime } from '../../lib/format'
import { parsePatch } from '../../lib/patch'
import { plainOutput } from '../../lib/terminal'
import { visibleText } from '../../lib/visibleText'
import { agentSessionLink, commitLink, traceLink } from '../../paths'
import { Badge, Hostile } from '../../ui/Badge'
import { IconButton } from '../../ui/Button'
import { copyText, CopyButton } from '../../ui/CopyButton'
import { DiffView } from '../../ui/content/DiffView'
import { PatchView } from '../../ui/content/PatchView'
import { TerminalOutput } from '../../ui/content/TerminalOutput'
import { Value } from '../../ui/content/Value'
import { InlineError, LoadingState } from '../../ui/Feedback'
import { Icon } from '../../ui/Icon'
import { Lines } from '../../ui/Lines'
import { toast } from '../../ui/Toast'
import styles from './Conversation.module.css'

interface DetailsProps {
  projectId: string
  traceId: string
  step: ConversationStep
  texts: UseQueryResult<StepTexts | null>
  facts: ToolFacts
}

export function StepDetails({ projectId, traceId, step, texts, facts }: DetailsProps) {
  const { node } = step
  const link = () => copyText(`${location.origin}/project/${encodeURIComponent(projectId)}/agents/${encodeURIComponent(traceId)}?step=${encodeURIComponent(node.id)}`).then((done) => done && toast('Link copied'))
  return (
    <div className={styles.details}>
      {texts.isPending ? <LoadingState label="Loading step" />
      : texts.isError ? <InlineError>{messageOf(texts.error)}</InlineError>
      : step.kind === 'call' ? <Value value={asValue(texts.data?.input ?? null)} label="input of the call" prose />
      : <ToolContent name={facts.tool ?? node.name} texts={texts.data} facts={facts} />}
      <footer className={styles.detailsFoot}>
        <span>{formatDateTime(node.startTime, { millis: true })}</span>
        {facts.decision ? <span>{facts.decision === 'reject' ? 'Rejected' : 'Accepted'} {facts.decidedBy ?? ''}</span> : null}
        {facts.cwd ? <span className={styles.path} data-tip="Working directory"><Icon name="folder" size={11} /> <Hostile text={facts.cwd} /></span> : null}
        {facts.commit ? <Link {...commitLink(projectId, facts.commit)} className={styles.footLink}><Icon name="commit" size={11} /> {facts.commit.slice(0, 8)}</Link> : null}
        {node.statusMessage && !/^exit code -?\d+$/i.test(node.statusMessage) ? <span className={styles.status}><Hostile text={node.statusMessage} /></span> : null}
        <span className={styles.gap} />
        {facts.command ? <Link {...agentSessionLink(projectId, traceId, { tab: 'terminal', q: facts.command.slice(0, 200) })} className={styles.footLink}>In the terminal</Link> : null}
        {facts.changes[0] && facts.changes[0].operation !== 'READ' ? <Link {...agentSessionLink(projectId, traceId, { tab: 'files', file: facts.changes[0].newPath ?? facts.changes[0].path })} className={styles.footLink}>In the files</Link> : null}
        <Link {...traceLink(projectId, traceId, node.id)} className={styles.footLink}>In the trace</Link>
        <IconButton icon="link" label="Copy link to this step" size="sm" onClick={() => void link()} />
      </footer>
    </div>
  )
}

function ToolContent({ name, texts, facts }: { name: string | null; texts: StepTexts | null; facts: ToolFacts }) {
  const look = lookOfTool(name)
  const input = texts?.input ?? null
  const output = texts?.output ?? null
  if (facts.command != null || look === 'terminal') return <CommandContent command={facts.command ?? commandOf(input)} exitCode={facts.exitCode} output={output} />
  const writes = facts.changes.filter((change) => change.operation !== 'READ')
  if (writes.some((change) => change.diff)) return writes.map((change, index) => <Change key={index} change={change} />)
  if (look === 'edit') {
    const edits = changesOfArguments(input)
    if (edits.length > 0) return edits.map((edit, index) => <DiffView key={index} before={edit.before} after={edit.after} label={edit.path.slice(0, 400)} beforeName="the file before" afterName="the file after" />)
  }
  return (
    <>
      <Part title="Arguments" value={input} />
      <Part title="Result" value={output} />
    </>
  )
}

function Part({ title, value }: { title: string; value: string | null }) {
  const shown = useMemo(() => asValue(value), [value])
  return (
    <section className={styles.part} aria-label={title}>
      <h4 className={styles.partTitle}>{title}</h4>
      {value == null || value === '' ? <span className={styles.faint}>not recorded</span> : <Value value={shown} label={title.toLowerCase()} prose={false} />}
    </section>
  )
}

function asValue(text: string | null): unknown {
  return text == null || text.length > 2_000_000 ? text : (parseJsonText(text) ?? text)
}

function commandOf(input: string | null): string | null {
  const value = input == null ? null : parseJsonText(input)
  if (!isObject(value)) return input
  const command = value.command ?? value.cmd ?? value.script ?? value.chars
  return typeof command === 'string' ? command : Array.isArray(command) ? command.join(' ') : input
}

export function CommandContent({ command, exitCode, output, words = '' }: { command: string | null; exitCode: number | null; output: string | null; words?: string }) {
  return (
    <div className={styles.terminal}>
      {command ? (
        <div className={styles.commandLine}>
          <span className={styles.dollar} aria-hidden>$</span>
          <pre className={styles.commandText}>{visibleText(command.slice(0, 20_000))}</pre>
          <CopyButton text={command} label="Copy command" />
        </div>
      ) : null}
      {output ? (
        <div className={styles.outputWrap}>
          <TerminalOutput output={outputText(output)} label="Output" words={words} />
          <span className={styles.outputCopy}><CopyButton text={() => plainOutput(outputText(output))} label="Copy output" /></span>
        </div>
      ) : <p className={styles.noOutput}>No output was recorded.</p>}
      <p className={styles.exit}>
        {exitCode == null ? <span className={styles.faint}>The exit code is not known.</span> : <Badge tone={exitCode === 0 ? 'green' : 'red'}>exit {exitCode}</Badge>}
      </p>
    </div>
  )
}

/** Some agents wrap what was printed in an object. */
function outputText(output: string): string {
  const value = output.length < 2_000_000 ? parseJsonText(output) : undefined
  if (!isObject(value)) return output
  const texts = [value.stdout, value.stderr, value.output, value.aggregated_output].filter((text): text is string => typeof text === 'string' && text !== '')
  return texts.length > 0 ? texts.join('\n') : output
}

function Change({ change }: { change: StatedChange }) {
  const patch = useMemo(() => parsePatch(change.diff ?? '', change.operation === 'CREATE'), [change])
  return (
    <section className={styles.change} aria-label={`Change of ${change.path.slice(0, 200)}`}>
      <header className={styles.changeHead}>
        <Hostile text={change.newPath ? `${change.path} → ${change.newPath}` : change.path} className={styles.path} />
        <Lines added={change.added} removed={change.removed} />
      </header>
      <PatchView patch={patch} layout="unified" label={`Changes of ${change.path.slice(0, 200)}`} />
    </section>
  )
}
