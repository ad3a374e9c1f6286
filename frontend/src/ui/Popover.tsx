// A panel that opens beside its button, in the browser's top layer: outside clicks and Escape close it without code of ours.
import { useCallback, useId, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from 'react'

import { cx } from './cx'
import styles from './Popover.module.css'

export interface TriggerProps {
  popoverTarget: string
  'aria-expanded': boolean
  'aria-haspopup': 'dialog' | 'menu'
  'data-open'?: boolean
  ref: RefObject<HTMLButtonElement | null>
}

interface PopoverProps {
  trigger: (props: TriggerProps) => ReactNode
  children: (close: () => void) => ReactNode
  label: string
  align?: 'start' | 'end'
  width?: number
  className?: string
  kind?: 'dialog' | 'menu'
  onOpenChange?: (open: boolean) => void
}

const GAP = 4
const MARGIN = 8

export function Popover({ trigger, children, label, align = 'start', width, className, kind = 'dialog', onOpenChange }: PopoverProps) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const triggerRef = useRef<HTMLButtonElement>(null)
  const panelRef = useRef<HTMLDivElement>(null)
  const close = useCallback(() => panelRef.current?.hidePopover(), [])

  useLayoutEffect(() => {
    const panel = panelRef.current
    if (!open || !panel) return
    const move = () => place(panel, triggerRef.current, align)
    move()
    const focusable = panel.querySelector<HTMLElement>('[data-autofocus], input, [role=menuitem], [role=menuitemradio], button')
    focusable?.focus({ preventScroll: true })
    const observer = new ResizeObserver(move)
    observer.observe(panel)
    window.addEventListener('resize', move)
    return () => {
      observer.disconnect()
      window.removeEventListener('resize', move)
    }
  }, [open, align])

  return (
    <>
      {trigger({ popoverTarget: id, 'aria-expanded': open, 'aria-haspopup': kind, 'data-open': open || undefined, ref: triggerRef })}
      <div
        ref={panelRef}
        id={id}
        popover="auto"
        role={kind}
        aria-label={label}
        className={cx(styles.panel, className)}
        style={width ? { width } : undefined}
        onClick={(event) => event.stopPropagation()}
        onKeyDown={(event) => event.stopPropagation()}
        onToggle={(event) => {
          if (event.target !== panelRef.current) return
          const next = event.newState === 'open'
          setOpen(next)
          onOpenChange?.(next)
        }}
      >
        {open ? children(close) : null}
      </div>
    </>
  )
}

/** Below the button if there is room, else above; always inside the window. */
function place(panel: HTMLElement, button: HTMLElement | null, align: 'start' | 'end'): void {
  if (!button) return
  const anchor = button.getBoundingClientRect()
  const size = panel.getBoundingClientRect()
  const wanted = align === 'start' ? anchor.left : anchor.right - size.width
  const left = Math.max(MARGIN, Math.min(wanted, window.innerWidth - size.width - MARGIN))
  const below = window.innerHeight - anchor.bottom - GAP - MARGIN
  const above = anchor.top - GAP - MARGIN
  const up = size.height > below && above > below
  panel.style.left = `${left}px`
  panel.style.maxHeight = `${Math.max(160, up ? above : below)}px`
  panel.style.top = up ? 'auto' : `${anchor.bottom + GAP}px`
  panel.style.bottom = up ? `${window.innerHeight - anchor.top + GAP}px` : 'auto'
}
