// The one shape every provider's conversation is turned into before it is shown.

import type { MediaReference } from '../media'

export type Role = 'system' | 'developer' | 'user' | 'assistant' | 'tool' | 'other'

export type ChatPart =
  | { kind: 'text'; text: string }
  | { kind: 'reasoning'; text: string }
  | { kind: 'toolCall'; id: string | null; name: string; args: unknown }
  | { kind: 'toolResult'; id: string | null; name: string | null; result: unknown; isError: boolean }
  /** Images, audio, files: named, and never loaded from an address in the text. `file`: one that was uploaded. */
  | { kind: 'media'; mediaType: string; reference: string | null; file: MediaReference | null }
  /** A part whose shape is not known: shown as JSON. */
  | { kind: 'json'; value: unknown }

export interface ChatMessage {
  role: Role
  /** The role as it was written, when it is not one of ours. */
  roleLabel: string
  name: string | null
  parts: ChatPart[]
}

export interface Conversation {
  messages: ChatMessage[]
  /** Definitions of tools that were offered to the model, when the request carried them. */
  tools: { name: string; description: string | null; schema: unknown }[]
}
