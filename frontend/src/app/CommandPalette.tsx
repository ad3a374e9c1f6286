// Cmd-K: goes to pages, projects, and straight to a trace by its id.
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { meQuery } from '../api/queries'
import { agentsLink, commandsLink, commitLink, commitsLink, datasetsLink, newPromptLink, promptsLink, traceLink, tracesLink } from '../paths'
import { cx } from '../ui/cx'
import { Dialog } from '../ui/Dialog'
import { Icon, type IconName } from '../ui/Icon'
import styles from './CommandPalette.module.css'
import { ALL_PLACES } from './places'
import { setTheme } from './theme'

interface Command {
  id: string
  group: string
  label: string
  icon: IconName
  run: () => void
}

export function CommandPalette({ projectId, onClose, onShortcuts }: { projectId: string | undefined; onClose: () => void; onShortcuts: () => void }) {
  const me = useQuery(meQuery())
  const navigate = useNavigate()
  const [words, setWords] = useState('')
  const [at, setAt] = useState(0)

  const pages: Command[] = projectId == null ? [] : [
    ...ALL_PLACES.map((place) => ({ id: place.label, group: 'Pages', label: place.label, icon: place.icon, run: () => void navigate(place.link(projectId)) })),
    { id: 'errors', group: 'Pages', label: 'Traces with errors', icon: 'warning', run: () => void navigate({ ...tracesLink(projectId), search: { filter: 'o.level~any~ERROR' } }) },
    { id: 'failed commands', group: 'Pages', label: 'Commands that failed', icon: 'terminal', run: () => void navigate(commandsLink(projectId, { exit: 'failed' })) },
    { id: 'costly sessions', group: 'Pages', label: 'Costliest agent sessions', icon: 'price', run: () => void navigate(agentsLink(projectId, { order: 'totalCost', range: '30d' })) },
    { id: 'pull requests', group: 'Pages', label: 'Pull requests', icon: 'pull', run: () => void navigate(commitsLink(projectId, { tab: 'pulls' })) },
    { id: 'connect', group: 'Pages', label: 'Connect a coding agent', icon: 'plus', run: () => void navigate(agentsLink(projectId, { connect: '1' })) },
    { id: 'bookmarks', group: 'Pages', label: 'Bookmarked traces', icon: 'star', run: () => void navigate({ ...tracesLink(projectId), search: { filter: 'b.bookmarked~eq~true', range: '90d' } }) },
    { id: 'new prompt', group: 'Pages', label: 'New prompt', icon: 'plus', run: () => void navigate(newPromptLink(projectId)) },
    { id: 'new dataset', group: 'Pages', label: 'New dataset', icon: 'plus', run: () => void navigate({ ...datasetsLink(projectId), search: { create: '1' } }) },
  ]
  const projects: Command[] = (me.data?.organizations ?? []).flatMap((organization) =>
    organization.projects.map((project) => ({ id: `project ${project.id}`, group: 'Projects', label: `${project.name} · ${organization.name}`, icon: 'panel' as const, run: () => void navigate(tracesLink(project.id)) })),
  )
  const actions: Command[] = [
    { id: 'dark', group: 'Actions', label: 'Use the dark theme', icon: 'moon', run: () => setTheme('dark') },
    { id: 'light', group: 'Actions', label: 'Use the light theme', icon: 'sun', run: () => setTheme('light') },
    { id: 'system', group: 'Actions', label: 'Use the system’s theme', icon: 'monitor', run: () => setTheme('system') },
    { id: 'shortcuts', group: 'Actions', label: 'Keyboard shortcuts', icon: 'help', run: onShortcuts },
  ]
  const typed = words.trim()
  const all = [...pages, ...projects, ...actions].filter((command) => typed.toLowerCase().split(/\s+/).every((word) => `${command.group} ${command.label}`.toLowerCase().includes(word)))
  if (projectId != null && typed.length >= 3) {
    all.push(
      { id: 'find', group: 'Find', label: `Search traces for “${typed}”`, icon: 'search', run: () => void navigate({ ...tracesLink(projectId), search: { q: typed } }) },
      { id: 'find agents', group: 'Find', label: `Search agent sessions for “${typed}”`, icon: 'agent', run: () => void navigate(agentsLink(projectId, { q: typed, range: '90d' })) },
      { id: 'find commands', group: 'Find', label: `Search commands for “${typed}”`, icon: 'terminal', run: () => void navigate(commandsLink(projectId, { q: typed, range: '90d' })) },
      { id: 'find prompts', group: 'Find', label: `Search prompts for “${typed}”`, icon: 'prompt', run: () => void navigate({ ...promptsLink(projectId), search: { q: typed } }) },
      { id: 'open', group: 'Find', label: `Open trace ${typed}`, icon: 'traces', run: () => void navigate(traceLink(projectId, typed)) },
    )
  }
  if (projectId != null && /^[0-9a-f]{7,64}$/i.test(typed)) all.push({ id: 'commit', group: 'Find', label: `Open commit ${typed}`, icon: 'commit', run: () => void navigate(commitLink(projectId, typed)) })
  const current = Math.min(at, all.length - 1)
  const choose = (command: Command | undefined) => {
    if (!command) return
    onClose()
    command.run()
  }

  return (
    <Dialog title="Go to" onClose={onClose} width={560} bare>
      <div className={styles.head}>
        <Icon name="search" />
        <input
          className={styles.input}
          placeholder="Go to a page, a project or a trace id…"
          role="combobox"
          aria-expanded
          aria-controls="palette"
          aria-activedescendant={all[current] ? `palette-${current}` : undefined}
          aria-label="Go to"
          autoFocus
          value={words}
          onChange={(event) => {
            setWords(event.target.value)
            setAt(0)
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
              event.preventDefault()
              const next = (current + (event.key === 'ArrowDown' ? 1 : all.length - 1)) % Math.max(1, all.length)
              setAt(next)
              document.getElementById(`palette-${next}`)?.scrollIntoView({ block: 'nearest' })
            }
            if (event.key === 'Enter') choose(all[current])
          }}
        />
      </div>
      <div id="palette" role="listbox" aria-label="Places" className={styles.list}>
        {all.map((command, index) => (
          <div key={command.id}>
            {command.group !== all[index - 1]?.group ? <div className={styles.group}>{command.group}</div> : null}
            <div id={`palette-${index}`} role="option" aria-selected={index === current} className={cx(styles.item, index === current && styles.current)} onPointerMove={() => setAt(index)} onClick={() => choose(command)}>
              <Icon name={command.icon} size={14} />
              <span>{command.label}</span>
            </div>
          </div>
        ))}
        {all.length === 0 ? <div className={styles.none}>Nothing found</div> : null}
      </div>
    </Dialog>
  )
}
