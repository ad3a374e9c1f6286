// One line of a text that was cut on the server: what people said, out of the JSON around it, and files by their kind.
import { nameMedia } from './media'

/** The JSON of a conversation, whole or cut. */
const CHAT = /^\s*(?:\[\s*)?\{\s*"(?:role|messages|content|type|model|contents)"\s*:/
/** A text in it; the last one may be cut. */
const SAID = /"(?:content|text)"\s*:\s*"((?:[^"\\]|\\.){1,4000})(?:"|$)/g

export function readPreview(text: string): string {
  const named = nameMedia(text)
  if (!CHAT.test(named)) return named
  const said = [...named.matchAll(SAID)].map((match) => unescape(match[1] ?? '').trim()).filter((part) => part !== '')
  return said.length > 0 ? said.join(' · ') : named
}

function unescape(part: string): string {
  try {
    return JSON.parse(`"${part.replace(/\\(?:u[0-9a-fA-F]{0,3})?$/, '')}"`) as string
  } catch {
    return part
  }
}
