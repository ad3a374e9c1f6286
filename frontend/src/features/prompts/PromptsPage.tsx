// The prompts of a project by folder: search, labels, tags, and how much each was used lately.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useState } from 'react'

import { messageOf } from '../../api/client'
import { useMayAdminister, useMayWrite } from '../../api/queries'
import type { PromptFolder, PromptMeta } from '../../api/types'
import { formatAgo, formatCost, formatCount, formatDateTime, plural } from '../../lib/format'
import type { PromptsSearch } from '../../lib/pageSearch'
import { baseName, folderOf, folderTrail } from '../../lib/prompt'
import { newPromptLink, promptLink, promptsLink } from '../../paths'
import { Badge, Hostile, Tag } from '../../ui/Badge'
import { Button, IconButton } from '../../ui/Button'
import { EmptyState, ErrorState, LoadingState } from '../../ui/Feedback'
import { Select } from '../../ui/Field'
import { SearchBox } from '../../ui/filter-bar/SearchBox'
import { Icon } from '../../ui/Icon'
import { Gap, Toolbar } from '../../ui/Page'
import { PageHeader } from '../../ui/PageHeader'
import { CodeSnippets } from '../../ui/Snippets'
import { Table, tableStyles } from '../../ui/Table'
import { useNow } from '../../ui/useNow'
import { Labels } from './Labels'
import styles from './prompts.module.css'
import { ProtectedLabelsDialog } from './ProtectedLabelsDialog'
import { promptFacetsQuery, promptFolderQuery, promptUsesQuery, USE_DAYS, type PromptUse } from './queries'
import { CREATE_SNIPPETS } from './snippets'

const route = getRouteApi('/app/project/$projectId/prompts')

export function PromptsPage() {
  const { projectId } = route.useParams()
  const search = route.useSearch()
  const navigate = useNavigate()
  const mayWrite = useMayWrite(projectId)
  const mayAdminister = useMayAdminister(projectId)
  const [protecting, setProtecting] = useState(false)
  const prompts = useInfiniteQuery(promptFolderQuery(projectId, search))
  const facets = useQuery(promptFacetsQuery(projectId))
  const uses = useQuery(promptUsesQuery(projectId))
  const setSearch = useCallback((change: Partial<PromptsSearch>) => void navigate({ to: '.', search: (current) => ({ ...current, ...change }), replace: 'q' in change }), [navigate])
  const onSearch = useCallback((q: string) => setSearch({ q: q.trim() === '' ? undefined : q }), [setSearch])

  const pages = prompts.data?.pages ?? []
  const folders = pages[0]?.folders ?? []
  const rows = pages.flatMap((page) => page.data)
  const total = pages[0]?.meta.totalItems ?? 0
  const narrowed = Boolean(search.q ?? search.label ?? search.tag ?? search.type)
  const nothing = prompts.isSuccess && folders.length === 0 && rows.length === 0
  const trail = folderTrail(search.folder ?? '')

  return (
    <>
      <PageHeader
        trail={trail.length > 0 ? [<Link key="all" {...promptsLink(projectId)}>Prompts</Link>, ...trail.slice(0, -1).map((folder) => <Link key={folder.path} {...promptsLink(projectId, folder.path)}><Hostile text={folder.name} /></Link>)] : []}
        title={trail.length > 0 ? <Hostile text={trail.at(-1)?.name ?? ''} /> : 'Prompts'}
        meta={prompts.isSuccess && total > 0 ? formatCount(total) : undefined}
      >
        {mayAdminister ? <IconButton icon="guardrail" label="Protected labels" onClick={() => setProtecting(true)} /> : null}
        {mayWrite ? (
          <Link {...newPromptLink(projectId, search.folder ? { folder: search.folder } : {})} tabIndex={-1}>
            <Button variant="primary" icon="plus">
              New prompt
            </Button>
          </Link>
        ) : null}
      </PageHeader>
      <Toolbar>
        <SearchBox label={search.folder ? 'Search in this folder' : 'Search prompts'} value={search.q ?? ''} onChange={onSearch} />
        <Select label="Label" hideLabel value={search.label ?? ''} onChange={(event) => setSearch({ label: event.target.value || undefined })}>
          <option value="">Any label</option>
          {choices(facets.data?.labels, search.label)}
        </Select>
        <Select label="Tag" hideLabel value={search.tag ?? ''} onChange={(event) => setSearch({ tag: event.target.value || undefined })}>
          <option value="">Any tag</option>
          {choices(facets.data?.tags, search.tag)}
        </Select>
        <Select label="Type" hideLabel value={search.type ?? ''} onChange={(event) => setSearch({ type: event.target.value === 'text' || event.target.value === 'chat' ? event.target.value : undefined })}>
          <option value="">Text and chat</option>
          <option value="text">Text</option>
          <option value="chat">Chat</option>
        </Select>
        <Gap />
        <Select label="Order" hideLabel value={search.sort ?? ''} onChange={(event) => setSearch({ sort: (event.target.value || undefined) as PromptsSearch['sort'] })}>
          <option value="">By name</option>
          <option value="name.desc">By name, Z first</option>
          <option value="lastUpdatedAt.desc">Last changed first</option>
          <option value="lastUpdatedAt.asc">Longest unchanged first</option>
        </Select>
      </Toolbar>
      <div className={styles.list}>
        {prompts.isPending ? <LoadingState label="Loading prompts" />
        : prompts.isError ? <ErrorState title="The prompts could not be loaded" message={messageOf(prompts.error)} onRetry={() => void prompts.refetch()} />
        : nothing && narrowed ? (
          <EmptyState icon="search" title="No prompts match" actions={<Button onClick={() => setSearch({ q: undefined, label: undefined, tag: undefined, type: undefined })}>Clear filters</Button>}>
            Nothing {search.folder ? 'in this folder ' : ''}matches the search and the filters.
          </EmptyState>
        ) : nothing && search.folder ? (
          <EmptyState icon="folder" title="This folder is empty" actions={<Link {...promptsLink(projectId)} tabIndex={-1}><Button>All prompts</Button></Link>}>
            A folder is made by a “/” in a prompt’s name, and goes with its last prompt.
          </EmptyState>
        ) : nothing ? <FirstPrompt projectId={projectId} mayWrite={mayWrite} />
        : (
          <>
            <PromptTable projectId={projectId} folders={folders} rows={rows} flat={Boolean(search.q)} inFolder={search.folder ?? ''} uses={uses.data} />
            {prompts.hasNextPage ? (
              <div className={styles.more}>
                <Button busy={prompts.isFetchingNextPage} onClick={() => void prompts.fetchNextPage()}>
                  Load more
                </Button>
              </div>
            ) : null}
          </>
        )}
      </div>
      {protecting ? <ProtectedLabelsDialog projectId={projectId} onClose={() => setProtecting(false)} /> : null}
    </>
  )
}

function choices(facets: readonly { value: string; count: number }[] | undefined, chosen: string | undefined) {
  const values = (facets ?? []).map((facet) => ({ value: facet.value, text: `${facet.value.slice(0, 60)} (${facet.count})` }))
  if (chosen != null && !values.some((entry) => entry.value === chosen)) values.unshift({ value: chosen, text: chosen.slice(0, 60) })
  return values.map((entry) => (
    <option key={entry.value} value={entry.value}>
      {entry.text}
    </option>
  ))
}

function PromptTable({ projectId, folders, rows, flat, inFolder, uses }: { projectId: string; folders: PromptFolder['folders']; rows: PromptMeta[]; flat: boolean; inFolder: string; uses: Map<string, PromptUse> | undefined }) {
  const now = useNow(60_000)
  return (
    <Table label="Prompts" flush head={['Name', 'Labels', { label: 'Versions', align: 'end' }, 'Type', 'Tags', { label: `Generations, ${USE_DAYS} d`, align: 'end' }, { label: `Cost, ${USE_DAYS} d`, align: 'end' }, 'Last use', 'Last change']}>
      {folders.map((folder) => (
        <tr key={folder.path}>
          <td className={tableStyles.name}>
            <Link {...promptsLink(projectId, folder.path)} className={styles.entry}>
              <Icon name="folder" size={14} />
              <Hostile text={folder.name} />
              <span className={styles.faint}>{plural(folder.prompts, 'prompt')}</span>
            </Link>
          </td>
          <td colSpan={7} />
          <td>
            <time dateTime={folder.lastUpdatedAt} data-tip={formatDateTime(folder.lastUpdatedAt)}>{formatAgo(folder.lastUpdatedAt, now)}</time>
          </td>
        </tr>
      ))}
      {rows.map((row) => {
        const use = uses?.get(row.name)
        const below = flat ? folderOf(row.name).slice(inFolder === '' ? 0 : inFolder.length + 1) : ''
        return (
          <tr key={row.name}>
            <td className={tableStyles.name}>
              <Link {...promptLink(projectId, row.name)} className={styles.entry}>
                <Icon name="prompt" size={14} />
                <span>
                  {below !== '' ? <span className={styles.faint}><Hostile text={`${below}/`} /></span> : null}
                  <Hostile text={baseName(row.name)} />
                </span>
              </Link>
            </td>
            <td>
              <Labels labels={row.labels} />
            </td>
            <td className={tableStyles.end}>{formatCount(row.versions.length)}</td>
            <td>
              <Badge>{row.type}</Badge>
            </td>
            <td>
              <span className={tableStyles.chips}>{row.tags.slice(0, 5).map((tag) => <Tag key={tag} text={tag} />)}</span>
            </td>
            <td className={tableStyles.end}>{use ? formatCount(use.count) : uses ? <span className={styles.faint}>0</span> : '–'}</td>
            <td className={tableStyles.end}>{use ? formatCost(use.cost) : <span className={styles.faint}>–</span>}</td>
            <td>{use?.lastDay ?? <span className={styles.faint}>–</span>}</td>
            <td>
              <time dateTime={row.lastUpdatedAt} data-tip={formatDateTime(row.lastUpdatedAt)}>{formatAgo(row.lastUpdatedAt, now)}</time>
            </td>
          </tr>
        )
      })}
    </Table>
  )
}

function FirstPrompt({ projectId, mayWrite }: { projectId: string; mayWrite: boolean }) {
  return (
    <>
      <EmptyState icon="prompt" title="No prompts yet" actions={mayWrite ? <Link {...newPromptLink(projectId)} tabIndex={-1}><Button variant="primary">Write the first prompt</Button></Link> : null}>
        Keep prompts here instead of in code: change them without a release, go back to an older version, and see what each version costs.
      </EmptyState>
      <div className={styles.snippets}>
        <CodeSnippets snippets={CREATE_SNIPPETS} />
      </div>
    </>
  )
}
