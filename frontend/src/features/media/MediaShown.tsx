// Lets every text below show the project's files where it refers to them.
import { useCallback, type ReactNode } from 'react'

import type { MediaReference } from '../../lib/media'
import { MediaView } from '../../ui/content/MediaText'
import { MediaFile } from './MediaFile'

export function MediaShown({ projectId, children }: { projectId: string; children: ReactNode }) {
  const show = useCallback((reference: MediaReference) => <MediaFile projectId={projectId} reference={reference} />, [projectId])
  return <MediaView value={show}>{children}</MediaView>
}
