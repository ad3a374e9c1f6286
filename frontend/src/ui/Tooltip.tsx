// One tooltip for the whole page: any element with data-tip shows its text on hover and on keyboard focus. Mounted once;
// virtualised rows therefore cost nothing for their hundreds of tips. The accessible name is the element's own business.
import { useEffect, useRef } from 'react'

import styles from './Tooltip.module.css'

export function TooltipLayer() {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const tip = ref.current
    if (!tip) return
    let timer = 0
    let target: Element | null = null

    const hide = () => {
      window.clearTimeout(timer)
      target = null
      if (tip.matches(':popover-open')) tip.hidePopover()
    }
    const show = (element: Element) => {
      const text = element.getAttribute('data-tip')
      if (!text || !element.isConnected) return
      tip.textContent = text
      tip.showPopover()
      const anchor = element.getBoundingClientRect()
      const size = tip.getBoundingClientRect()
      const left = Math.min(Math.max(6, anchor.left + anchor.width / 2 - size.width / 2), window.innerWidth - size.width - 6)
      const below = anchor.bottom + 6
      tip.style.left = `${left}px`
      tip.style.top = `${below + size.height > window.innerHeight - 6 ? anchor.top - size.height - 6 : below}px`
    }
    const consider = (event: Event, delay: number) => {
      const element = event.target instanceof Element ? event.target.closest('[data-tip]') : null
      if (element === target) return
      hide()
      if (!element) return
      target = element
      timer = window.setTimeout(() => show(element), delay)
    }
    const over = (event: PointerEvent) => {
      if (event.pointerType === 'mouse') consider(event, 350)
    }
    const focus = (event: FocusEvent) => {
      if (event.target instanceof Element && event.target.matches(':focus-visible')) consider(event, 150)
    }

    document.addEventListener('pointerover', over)
    document.addEventListener('focusin', focus)
    for (const type of ['pointerdown', 'keydown', 'focusout', 'scroll'] as const) document.addEventListener(type, hide, true)
    return () => {
      hide()
      document.removeEventListener('pointerover', over)
      document.removeEventListener('focusin', focus)
      for (const type of ['pointerdown', 'keydown', 'focusout', 'scroll'] as const) document.removeEventListener(type, hide, true)
    }
  }, [])
  return <div ref={ref} popover="manual" role="tooltip" className={styles.tip} />
}
