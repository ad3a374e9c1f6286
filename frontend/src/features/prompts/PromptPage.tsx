// One prompt: its versions on the left, the chosen one on the right, with what changed, how to use it and what it cost.
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'

import { isStatus, messageOf } from '../../api/client'
import { useMayWrite } from '../../api/queries'
import type { PromptHistory, PromptVersionRow } from '../../api/types'
import type { PromptSearch, PromptTab } from '../../lib/pageSearch'
import { baseName, folderTrail, folderOf } from '../../lib/prompt'
import { newPromptLink, promptsLink } from '../../paths'
import { Badge, Hostile, Tag } from '../../ui/Badge'
import { Button, IconButton } from '../../ui/Button'
import { copyText, CopyButton } from '../../ui/CopyButton'
import { EmptyState, ErrorState, LoadingState } from '../../ui/Feedback'
import { Menu } from '../../ui/Menu'
import { PageHeader } from '../../ui/PageHeader'
import { Tabs } from '../../ui/Tabs'
import { toast } from '../../ui/Toast'
import { Comments } from '../comments/Comments'
import { DeletePromptDialog, DuplicateDialog, TagsDialog } from './dialogs'
import { PromptDiff } from './PromptDiff'
import { PromptMetrics } from './PromptMetrics'
import { PromptUse } from './PromptUse'
import { PromptVersion } from './PromptVersion'
import styles from './prompts.module.css'
import { promptHistoryQuery } from './queries'
import { VersionRail } from './VersionRail'

const route = getRouteApi('/app/project/$projectId/prompts/$promptName')

export function PromptPage() {
  const { projectId, promptName } = route.useParams()
  const history = useInfiniteQuery(promptHistoryQuery(projectId, promptName))
  const first = history.data?.pages[0]
  const versions = useMemo(() => history.data?.pages.flatMap((page) => page.data) ?? [], [history.data])

  if (history.isPending) return <LoadingState label="Loading prompt" />
  if (!first || versions.length === 0) {
    return isStatus(history.error, 404) || history.isSuccess ? (
      <EmptyState icon="search" title="Prompt not found" actions={<Link {...promptsLink(projectId)} tabIndex={-1}><Button>All prompts</Button></Link>}>
        There is no prompt <code>{promptName.slice(0, 120)}</code> in this project. It may have been deleted or renamed.
      </EmptyState>
    ) : (
      <ErrorState title="The prompt could not be loaded" message={messageOf(history.error)} onRetry={() => void history.refetch()} />
    )
  }
  return <LoadedPrompt projectId={projectId} history={first} versions={versions} onMore={history.hasNextPage ? () => void history.fetchNextPage() : undefined} loadingMore={history.isFetchingNextPage} />
}

const TABS: { value: PromptTab; label: string }[] = [
  { value: 'prompt', label: 'Prompt' },
  { value: 'diff', label: 'Changes' },
  { value: 'use', label: 'Use' },
  { value: 'metrics', label: 'Generations and cost' },
  { value: 'comments', label: 'Comments' },
]

function LoadedPrompt({ projectId, history, versions, onMore, loadingMore }: { projectId: string; history: PromptHistory; versions: PromptVersionRow[]; onMore: (() => void) | undefined; loadingMore: boolean }) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const mayWrite = useMayWrite(projectId)
  const [dialog, setDialog] = useState<'delete' | 'deleteVersion' | 'duplicate' | 'tags' | null>(null)
  const setSearch = useCallback((change: Partial<PromptSearch>) => void navigate({ to: '.', search: (current) => ({ ...current, ...change }) }), [navigate])

  const latest = versions[0]
  const wanted = search.version == null ? latest : versions.find((row) => row.version === Number(search.version))
  const shown = wanted ?? latest
  const tab = search.tab ?? 'prompt'
  const { name } = history
  if (!shown) return null

  return (
    <>
      <PageHeader
        trail={[<Link key="all" {...promptsLink(projectId)}>Prompts</Link>, ...folderTrail(folderOf(name)).map((folder) => <Link key={folder.path} {...promptsLink(projectId, folder.path)}><Hostile text={folder.name} /></Link>)]}
        title={<Hostile text={baseName(name)} />}
        meta={
          <span className={styles.headMeta}>
            <CopyButton text={name} label="Copy the prompt’s name" />
            <Badge>{history.type}</Badge>
            {history.tags.slice(0, 8).map((tag) => <Tag key={tag} text={tag} />)}
          </span>
        }
      >
        <Menu
          label="Prompt actions"
          align="end"
          entries={[
            { label: 'Copy link to this version', icon: 'link', onSelect: () => void copyText(location.href).then((done) => done && toast('Link copied')) },
            ...(mayWrite ? [
              { label: 'Edit tags…', icon: 'edit' as const, onSelect: () => setDialog('tags') },
              { label: 'Duplicate…', icon: 'copy' as const, onSelect: () => setDialog('duplicate') },
              { kind: 'separator' as const },
              { label: `Delete version ${shown.version}…`, icon: 'trash' as const, danger: true, onSelect: () => setDialog('deleteVersion') },
              { label: 'Delete prompt…', icon: 'trash' as const, danger: true, onSelect: () => setDialog('delete') },
            ] : []),
          ]}
          trigger={(trigger) => <IconButton icon="more" label="More actions" {...trigger} />}
        />
        {mayWrite ? (
          <Link {...newPromptLink(projectId, { name, from: String(shown.version) })} tabIndex={-1}>
            <Button variant="primary" icon="edit">
              New version
            </Button>
          </Link>
        ) : null}
      </PageHeader>
      <div className={styles.split}>
        <VersionRail projectId={projectId} name={name} versions={versions} shown={shown.version} protectedLabels={history.protectedLabels} labelsInUse={history.labels} onShow={(version) => setSearch({ version: version === latest?.version ? undefined : String(version), base: undefined })} onMore={onMore} loadingMore={loadingMore} total={history.meta.totalItems} />
        <section className={styles.main} aria-label={`Version ${shown.version}`}>
          <Tabs label="Views of the version" choices={TABS} value={tab} onChange={(next) => setSearch({ tab: next === 'prompt' ? undefined : next })} />
          <div className={styles.body} role="tabpanel" aria-label={TABS.find((entry) => entry.value === tab)?.label} key={`${shown.version} ${tab}`}>
            {search.version != null && !wanted ? <p className={styles.faint}>Version {search.version} is not there; this is the newest one.</p> : null}
            {tab === 'prompt' ? <PromptVersion projectId={projectId} name={name} row={shown} />
            : tab === 'diff' ? <PromptDiff projectId={projectId} name={name} versions={versions} shown={shown.version} base={search.base == null ? null : Number(search.base)} onBase={(base) => setSearch({ base: String(base) })} />
            : tab === 'use' ? <PromptUse projectId={projectId} name={name} type={history.type} row={shown} />
            : tab === 'metrics' ? <PromptMetrics projectId={projectId} name={name} versions={versions} shown={shown.version} />
            : <Comments projectId={projectId} objectType="PROMPT" objectId={shown.id} />}
          </div>
        </section>
      </div>
      {dialog === 'duplicate' ? <DuplicateDialog projectId={projectId} name={name} version={shown.version} onClose={() => setDialog(null)} /> : null}
      {dialog === 'tags' ? <TagsDialog projectId={projectId} name={name} tags={history.tags} onClose={() => setDialog(null)} /> : null}
      {dialog === 'delete' || dialog === 'deleteVersion' ? (
        <DeletePromptDialog
          projectId={projectId}
          name={name}
          version={dialog === 'deleteVersion' ? shown : null}
          last={versions.length === 1}
          onClose={() => setDialog(null)}
          onDeleted={(whole) => {
            setDialog(null)
            if (whole) void navigate(promptsLink(projectId, folderOf(name) || undefined))
            else setSearch({ version: undefined, base: undefined })
          }}
        />
      ) : null}
    </>
  )
}
