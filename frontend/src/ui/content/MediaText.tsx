// Where a text refers to a file, the file: who shows files (features/media) is given from outside, so that texts know no queries.
import { createContext, Fragment, useContext, useMemo, type ReactNode } from 'react'

import { hasMedia, splitMedia, type MediaReference } from '../../lib/media'

/** Draws the file of a reference. Without one, references stay text. */
export const MediaView = createContext<((reference: MediaReference) => ReactNode) | null>(null)

/** A text cut at its references; `render` draws what lies between. */
export function MediaText({ text, render }: { text: string; render: (text: string) => ReactNode }) {
  const show = useContext(MediaView)
  const segments = useMemo(() => (show != null && hasMedia(text) ? splitMedia(text) : null), [show, text])
  if (show == null || segments == null) return render(text)
  return segments.map((segment, index) => (
    <Fragment key={index}>{segment.kind === 'media' ? show(segment.reference) : segment.text.trim() === '' ? null : render(segment.text)}</Fragment>
  ))
}
