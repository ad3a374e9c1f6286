// The terminal of one session: its commands in order of time.
import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'

import { messageOf } from '../../api/client'
import type { AgentSessionSearch } from '../../lib/agents/search'
import { plural } from '../../lib/format'
import { Button } from '../../ui/Button'
import { EmptyState, ErrorState, LoadingState } from '../../ui/Feedback'
import { SearchBox } from '../../ui/filter-bar/SearchBox'
import { Segmented } from '../../ui/Tabs'
import { CommandList } from '../commands/CommandList'
import styles from './Conversation.module.css'
import { commandsQuery } from './queries'

export interface TabProps {
  projectId: string
  traceId: string
  search: AgentSessionSearch
  onSearch: (change: Partial<AgentSessionSearch>) => void
  running: boolean
}

export function TerminalTab({ projectId, traceId, search, onSearch, running }: TabProps) {
  const commands = useInfiniteQuery(commandsQuery(projectId, traceId, search, running))
  const rows = useMemo(() => commands.data?.pages.flatMap((page) => page.data) ?? [], [commands.data])
  const { fetchNextPage, isFetchingNextPage } = commands
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  const onQuery = useCallback((q: string) => onSearch({ q: q.trim() === '' ? undefined : q }), [onSearch])
  const narrowed = search.q != null || search.failed != null
  return (
    <>
      <div className={styles.bar}>
        <SearchBox label="Search commands and output" value={search.q ?? ''} onChange={onQuery} />
        <Segmented label="Commands to see" choices={[{ value: 'all', label: 'All' }, { value: 'failed', label: 'Failed only' }]} value={search.failed ? 'failed' : 'all'} onChange={(next) => onSearch({ failed: next === 'failed' ? '1' : undefined })} />
        <span className={styles.count} role="status">{commands.isSuccess ? `${plural(rows.length, 'command')}${commands.hasNextPage ? ' so far' : ''}` : ''}</span>
      </div>
      {commands.isPending ? <LoadingState label="Loading commands" />
      : commands.isError && rows.length === 0 ? <ErrorState title="The commands could not be loaded" message={messageOf(commands.error)} onRetry={() => void commands.refetch()} />
      : rows.length === 0 ? (
        <EmptyState icon="terminal" title={narrowed ? 'No commands match' : 'No commands'} actions={narrowed ? <Button onClick={() => onSearch({ q: undefined, failed: undefined })}>Show all commands</Button> : null}>
          {narrowed ? 'No command of this session fits. One whose exit code is not known does not count as failed.' : 'The session ran no commands, or its agent does not tell of them.'}
        </EmptyState>
      ) : <CommandList projectId={projectId} label="Commands of the session" commands={rows} words={search.q ?? ''} open={search.command} onOpen={(command) => onSearch({ command })} now={0} hasMore={commands.hasNextPage} onMore={onMore} />}
    </>
  )
}
