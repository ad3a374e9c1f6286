// Keys of lists whose rows open in place: j and k move, Enter opens. Never while the user types or something is open above.
import { useEffect, useRef } from 'react'

export type KeyMap = Record<string, () => void>

export function useKeys(keys: KeyMap): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || document.querySelector('dialog[open], [popover=auto]:popover-open')) return
      const { target } = event
      if (target instanceof HTMLElement) {
        if (target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select')) return
        // Enter and the arrows belong to the control in focus.
        if (target.closest('a, button, [role=tab], [role=radio], [role=separator], [role=tree]') && /^(?:Enter|Arrow)/.test(event.key)) return
        if (target.closest('[data-own-keys]')) return
      }
      const act = latest.current[event.key]
      if (!act) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
