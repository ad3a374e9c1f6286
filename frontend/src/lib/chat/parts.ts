// Reads one content part, or a whole `content` field, in the shapes of OpenAI (chat and responses), Anthropic, Gemini,
// Vercel's AI SDK, OpenTelemetry's gen_ai conventions and LangChain.
import { collectMedia } from '../media'
import type { ChatPart } from './types'

export type JsonObject = Record<string, unknown>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** A `content` field: a string, a part, or a list of them. */
export function readContent(content: unknown): ChatPart[] {
  if (content == null || content === '') return []
  if (typeof content === 'string') return [{ kind: 'text', text: content }]
  if (Array.isArray(content)) return content.flatMap(readPart)
  return readPart(content)
}

export function readPart(part: unknown): ChatPart[] {
  if (part == null) return []
  if (typeof part === 'string') return [{ kind: 'text', text: part }]
  if (!isObject(part)) return [{ kind: 'json', value: part }]
  return readTyped(part, text(part.type)) ?? readGeminiPart(part) ?? [{ kind: 'json', value: part }]
}

function readTyped(part: JsonObject, type: string | null): ChatPart[] | null {
  switch (type) {
    case 'text':
    case 'input_text':
    case 'output_text':
    case 'refusal':
    case 'summary_text': {
      const body = text(part.text) ?? text(part.content) ?? text(part.refusal)
      return body == null ? null : [{ kind: 'text', text: body }]
    }
    case 'thinking':
    case 'reasoning':
    case 'redacted_thinking':
      return readReasoning(part)
    case 'tool_use':
    case 'server_tool_use':
    case 'mcp_tool_use':
      return [{ kind: 'toolCall', id: text(part.id), name: text(part.name) ?? 'tool', args: part.input }]
    case 'tool_call':
      return [{ kind: 'toolCall', id: text(part.id), name: text(part.name) ?? 'tool', args: decodeArgs(part.arguments ?? part.args) }]
    case 'function':
    case 'function_call':
      return readOpenAiCall(part)
    case 'tool-call':
      return [{ kind: 'toolCall', id: text(part.toolCallId), name: text(part.toolName) ?? 'tool', args: decodeArgs(part.input ?? part.args) }]
    case 'tool_result':
    case 'web_search_tool_result':
    case 'mcp_tool_result':
      return [toolResult(part.tool_use_id, null, flattenText(part.content), part.is_error === true)]
    case 'tool_call_response':
      return [toolResult(part.id, null, part.response ?? part.result, false)]
    case 'tool-result':
    case 'tool-error':
      return [toolResult(part.toolCallId, part.toolName, vercelOutput(part.output ?? part.result ?? part.error), type === 'tool-error' || part.isError === true)]
    case 'function_call_output':
      return [toolResult(part.call_id, null, flattenText(part.output), false)]
    case 'tool-invocation':
      return isObject(part.toolInvocation) ? readInvocation(part.toolInvocation, text(part.toolInvocation.toolName)) : null
    case 'image':
    case 'image_url':
    case 'input_image':
    case 'input_audio':
    case 'audio':
    case 'file':
    case 'input_file':
    case 'document':
    case 'media':
    case 'blob':
    case 'uri':
      return [readMedia(part, type)]
    case 'step-start':
      return []
    default:
      if (type?.startsWith('tool-') && ('toolCallId' in part || 'input' in part)) return readInvocation(part, type.slice(5))
      return null
  }
}

function readReasoning(part: JsonObject): ChatPart[] {
  const body = text(part.thinking) ?? text(part.text) ?? text(part.content) ?? text(part.reasoning)
  if (body != null) return body === '' ? [] : [{ kind: 'reasoning', text: body }]
  const summary = readContent(part.summary).flatMap((entry) => (entry.kind === 'text' ? [entry.text] : []))
  if (summary.length > 0) return [{ kind: 'reasoning', text: summary.join('\n\n') }]
  return [{ kind: 'reasoning', text: 'The provider returned the reasoning encrypted.' }]
}

/** `{id, function: {name, arguments}}` of chat completions, `{call_id, name, arguments}` of responses. */
export function readOpenAiCall(call: unknown): ChatPart[] {
  if (!isObject(call)) return []
  const body = isObject(call.function) ? call.function : call
  const name = text(body.name) ?? text(call.toolName)
  if (name == null) return [{ kind: 'json', value: call }]
  const args = body.arguments ?? body.args ?? body.input
  return [{ kind: 'toolCall', id: text(call.call_id) ?? text(call.id) ?? text(call.toolCallId), name, args: decodeArgs(args) }]
}

function readInvocation(part: JsonObject, name: string | null): ChatPart[] {
  const call: ChatPart = { kind: 'toolCall', id: text(part.toolCallId), name: name ?? 'tool', args: decodeArgs(part.input ?? part.args) }
  const output = part.output ?? part.result
  const error = text(part.errorText)
  if (output === undefined && error == null) return [call]
  return [call, toolResult(part.toolCallId, name, error ?? vercelOutput(output), error != null)]
}

function readGeminiPart(part: JsonObject): ChatPart[] | null {
  if (isObject(part.functionCall ?? part.function_call)) {
    const call = (part.functionCall ?? part.function_call) as JsonObject
    return [{ kind: 'toolCall', id: text(call.id), name: text(call.name) ?? 'tool', args: call.args }]
  }
  if (isObject(part.functionResponse ?? part.function_response)) {
    const answer = (part.functionResponse ?? part.function_response) as JsonObject
    return [toolResult(answer.id, answer.name, answer.response, false)]
  }
  const inline = part.inlineData ?? part.inline_data ?? part.fileData ?? part.file_data
  if (isObject(inline)) return [readMedia(inline, 'file')]
  if (isObject(part.executableCode)) return [{ kind: 'toolCall', id: null, name: 'execute_code', args: part.executableCode }]
  const body = text(part.text)
  if (body == null) return null
  return [part.thought === true ? { kind: 'reasoning', text: body } : { kind: 'text', text: body }]
}

function readMedia(part: JsonObject, type: string): ChatPart {
  const source = isObject(part.source) ? part.source : isObject(part.image_url) ? part.image_url : isObject(part.input_audio) ? part.input_audio : isObject(part.file) ? part.file : part
  const mediaType = text(source.media_type) ?? text(source.mediaType) ?? text(source.mimeType) ?? text(source.mime_type) ?? type.replace('input_', '').replace('_url', '')
  const url = text(source.url) ?? text(source.uri) ?? text(source.fileUri) ?? text(part.image_url) ?? text(source.filename) ?? text(source.file_id)
  const data = url ?? text(source.data) ?? text(source.image) ?? text(source.content)
  const file = collectMedia(part, 1)[0] ?? null
  return { kind: 'media', mediaType, file, reference: file ? null : data == null ? null : data.startsWith('data:') || url == null ? `${data.length} characters of data` : data }
}

export function toolResult(id: unknown, name: unknown, result: unknown, isError: boolean): ChatPart {
  return { kind: 'toolResult', id: text(id), name: text(name), result, isError }
}

function vercelOutput(output: unknown): unknown {
  return isObject(output) && typeof output.type === 'string' && 'value' in output ? output.value : output
}

/** A list of nothing but text parts reads better as one text. */
export function flattenText(content: unknown): unknown {
  if (!Array.isArray(content) || content.length === 0) return content
  const parts = content.flatMap(readPart)
  return parts.every((part) => part.kind === 'text') ? parts.map((part) => part.text).join('\n') : content
}

/** Arguments often travel as JSON text. */
export function decodeArgs(args: unknown): unknown {
  if (typeof args !== 'string') return args
  try {
    const value: unknown = JSON.parse(args)
    return typeof value === 'object' && value !== null ? value : args
  } catch {
    return args
  }
}
