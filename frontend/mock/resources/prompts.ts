// Prompts of the mock.
import type { Prompt } from '../../src/api/types'
import { HttpError, invalid, notFound } from '../http'
import { newId, now, numbered, ok, texts, type Answer, type Call } from './kit'

export interface MockPrompts {
  versions: Prompt[]
  protectedLabels: string[]
}

export function seedPrompts(at: number): MockPrompts {
  const versions: Prompt[] = []
  const add = (name: string, daysAgo: number, prompt: unknown, extra: Partial<Prompt> = {}) => {
    const version = versions.filter((entry) => entry.name === name).length + 1
    const time = new Date(at - daysAgo * 86_400_000).toISOString()
    for (const entry of versions) if (entry.name === name) entry.labels = entry.labels.filter((label) => label !== 'latest' && !(extra.labels ?? []).includes(label))
    versions.push({ id: `p-${versions.length + 1}`, createdAt: time, updatedAt: time, projectId: 'proj-shop', createdBy: version % 2 === 1 ? 'user-1' : 'API', prompt: prompt as Prompt['prompt'], name, version, type: typeof prompt === 'string' ? 'text' : 'chat', isActive: null, config: {}, tags: [], commitMessage: null, ...extra, labels: [...(extra.labels ?? []), 'latest'] })
  }
  const chat = (system: string, more: unknown[] = []) => [{ role: 'system', content: system }, { type: 'placeholder', name: 'history' }, ...more, { role: 'user', content: '{{question}}' }]
  add('support/answer', 20, chat('You are a support agent of {{shop}}. Be helpful.'), { commitMessage: 'First try', tags: ['support'] })
  add('support/answer', 12, chat('You are a support agent of {{shop}}.\nBe helpful and short.\nNever promise refunds.'), { commitMessage: 'Shorter answers', tags: ['support'], config: { model: 'gpt-5', temperature: 0.7 } })
  add('support/answer', 4, chat('You are a support agent of {{shop}}.\nBe friendly and short.\nNever promise refunds.\n\n@@@langfusePrompt:name=shared/tone|label=production@@@'), { commitMessage: 'Friendlier, with the shared tone', labels: ['production'], tags: ['support'], config: { model: 'gpt-5', temperature: 0.2 } })
  add('support/answer', 1, chat('You are a support agent of {{shop}}.\nBe friendly, short and exact.\nNever promise refunds. Ask for the order number.\n\n@@@langfusePrompt:name=shared/tone|label=production@@@'), { commitMessage: 'Ask for the order number', labels: ['staging'], tags: ['support'], config: { model: 'gpt-5', temperature: 0.2 } })
  add('support/refunds/decide', 6, 'Decide about a refund of {{amount}} for order {{order}}. Answer yes or no.', { labels: ['production'], tags: ['support', 'money'] })
  add('shared/tone', 9, 'Write as a calm colleague would. No exclamation marks.', { labels: ['production'] })
  add('summarise', 3, 'Summarise in {{words}} words:\n\n{{text}}', { labels: ['production'], config: { model: 'claude-sonnet-4-5' } })
  add('<script>alert(1)</script>‮evil', 2, 'Hello {{name}} <img src=x onerror=alert(1)>', { labels: ['production'], commitMessage: '<b>bold</b>' })
  return { versions, protectedLabels: ['production'] }
}

function meta(versions: Prompt[]) {
  const last = versions.reduce((best, entry) => (entry.version > best.version ? entry : best))
  return { name: last.name, type: last.type, versions: versions.map((entry) => entry.version).sort((a, b) => a - b), labels: [...new Set(versions.flatMap((entry) => entry.labels))], tags: last.tags, lastUpdatedAt: versions.map((entry) => entry.updatedAt).sort().at(-1) ?? last.updatedAt, lastConfig: last.config }
}

function grouped(prompts: MockPrompts): Prompt[][] {
  const names = [...new Set(prompts.versions.map((entry) => entry.name))].sort()
  return names.map((name) => prompts.versions.filter((entry) => entry.name === name))
}

export function handlePrompts({ project, method, path, params, body }: Call): Answer | null {
  const { prompts } = project
  if (path[0] !== 'v2') return null
  if (path[1] === 'prompt-folders') return ok(folder(prompts, params))
  if (path[1] === 'prompt-facets') {
    const count = (values: string[]) => [...new Set(values)].map((value) => ({ value, count: values.filter((entry) => entry === value).length }))
    const groups = grouped(prompts).map(meta)
    return ok({ labels: count(groups.flatMap((entry) => entry.labels)).map((entry) => ({ ...entry, protected: prompts.protectedLabels.includes(entry.value) })), tags: count(groups.flatMap((entry) => entry.tags)) })
  }
  if (path[1] === 'protected-prompt-labels') {
    prompts.protectedLabels = texts(body.labels)
    return ok({ labels: prompts.protectedLabels })
  }
  if (path[1] !== 'prompts') return null
  const name = path[2]
  if (name == null) return method === 'POST' ? { status: 201, body: create(prompts, body) } : ok(numbered(grouped(prompts).map(meta), params))
  const versions = prompts.versions.filter((entry) => entry.name === name)
  if (versions.length === 0) throw notFound('Prompt')
  const sub = path[3]
  if (sub === 'versions' && path[5] === 'labels') return ok(setLabels(versions, Number(path[4]), texts(body.labels)))
  if (sub === 'versions') {
    const rows = [...versions].sort((a, b) => b.version - a.version).map(({ id, version, labels, commitMessage, createdAt, updatedAt, createdBy }) => ({ id, version, labels, commitMessage, createdAt, updatedAt, createdBy, createdByName: createdBy === 'API' ? null : 'Ada Lovelace' }))
    return ok({ name, type: versions[0]?.type, tags: versions.at(-1)?.tags ?? [], labels: Object.fromEntries(versions.flatMap((entry) => entry.labels.map((label) => [label, entry.version]))), protectedLabels: prompts.protectedLabels, ...numbered(rows, params) })
  }
  if (sub === 'tags') {
    for (const entry of versions) entry.tags = texts(body.tags)
    return ok(meta(versions))
  }
  if (sub === 'dependents') return ok({ data: prompts.versions.flatMap((entry) => (JSON.stringify(entry.prompt).includes(`name=${name}|`) ? [{ name: entry.name, version: entry.version, referencedVersion: null, referencedLabel: 'production' }] : [])) })
  if (sub === 'duplicate') {
    const source = versions.find((entry) => entry.version === body.version) ?? versions.at(-1)
    return { status: 201, body: create(prompts, { ...source, name: body.name, labels: [] }) }
  }
  const version = params.get('version')
  if (method === 'DELETE') {
    prompts.versions = prompts.versions.filter((entry) => entry.name !== name || (version != null && entry.version !== Number(version)))
    return { status: 204 }
  }
  const found = version == null ? versions.find((entry) => entry.labels.includes(params.get('label') ?? 'production')) : versions.find((entry) => entry.version === Number(version))
  if (!found) throw notFound('Prompt version')
  return ok(params.get('resolve') === 'false' ? found : { ...found, prompt: JSON.parse(JSON.stringify(found.prompt).replaceAll(/@@@langfusePrompt:[^@]*@@@/g, 'Write as a calm colleague would. No exclamation marks.')) as unknown, resolutionGraph: null })
}

function setLabels(versions: Prompt[], version: number, labels: string[]): Prompt {
  const found = versions.find((entry) => entry.version === version)
  if (!found) throw notFound('Prompt version')
  for (const entry of versions) entry.labels = entry.labels.filter((label) => !labels.includes(label))
  found.labels = [...labels, ...(versions.every((entry) => entry.version <= version) ? ['latest'] : [])]
  return found
}

function create(prompts: MockPrompts, body: Record<string, unknown>): Prompt {
  if (typeof body.name !== 'string' || body.name.trim() === '') throw invalid('A prompt needs a name')
  const before = prompts.versions.filter((entry) => entry.name === body.name)
  if (before[0] && before[0].type !== body.type) throw new HttpError(400, 'InvalidRequestError', `All versions of “${body.name}” are ${before[0].type} prompts`)
  const labels = texts(body.labels)
  for (const entry of before) entry.labels = entry.labels.filter((label) => label !== 'latest' && !labels.includes(label))
  const made: Prompt = {
    id: newId('p'), createdAt: now(), updatedAt: now(), projectId: 'proj', createdBy: 'user-1', prompt: body.prompt as Prompt['prompt'], name: body.name, version: Math.max(0, ...before.map((entry) => entry.version)) + 1, type: body.type === 'chat' ? 'chat' : 'text', isActive: null,
    config: body.config ?? {}, tags: Array.isArray(body.tags) ? texts(body.tags) : (before[0]?.tags ?? []), labels: [...labels, 'latest'], commitMessage: typeof body.commitMessage === 'string' ? body.commitMessage : null,
  }
  prompts.versions.push(made)
  return made
}

function folder(prompts: MockPrompts, params: URLSearchParams): unknown {
  const at = params.get('folder') ?? ''
  const search = params.get('search')?.toLowerCase()
  const prefix = at === '' ? '' : `${at}/`
  const rows = grouped(prompts).map(meta).filter((row) => row.name.startsWith(prefix) && (!params.has('label') || row.labels.includes(params.get('label') ?? '')) && (!params.has('tag') || row.tags.includes(params.get('tag') ?? '')) && (!params.has('type') || row.type === params.get('type')))
  if (search != null) return { folder: at, folders: [], ...numbered(rows.filter((row) => `${row.name} ${row.tags.join(' ')}`.toLowerCase().includes(search)), params) }
  const names = [...new Set(rows.flatMap((row) => (row.name.slice(prefix.length).includes('/') ? [row.name.slice(prefix.length).split('/')[0] ?? ''] : [])))]
  const folders = names.map((name) => {
    const inside = rows.filter((row) => row.name.startsWith(`${prefix}${name}/`))
    return { name, path: `${prefix}${name}`, prompts: inside.length, lastUpdatedAt: inside.map((row) => row.lastUpdatedAt).sort().at(-1) ?? '' }
  })
  const here = rows.filter((row) => !row.name.slice(prefix.length).includes('/'))
  if (params.get('orderBy') === 'name.desc') here.reverse()
  return { folder: at, folders, ...numbered(here, params) }
}
