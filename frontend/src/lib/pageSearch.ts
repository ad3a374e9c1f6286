// The URL parameters of the pages on prompts, datasets, scores and queues, read without trusting them.

type Raw = Record<string, unknown>

const text = (search: Raw, key: string) => (typeof search[key] === 'string' && search[key] !== '' ? search[key] : undefined)
const number = (search: Raw, key: string) => (/^[1-9]\d{0,8}$/.test(String(search[key])) ? String(search[key]) : undefined)
const oneOf = <T extends string>(search: Raw, key: string, values: readonly T[]) => values.find((value) => value === search[key])

export interface PromptsSearch {
  folder?: string
  q?: string
  label?: string
  tag?: string
  type?: 'text' | 'chat'
  sort?: 'name.desc' | 'lastUpdatedAt.desc' | 'lastUpdatedAt.asc'
}

export function readPromptsSearch(search: Raw): PromptsSearch {
  return {
    folder: text(search, 'folder'),
    q: text(search, 'q'),
    label: text(search, 'label'),
    tag: text(search, 'tag'),
    type: oneOf(search, 'type', ['text', 'chat']),
    sort: oneOf(search, 'sort', ['name.desc', 'lastUpdatedAt.desc', 'lastUpdatedAt.asc']),
  }
}

export type PromptTab = 'prompt' | 'diff' | 'use' | 'metrics' | 'comments'
export interface PromptSearch {
  version?: string
  /** The version to compare with. */
  base?: string
  tab?: PromptTab
}

export function readPromptSearch(search: Raw): PromptSearch {
  return { version: number(search, 'version'), base: number(search, 'base'), tab: oneOf(search, 'tab', ['prompt', 'diff', 'use', 'metrics', 'comments']) }
}

export interface NewPromptSearch {
  /** A next version of this prompt. */
  name?: string
  /** The version to begin from. */
  from?: string
  folder?: string
}

export function readNewPromptSearch(search: Raw): NewPromptSearch {
  return { name: text(search, 'name'), from: number(search, 'from'), folder: text(search, 'folder') }
}

export interface DatasetsSearch {
  q?: string
  create?: '1'
}

export function readDatasetsSearch(search: Raw): DatasetsSearch {
  return { q: text(search, 'q'), create: search.create === '1' ? '1' : undefined }
}

export type DatasetTab = 'items' | 'runs' | 'settings'
export interface DatasetSearch {
  tab?: DatasetTab
  /** The open item, or `new`. */
  item?: string
  status?: 'ARCHIVED' | 'ALL'
  /** A time: items as they were then. */
  version?: string
  q?: string
}

export function readDatasetSearch(search: Raw): DatasetSearch {
  const version = text(search, 'version')
  return {
    tab: oneOf(search, 'tab', ['items', 'runs', 'settings']),
    item: text(search, 'item'),
    status: oneOf(search, 'status', ['ARCHIVED', 'ALL']),
    version: version != null && !Number.isNaN(Date.parse(version)) ? version : undefined,
    q: text(search, 'q'),
  }
}

export interface CompareSearch {
  /** A JSON list of run ids. */
  runs?: string
  diff?: 'on'
}

export function readCompareSearch(search: Raw): CompareSearch {
  return { runs: text(search, 'runs'), diff: oneOf(search, 'diff', ['on']) }
}

export function readRunIds(runs: string | undefined): string[] {
  try {
    const value: unknown = JSON.parse(runs ?? '[]')
    return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string').slice(0, 6) : []
  } catch {
    return []
  }
}

export interface ScoresSearch {
  range?: string
  name?: string
  source?: 'API' | 'EVAL' | 'ANNOTATION'
  type?: 'NUMERIC' | 'BOOLEAN' | 'CATEGORICAL' | 'TEXT' | 'CORRECTION'
  environment?: string
}

export function readScoresSearch(search: Raw): ScoresSearch {
  return {
    range: text(search, 'range'),
    name: text(search, 'name'),
    source: oneOf(search, 'source', ['API', 'EVAL', 'ANNOTATION']),
    type: oneOf(search, 'type', ['NUMERIC', 'BOOLEAN', 'CATEGORICAL', 'TEXT', 'CORRECTION']),
    environment: text(search, 'environment'),
  }
}

export interface QueueSearch {
  status?: 'PENDING' | 'COMPLETED'
}

export function readQueueSearch(search: Raw): QueueSearch {
  return { status: oneOf(search, 'status', ['PENDING', 'COMPLETED']) }
}

export interface WorkSearch {
  item?: string
}

export function readWorkSearch(search: Raw): WorkSearch {
  return { item: text(search, 'item') }
}

export interface ModelsSearch {
  q?: string
  owner?: 'own' | 'managed'
  model?: string
  tester?: string
}

export function readModelsSearch(search: Raw): ModelsSearch {
  return { q: text(search, 'q'), owner: oneOf(search, 'owner', ['own', 'managed']), model: text(search, 'model'), tester: text(search, 'tester') }
}
