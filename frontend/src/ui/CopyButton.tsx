// Copies a text and says so for a moment.
import { useState } from 'react'

import { Button, IconButton } from './Button'
import { toast } from './Toast'

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    toast('The browser did not allow copying.', 'error')
    return false
  }
}

export function CopyButton({ text, label = 'Copy', withText = false, size = 'sm' }: { text: string | (() => string); label?: string; withText?: boolean; size?: 'sm' | 'md' }) {
  const [copied, setCopied] = useState(false)
  const copy = () => {
    void copyText(typeof text === 'string' ? text : text()).then((done) => {
      if (!done) return
      setCopied(true)
      setTimeout(() => setCopied(false), 1500)
    })
  }
  if (withText) {
    return (
      <Button icon={copied ? 'check' : 'copy'} onClick={copy}>
        {copied ? 'Copied' : label}
      </Button>
    )
  }
  return <IconButton icon={copied ? 'check' : 'copy'} label={copied ? 'Copied' : label} size={size} onClick={copy} />
}

/** Saves text as a file, without leaving the page. */
export function saveFile(name: string, body: Blob): void {
  const url = URL.createObjectURL(body)
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = name.replace(/[^\w.-]+/g, '_').slice(0, 120)
  document.body.append(anchor)
  anchor.click()
  anchor.remove()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
