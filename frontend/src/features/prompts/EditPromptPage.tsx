// Writes a new prompt, or the next version of one: text or messages, config, labels, a note of what changed.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState, type SubmitEvent } from 'react'

import { isStatus, messageOf } from '../../api/client'
import { useMayAdminister } from '../../api/queries'
import { editable, parseOptional } from '../../lib/jsonText'
import { contentProblem, contentText, labelProblem, nameProblem, placeholdersOf, readContent, variablesOf, writeContent, type PromptContent } from '../../lib/prompt'
import { promptLink, promptsLink } from '../../paths'
import { Hostile } from '../../ui/Badge'
import { Button } from '../../ui/Button'
import { CodeField, JsonField } from '../../ui/CodeField'
import { EmptyState, ErrorState, InlineError, LoadingState, Notice } from '../../ui/Feedback'
import { TextField } from '../../ui/Field'
import { ActionBar, PageBody } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { Segmented } from '../../ui/Tabs'
import { TokenField } from '../../ui/TokenField'
import { DiffView } from '../../ui/content/DiffView'
import { LeaveGuard } from '../forms/LeaveGuard'
import { MessagesEditor } from './MessagesEditor'
import { markPrompt } from './PromptText'
import styles from './prompts.module.css'
import { promptFacetsQuery, promptHistoryQuery, promptVersionQuery, useCreatePrompt } from './queries'

const route = getRouteApi('/app/project/$projectId/prompts/new')

interface Draft {
  name: string
  type: 'text' | 'chat'
  text: string
  messages: Exclude<PromptContent, string>
  config: string
  labels: string[]
  tags: string[]
  commitMessage: string
}

export function EditPromptPage() {
  const { projectId } = route.useParams()
  const { name, from, folder } = route.useSearch()
  const history = useInfiniteQuery({ ...promptHistoryQuery(projectId, name ?? ''), enabled: name != null })
  const first = history.data?.pages[0]
  const base = from == null ? first?.data[0]?.version : Number(from)
  const version = useQuery({ ...promptVersionQuery(projectId, name ?? '', base ?? 0), enabled: name != null && base != null })

  if (name == null) {
    const empty: Draft = { name: folder ? `${folder}/` : '', type: 'text', text: '', messages: [{ type: 'chatmessage', role: 'system', content: '', name: '' }, { type: 'chatmessage', role: 'user', content: '', name: '' }], config: '', labels: [], tags: [], commitMessage: '' }
    return <Editor projectId={projectId} start={empty} base={null} protectedLabels={null} latest={0} />
  }
  if (version.data && first) {
    const content = readContent(version.data.prompt)
    const start: Draft = {
      name, type: version.data.type === 'chat' ? 'chat' : 'text', text: typeof content === 'string' ? content : '', messages: typeof content === 'string' ? [] : content,
      config: editable(isEmpty(version.data.config) ? null : version.data.config), labels: [], tags: first.tags, commitMessage: '',
    }
    return <Editor key={`${name} ${base ?? 0}`} projectId={projectId} start={start} base={base ?? null} protectedLabels={first.protectedLabels} latest={Math.max(...first.data.map((row) => row.version))} />
  }
  const failed = history.error ?? version.error
  if (failed) {
    return isStatus(failed, 404) ? (
      <EmptyState icon="search" title="Prompt not found" actions={<Link {...promptsLink(projectId)} tabIndex={-1}><Button>All prompts</Button></Link>}>There is no version to begin from.</EmptyState>
    ) : <ErrorState title="The prompt could not be loaded" message={messageOf(failed)} onRetry={() => { void history.refetch(); void version.refetch() }} />
  }
  return <LoadingState label="Loading prompt" />
}

function Editor({ projectId, start, base, protectedLabels, latest }: { projectId: string; start: Draft; base: number | null; protectedLabels: readonly string[] | null; latest: number }) {
  const navigate = useNavigate()
  const save = useCreatePrompt(projectId)
  const facets = useQuery(promptFacetsQuery(projectId))
  const mayAdminister = useMayAdminister(projectId)
  const [draft, setDraft] = useState(start)
  const [tried, setTried] = useState(false)
  const [reviewing, setReviewing] = useState(false)
  const change = (next: Partial<Draft>) => setDraft((current) => ({ ...current, ...next }))

  const content: PromptContent = draft.type === 'text' ? draft.text : draft.messages
  const before: PromptContent = start.type === 'text' ? start.text : start.messages
  const variables = useMemo(() => variablesOf(content), [content])
  const placeholders = useMemo(() => placeholdersOf(content), [content])
  const config = parseOptional(draft.config)
  const name = draft.name.trim()
  const problem = name === '' ? 'Give the prompt a name' : (nameProblem(name) ?? contentProblem(content) ?? (config.ok ? null : 'The config is not JSON'))
  const dirty = JSON.stringify(draft) !== JSON.stringify(start) && !save.isSuccess
  const locked = mayAdminister ? [] : (protectedLabels ?? facets.data?.labels.filter((label) => label.protected).map((label) => label.value) ?? [])
  const back = base == null ? promptsLink(projectId) : promptLink(projectId, start.name, { version: String(base) })

  // Only after the guard has seen that nothing is left to lose.
  const made = save.data
  useEffect(() => {
    if (made) void navigate(promptLink(projectId, made.name))
  }, [made, navigate, projectId])

  const submit = (event?: SubmitEvent<HTMLFormElement>) => {
    event?.preventDefault()
    setTried(true)
    if (problem != null || save.isPending || !config.ok) return
    save.mutate({
      name, type: draft.type, prompt: writeContent(content), config: config.value ?? {}, labels: draft.labels,
      ...(base == null && draft.tags.length === 0 ? {} : { tags: draft.tags }), ...(draft.commitMessage.trim() === '' ? {} : { commitMessage: draft.commitMessage.trim() }),
    })
  }

  // Wherever the focus is: the browser's own “save page” is never what is meant here.
  const latestSubmit = useRef(submit)
  useEffect(() => {
    latestSubmit.current = submit
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || (event.key !== 's' && event.key !== 'Enter') || document.querySelector('dialog[open]')) return
      event.preventDefault()
      latestSubmit.current()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])

  return (
    <>
      <PageHeader
        trail={[<Link key="all" {...promptsLink(projectId)}>Prompts</Link>, ...(base == null ? [] : [<Link key="one" {...promptLink(projectId, start.name)}><Hostile text={start.name} /></Link>])]}
        title={base == null ? 'New prompt' : `Version ${latest + 1}`}
        meta={base == null ? undefined : `from version ${base}`}
      >
        {base != null ? <Segmented label="View" choices={[{ value: 'edit', label: 'Edit' }, { value: 'review', label: 'Review changes' }]} value={reviewing ? 'review' : 'edit'} onChange={(value) => setReviewing(value === 'review')} /> : null}
      </PageHeader>
      <form className={styles.editor} onSubmit={submit}>
        <PageBody>
          {reviewing ? (
            <>
              <DiffView label="Prompt" before={contentText(before)} after={contentText(content)} beforeName={`version ${base ?? 0}`} afterName="your text" />
              <DiffView label="Config" before={start.config} after={draft.config} beforeName={`version ${base ?? 0}`} afterName="your config" />
            </>
          ) : (
            <div className={styles.editorGrid}>
              <div className={styles.editorMain}>
                {base == null ? (
                  <div className={styles.nameRow}>
                    <TextField label="Name" autoFocus placeholder="support/greeting" value={draft.name} error={nameProblem(name)} hint="“/” makes folders" maxLength={255} onChange={(event) => change({ name: event.target.value })} />
                    <div className={styles.typeField}>
                      <span className={styles.fieldLabel}>Type</span>
                      <Segmented label="Type" choices={[{ value: 'text', label: 'Text' }, { value: 'chat', label: 'Chat' }]} value={draft.type} onChange={(type) => change({ type })} />
                    </div>
                  </div>
                ) : null}
                {draft.type === 'text' ? (
                  <CodeField label="Prompt" value={draft.text} onChange={(text) => change({ text })} marked={markPrompt} minLines={10} maxLines={60} placeholder="Greet {{customer}} and ask how we can help." hint="{{name}} is a variable that the program fills in." />
                ) : <MessagesEditor messages={draft.messages} onChange={(messages) => change({ messages })} />}
                <JsonField label="Config (optional)" value={draft.config} onChange={(text) => change({ config: text })} placeholder={'{\n  "model": "gpt-5",\n  "temperature": 0.2\n}'} hint="JSON that programs read beside the text, such as the model and its parameters." />
              </div>
              <aside className={styles.editorSide} aria-label="About the version">
                <div className={styles.detected} role="status">
                  <h2 className={styles.fieldLabel}>Variables</h2>
                  {variables.length === 0 ? <p className={styles.faint}>none yet</p> : <p className={styles.need}>{variables.map((variable) => <code key={variable} className={styles.variable}>{variable}</code>)}</p>}
                  {placeholders.length > 0 ? (
                    <>
                      <h2 className={styles.fieldLabel}>Placeholders</h2>
                      <p className={styles.need}>{placeholders.map((placeholder) => <code key={placeholder} className={styles.variable}>{placeholder}</code>)}</p>
                    </>
                  ) : null}
                </div>
                <TokenField
                  label="Labels of this version" values={draft.labels} onChange={(labels) => change({ labels })} placeholder="production"
                  problemOf={(label) => (locked.includes(label) ? `“${label}” is protected: ask an administrator` : labelProblem(label))}
                  suggestions={[...new Set(['production', 'staging', ...(facets.data?.labels.map((label) => label.value) ?? [])])].filter((label) => label !== 'latest' && !locked.includes(label))}
                />
                {draft.labels.includes('production') ? <Notice tone="warning">Programs get this version within a minute of saving.</Notice> : null}
                <TokenField label="Tags of the prompt" values={draft.tags} onChange={(tags) => change({ tags })} suggestions={facets.data?.tags.map((tag) => tag.value) ?? []} />
                <TextField label="What changed (optional)" maxLength={500} value={draft.commitMessage} placeholder="Shorter, and friendlier" onChange={(event) => change({ commitMessage: event.target.value })} />
              </aside>
            </div>
          )}
        </PageBody>
        <ActionBar label="Save">
          {save.isError ? <InlineError>{messageOf(save.error)}</InlineError> : tried && problem ? <InlineError>{problem}</InlineError> : dirty ? <span className={styles.faint}>Not saved yet</span> : null}
          <span className={styles.gap} />
          <Link {...back} tabIndex={-1}>
            <Button>Cancel</Button>
          </Link>
          <Button type="submit" variant="primary" busy={save.isPending} disabled={base != null && !dirty}>
            {base == null ? 'Create prompt' : `Save version ${latest + 1}`}
          </Button>
        </ActionBar>
      </form>
      <LeaveGuard dirty={dirty} what="the prompt" />
    </>
  )
}

function isEmpty(config: unknown): boolean {
  return config == null || (typeof config === 'object' && Object.keys(config).length === 0)
}
