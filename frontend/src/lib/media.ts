// References to media in texts: `@@@langfuseMedia:type=image/png|id=…|source=bytes@@@`.

export interface MediaReference {
  id: string
  type: string
}

export type MediaSegment = { kind: 'text'; text: string } | { kind: 'media'; reference: MediaReference }

const PATTERN = /@@@langfuseMedia:([^@\n]{1,400})@@@/g
const ID = /^[\w-]{1,100}$/
const TYPE = /^[a-z0-9]+\/[a-z0-9.+-]{1,80}$/i

export function hasMedia(text: string): boolean {
  return text.includes('@@@langfuseMedia:')
}

/** A text cut at its references; what is not quite a reference stays text. */
export function splitMedia(text: string): MediaSegment[] {
  const segments: MediaSegment[] = []
  let from = 0
  for (const match of text.matchAll(PATTERN)) {
    const reference = readReference(match[1] ?? '')
    if (!reference) continue
    if (match.index > from) segments.push({ kind: 'text', text: text.slice(from, match.index) })
    segments.push({ kind: 'media', reference })
    from = match.index + match[0].length
  }
  if (from < text.length) segments.push({ kind: 'text', text: text.slice(from) })
  return segments
}

function readReference(body: string): MediaReference | null {
  const fields = new Map(body.split('|').map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)] as const))
  const id = fields.get('id') ?? ''
  const type = fields.get('type') ?? ''
  return ID.test(id) && TYPE.test(type) ? { id, type: type.toLowerCase() } : null
}

/** A text for parsers that would take a reference apart: each stands as one character and a number, between marks of no meaning. */
export interface LiftedMedia {
  text: string
  references: { raw: string; reference: MediaReference }[]
}

const MARK = /\uE000(\d{1,3})\uE001/g

export function liftMedia(text: string): LiftedMedia {
  const references: LiftedMedia['references'] = []
  if (!hasMedia(text)) return { text, references }
  const lifted = text.replaceAll(PATTERN, (raw, body: string) => {
    const reference = references.length < 1000 ? readReference(body) : null
    return reference ? `\uE000${references.push({ raw, reference }) - 1}\uE001` : raw
  })
  return { text: lifted, references }
}

/** A part of a lifted text as it was written. */
export function lowerMedia(part: string, { references }: LiftedMedia): string {
  return references.length === 0 ? part : part.replaceAll(MARK, (mark, index: string) => references[Number(index)]?.raw ?? mark)
}

/** A part of a lifted text cut at its references. */
export function splitLifted(part: string, { references }: LiftedMedia): MediaSegment[] {
  if (references.length === 0) return [{ kind: 'text', text: part }]
  return part.split(MARK).flatMap((piece, index): MediaSegment[] => {
    if (index % 2 === 0) return piece === '' ? [] : [{ kind: 'text', text: piece }]
    const found = references[Number(piece)]
    return found ? [{ kind: 'media', reference: found.reference }] : [{ kind: 'text', text: `\uE000${piece}\uE001` }]
  })
}

/** For one-line previews, which may have been cut inside a reference: what kind of file it is. */
export function nameMedia(text: string): string {
  return hasMedia(text) ? text.replaceAll(/@@@langfuseMedia:type=([a-z0-9]+\/[a-z0-9.+-]{1,80})(?:\|[^@\n]{0,400}(?:@@@|@{0,2}(?:…|\.\.\.)?$)|$)/gi, '[$1]').replace(/@@@langfuseMedia:[^@\n]{0,90}$/, '[file]') : text
}

/** Every reference in a value, each id once, however deep it lies. */
export function collectMedia(value: unknown, limit = 50): MediaReference[] {
  const found = new Map<string, MediaReference>()
  const visit = (entry: unknown, depth: number): void => {
    if (found.size >= limit || depth > 30) return
    if (typeof entry === 'string') {
      if (hasMedia(entry)) for (const segment of splitMedia(entry)) if (segment.kind === 'media') found.set(segment.reference.id, segment.reference)
    } else if (Array.isArray(entry)) for (const part of entry) visit(part, depth + 1)
    else if (typeof entry === 'object' && entry !== null) for (const part of Object.values(entry)) visit(part, depth + 1)
  }
  visit(value, 0)
  return [...found.values()]
}

export type MediaKind = 'image' | 'audio' | 'video' | 'file'

/** Only formats that cannot carry scripts are shown; SVG is a document and only ever downloaded. */
export function mediaKind(type: string): MediaKind {
  if (/^image\/(png|jpe?g|gif|webp|avif|bmp)$/.test(type)) return 'image'
  if (/^audio\/(mpeg|mp3|wav|x-wav|wave|ogg|opus|aac|mp4|flac|webm)$/.test(type)) return 'audio'
  if (/^video\/(mp4|webm|ogg|quicktime)$/.test(type)) return 'video'
  return 'file'
}
