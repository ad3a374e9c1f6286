// A file that a text refers to, where it stands: images, sound and film of harmless formats are shown, when they are not too big;
// everything else, SVG above all, is only offered for download. Addresses are signed, short-lived, and asked for one file at a time.
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type MouseEvent } from 'react'

import { isStatus, messageOf } from '../../api/client'
import { getMedia } from '../../api/models'
import type { Media } from '../../api/types'
import { formatBytes } from '../../lib/format'
import { mediaKind, type MediaKind, type MediaReference } from '../../lib/media'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Spinner } from '../../ui/Feedback'
import { Icon, type IconName } from '../../ui/Icon'
import { toast } from '../../ui/Toast'
import styles from './media.module.css'

/** Bigger files wait for a click. */
const AUTO_BYTES = 5_000_000
/** Signed addresses are renewed when they are about to end. */
const MARGIN_MS = 30_000

const mediaQuery = (projectId: string, id: string) =>
  queryOptions({
    queryKey: ['media', projectId, id],
    queryFn: ({ signal }) => getMedia(projectId, id, signal),
    staleTime: ({ state }) => Math.max(0, Date.parse(state.data?.urlExpiry ?? '') - Date.now() - MARGIN_MS) || 0,
    retry: (count, error) => count < 2 && !isStatus(error, 404),
  })

const ICONS: Record<MediaKind, IconName> = { image: 'image', audio: 'play', video: 'play', file: 'file' }

export function MediaFile({ projectId, reference }: { projectId: string; reference: MediaReference }) {
  const media = useQuery(mediaQuery(projectId, reference.id))
  // What the server stored says what it is, not what the text claims.
  const type = media.data?.contentType ?? reference.type
  return (
    <span className={styles.file} role="figure" aria-label={`File ${reference.id}`}>
      {media.data ? <Shown key={media.data.mediaId} projectId={projectId} media={media.data} /> : null}
      <span className={styles.caption}>
        <Icon name={ICONS[mediaKind(type)]} size={13} /> <span>{type}</span>
        {media.data ? <span className={styles.size}>{formatBytes(media.data.contentLength)}</span> : null}
        {media.isPending ? <Spinner size={12} label={`Loading ${type}`} /> : null}
        {media.data ? <Download projectId={projectId} media={media.data} /> : null}
        {media.isError && !media.data ? (
          <>
            <span>{isStatus(media.error, 404) ? 'not uploaded yet, or deleted' : messageOf(media.error)}</span>
            <Button variant="ghost" icon="refresh" busy={media.isFetching} onClick={() => void media.refetch()}>
              Try again
            </Button>
          </>
        ) : null}
      </span>
    </span>
  )
}

function Shown({ projectId, media }: { projectId: string; media: Media }) {
  const client = useQueryClient()
  const kind = mediaKind(media.contentType)
  const [wanted, setWanted] = useState(media.contentLength <= AUTO_BYTES)
  const [enlarged, setEnlarged] = useState(false)
  /** The address that could not be loaded: a new one is tried again. */
  const [broken, setBroken] = useState<string | null>(null)
  const onError = () => {
    setBroken(media.url)
    if (hasEnded(media)) void client.invalidateQueries({ queryKey: mediaQuery(projectId, media.mediaId).queryKey })
  }
  if (kind === 'file') return null
  if (broken === media.url) return hasEnded(media) ? <span className={styles.state}><Spinner size={12} /> The address has ended, asking for a new one</span> : <span className={styles.state}><Icon name="warning" size={14} /> Your browser cannot show this file.</span>
  if (!wanted) {
    return (
      <Button icon={ICONS[kind]} onClick={() => setWanted(true)}>
        Show {formatBytes(media.contentLength)}
      </Button>
    )
  }
  if (kind === 'audio') return <audio className={styles.audio} controls preload="metadata" src={media.url} onError={onError} />
  if (kind === 'video') return <video className={styles.video} controls preload="metadata" src={media.url} onError={onError} />
  const alt = `File ${media.mediaId}`
  return (
    <>
      <button type="button" className={styles.enlarge} aria-label={`Enlarge ${alt}`} onClick={() => setEnlarged(true)}>
        <img className={styles.image} src={media.url} alt={alt} decoding="async" referrerPolicy="no-referrer" onError={onError} />
      </button>
      {enlarged ? (
        <Dialog title={`${media.contentType}, ${formatBytes(media.contentLength)}`} width={1200} onClose={() => setEnlarged(false)}>
          <span className={styles.large}>
            <img className={styles.whole} src={media.url} alt={alt} referrerPolicy="no-referrer" onError={onError} />
          </span>
        </Dialog>
      ) : null}
    </>
  )
}

/** The signed address, or a new one when it has ended by the time it is wanted. */
function Download({ projectId, media }: { projectId: string; media: Media }) {
  const client = useQueryClient()
  const renew = async (event: MouseEvent<HTMLAnchorElement>) => {
    if (!hasEnded(media)) return
    event.preventDefault()
    const link = document.createElement('a')
    link.rel = 'noopener noreferrer nofollow'
    link.target = '_blank'
    link.download = media.mediaId
    try {
      link.href = (await client.query({ ...mediaQuery(projectId, media.mediaId), staleTime: 0 })).url
      link.click()
    } catch (error) {
      toast(`Not downloaded: ${messageOf(error)}`, 'error')
    }
  }
  return (
    <a className={styles.download} href={media.url} download={media.mediaId} target="_blank" rel="noopener noreferrer nofollow" onClick={(event) => void renew(event)}>
      <Icon name="download" size={13} /> Download
    </a>
  )
}

function hasEnded(media: Media): boolean {
  return Date.parse(media.urlExpiry) <= Date.now()
}
