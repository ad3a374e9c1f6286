// The frame around every signed-in page: navigation on the left (a drawer on narrow windows), the page on the right.
import { Link, Outlet, useParams, useRouterState } from '@tanstack/react-router'
import { useEffect, useState } from 'react'

import { IconButton } from '../ui/Button'
import { cx } from '../ui/cx'
import { Icon } from '../ui/Icon'
import { Kbd } from '../ui/Badge'
import { LoadingState } from '../ui/Feedback'
import { Logo } from '../ui/Logo'
import { CommandPalette } from './CommandPalette'
import { PLACES, titleOf, type Place } from './places'
import { ProjectSwitcher } from './ProjectSwitcher'
import styles from './Shell.module.css'
import { ShortcutsDialog } from './ShortcutsDialog'
import { UserMenu } from './UserMenu'
import { useGlobalKeys } from './useGlobalKeys'

export function Shell() {
  const { projectId } = useParams({ strict: false })
  const [open, setOpen] = useState(false)
  const [dialog, setDialog] = useState<'palette' | 'shortcuts' | null>(null)
  const pathname = useRouterState({ select: (state) => state.location.pathname })
  const pending = useRouterState({ select: (state) => state.status === 'pending' })
  useGlobalKeys({ projectId, onPalette: () => setDialog('palette'), onShortcuts: () => setDialog('shortcuts') })

  const [lastPath, setLastPath] = useState(pathname)
  if (lastPath !== pathname) {
    setLastPath(pathname)
    setOpen(false)
  }
  useEffect(() => {
    document.title = titleOf(pathname)
  }, [pathname])

  return (
    <div className={styles.shell}>
      <a href="#main" className={styles.skip}>
        Skip to content
      </a>
      <div className={styles.topbar}>
        <IconButton icon="menu" label="Open navigation" aria-expanded={open} onClick={() => setOpen(!open)} />
        <Logo size={20} />
        <span className={styles.brand}>AgentTrace</span>
      </div>
      {open ? <div className={styles.scrim} onClick={() => setOpen(false)} /> : null}
      <nav className={cx(styles.nav, open && styles.navOpen)} aria-label="Main" onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}>
        <ProjectSwitcher projectId={projectId} />
        <button type="button" className={styles.jump} onClick={() => setDialog('palette')}>
          <Icon name="search" size={14} />
          <span>Go to…</span>
          <Kbd>{/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'}</Kbd>
        </button>
        <div className={styles.places}>
          {projectId != null
            ? PLACES.map(({ group, places }) => (
                <div key={group ?? 'first'} role="group" aria-label={group ?? 'Observe'}>
                  {group ? <div className={styles.group}>{group}</div> : null}
                  <ul className={styles.links}>
                    {places.map((place) => (
                      <NavItem key={place.label} place={place} projectId={projectId} />
                    ))}
                  </ul>
                </div>
              ))
            : null}
        </div>
        <button type="button" className={styles.navLink} onClick={() => setDialog('shortcuts')}>
          <Icon name="help" />
          Shortcuts
          <Kbd>?</Kbd>
        </button>
        <UserMenu />
      </nav>
      <main id="main" className={styles.main} tabIndex={-1} aria-busy={pending}>
        <div className={cx(styles.progress, pending && styles.progressOn)} aria-hidden />
        {projectId != null || pathname === '/' ? <Outlet /> : <LoadingState />}
      </main>
      {dialog === 'palette' ? <CommandPalette projectId={projectId} onClose={() => setDialog(null)} onShortcuts={() => setDialog('shortcuts')} /> : null}
      {dialog === 'shortcuts' ? <ShortcutsDialog onClose={() => setDialog(null)} /> : null}
    </div>
  )
}

function NavItem({ place, projectId }: { place: Place; projectId: string }) {
  return (
    <li>
      <Link {...place.link(projectId)} className={styles.navLink} activeProps={{ className: styles.navCurrent, 'aria-current': 'page' }}>
        <Icon name={place.icon} />
        {place.label}
      </Link>
    </li>
  )
}
