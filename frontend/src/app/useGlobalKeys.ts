// Keys that work on every page. Letters never act while the user types.
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'

import { ALL_PLACES } from './places'

interface GlobalKeys {
  projectId: string | undefined
  onPalette: () => void
  onShortcuts: () => void
}

export function useGlobalKeys(options: GlobalKeys): void {
  const navigate = useNavigate()
  const latest = useRef(options)
  useEffect(() => {
    latest.current = options
  })

  useEffect(() => {
    let afterG = 0
    const listen = (event: KeyboardEvent) => {
      const { projectId, onPalette, onShortcuts } = latest.current
      if (document.querySelector('dialog[open]')) return
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        onPalette()
        return
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      if (event.key === '?') { onShortcuts(); return; }
      if (event.key === '/' || event.key === 'f') {
        const target = document.querySelector<HTMLElement>(event.key === '/' ? '[data-shortcut=search]' : '[data-shortcut=filter]')
        if (!target) return
        event.preventDefault()
        if (event.key === '/') target.focus()
        else target.click()
        return
      }
      if (event.key === 'g') {
        afterG = Date.now()
        return
      }
      if (projectId != null && Date.now() - afterG < 1200) {
        const place = ALL_PLACES.find((entry) => entry.key === event.key)
        if (place) void navigate(place.link(projectId))
        afterG = 0
      }
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [navigate])
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select'))
}
