// Decides whether an input or output is a conversation, and reads it. Says null rather than guess: a wrong conversation
// view hides data, the JSON view never does.
import { decodeArgs, isObject, readContent, readOpenAiCall, readPart, text, toolResult, type JsonObject } from './parts'
import type { ChatMessage, ChatPart, Conversation, Role } from './types'

export function recognizeChat(value: unknown): Conversation | null {
  const parsed = typeof value === 'string' ? parseJsonText(value) : value
  const messages = readConversation(parsed, 0)
  if (messages == null || messages.length === 0) return null
  return { messages, tools: isObject(parsed) ? readTools(parsed.tools ?? (isObject(parsed.config) ? parsed.config.tools : undefined)) : [] }
}

/** Text that is a JSON object or array, parsed; otherwise undefined. */
export function parseJsonText(value: string): unknown {
  const first = value.trimStart().charAt(0)
  if (first !== '{' && first !== '[') return undefined
  try {
    return JSON.parse(value) as unknown
  } catch {
    return undefined
  }
}

function readConversation(value: unknown, depth: number): ChatMessage[] | null {
  if (depth > 3) return null
  if (Array.isArray(value)) {
    // LangChain batches: [[message, …]]
    if (value.length === 1 && Array.isArray(value[0])) return readConversation(value[0], depth + 1)
    return readList(value)
  }
  if (!isObject(value)) return null

  const system = readSystem(value)
  for (const key of ['messages', 'contents', 'input', 'prompt'] as const) {
    const list = value[key]
    if (Array.isArray(list)) {
      const messages = list.length === 1 && Array.isArray(list[0]) ? readConversation(list[0], depth + 1) : readList(list)
      if (messages) return [...system, ...messages]
    }
  }
  if (typeof value.input === 'string' && ('instructions' in value || 'model' in value)) {
    return [...system, message('user', [{ kind: 'text', text: value.input }])]
  }
  return readOutput(value, depth)
}

/** Answers: one message, or an envelope of choices, candidates or output items. */
function readOutput(value: JsonObject, depth: number): ChatMessage[] | null {
  if (Array.isArray(value.choices)) {
    const messages = value.choices.flatMap((choice) => (isObject(choice) && isObject(choice.message) ? (readMessage(choice.message) ?? []) : []))
    return messages.length > 0 ? messages : null
  }
  if (Array.isArray(value.candidates)) {
    const messages = value.candidates.flatMap((candidate) => (isObject(candidate) && isObject(candidate.content) ? (readMessage({ role: 'model', ...candidate.content }) ?? []) : []))
    return messages.length > 0 ? messages : null
  }
  if (Array.isArray(value.output)) return readList(value.output)
  if (Array.isArray(value.generations)) return null
  if ('role' in value || isLangChainType(value)) {
    const one = readMessage(value)
    if (one) return one
  }
  if (isObject(value.message)) return readConversation(value.message, depth + 1)
  if (isObject(value.response)) return readConversation(value.response, depth + 1)
  if (Array.isArray(value.toolCalls) && ('text' in value || 'finishReason' in value)) return [readVercelResult(value)]
  return null
}

function readVercelResult(value: JsonObject): ChatMessage {
  const reasoning = text(value.reasoning) ?? text(value.reasoningText)
  return message('assistant', [
    ...(reasoning ? [{ kind: 'reasoning' as const, text: reasoning }] : []),
    ...readContent(value.text),
    ...(Array.isArray(value.toolCalls) ? value.toolCalls.flatMap(readOpenAiCall) : []),
  ])
}

/** Every entry must be a message or an item of the responses API, or the list is not a conversation. */
function readList(list: unknown[]): ChatMessage[] | null {
  const messages: ChatMessage[] = []
  for (const entry of list) {
    if (!isObject(entry)) return null
    const read = readMessage(entry) ?? readItem(entry)
    if (read == null) return null
    messages.push(...read)
  }
  return messages.length > 0 ? messages : null
}

/** Items of the responses API that carry no role. */
function readItem(item: JsonObject): ChatMessage[] | null {
  const type = text(item.type)
  if (type === 'function_call' || type === 'reasoning') return [message('assistant', readPart(item))]
  if (type === 'function_call_output') return [message('tool', readPart(item))]
  if (type === 'custom_tool_call') return [message('assistant', [{ kind: 'toolCall', id: text(item.call_id), name: text(item.name) ?? 'tool', args: item.input }])]
  if (type === 'custom_tool_call_output') return [message('tool', [toolResult(item.call_id, null, item.output, false)])]
  if (type === 'text' || type === 'tool_use' || type === 'thinking' || type === 'tool-call') return [message('assistant', readPart(item))]
  return null
}

function readMessage(value: JsonObject): ChatMessage[] | null {
  const data = isObject(value.data) && isLangChainType(value) ? { ...value.data, type: value.type } : value
  const label = text(data.role) ?? langChainRole(data)
  if (label == null) return null
  const hasBody = ['content', 'parts', 'tool_calls', 'toolCalls', 'function_call', 'text', 'refusal'].some((key) => key in data)
  if (!hasBody) return null
  const role = roleOf(label)

  if (role === 'tool' && !hasToolParts(data.content) && !Array.isArray(data.parts)) {
    const body = toolResult(data.tool_call_id ?? data.toolCallId, data.name, data.content, data.status === 'error')
    return [{ role, roleLabel: label, name: text(data.name), parts: [body] }]
  }

  const parts: ChatPart[] = []
  const reasoning = text(data.reasoning_content) ?? text(data.reasoning)
  if (reasoning) parts.push({ kind: 'reasoning', text: reasoning })
  parts.push(...readContent(Array.isArray(data.parts) ? data.parts : (data.content ?? data.text)))
  if (typeof data.refusal === 'string') parts.push({ kind: 'text', text: data.refusal })
  const calls = data.tool_calls ?? data.toolCalls ?? (isObject(data.additional_kwargs) ? data.additional_kwargs.tool_calls : undefined)
  if (Array.isArray(calls)) parts.push(...calls.flatMap(readOpenAiCall))
  if (isObject(data.function_call)) parts.push({ kind: 'toolCall', id: null, name: text(data.function_call.name) ?? 'tool', args: decodeArgs(data.function_call.arguments) })
  return [{ role, roleLabel: label, name: text(data.name), parts }]
}

function readSystem(value: JsonObject): ChatMessage[] {
  const raw = value.system ?? value.instructions ?? value.systemInstruction ?? value.system_instruction ?? (isObject(value.config) ? value.config.systemInstruction : undefined)
  const parts = isObject(raw) && Array.isArray(raw.parts) ? readContent(raw.parts) : readContent(raw)
  return parts.length > 0 ? [message('system', parts)] : []
}

/** Tool definitions of OpenAI, Anthropic and Gemini requests. */
function readTools(tools: unknown): Conversation['tools'] {
  if (!Array.isArray(tools)) return []
  return tools.flatMap((tool) => {
    if (!isObject(tool)) return []
    const declared = tool.functionDeclarations ?? tool.function_declarations
    if (Array.isArray(declared)) return readTools(declared)
    const body = isObject(tool.function) ? tool.function : tool
    const name = text(body.name) ?? text(body.type)
    if (name == null) return []
    return [{ name, description: text(body.description), schema: body.parameters ?? body.input_schema ?? body.inputSchema ?? null }]
  })
}

const LANGCHAIN: Record<string, Role> = { human: 'user', ai: 'assistant', system: 'system', tool: 'tool', function: 'tool' }

function isLangChainType(value: JsonObject): boolean {
  return typeof value.type === 'string' && Object.hasOwn(LANGCHAIN, value.type) && ('content' in value || 'data' in value)
}

function langChainRole(value: JsonObject): string | null {
  return isLangChainType(value) ? (LANGCHAIN[value.type as string] ?? null) : null
}

function hasToolParts(content: unknown): boolean {
  return Array.isArray(content) && content.some((part) => isObject(part) && typeof part.type === 'string' && part.type.startsWith('tool'))
}

function roleOf(label: string): Role {
  switch (label.toLowerCase()) {
    case 'system':
      return 'system'
    case 'developer':
      return 'developer'
    case 'user':
    case 'human':
      return 'user'
    case 'assistant':
    case 'model':
    case 'ai':
      return 'assistant'
    case 'tool':
    case 'function':
    case 'toolresult':
      return 'tool'
    default:
      return 'other'
  }
}

function message(role: Role, parts: ChatPart[]): ChatMessage {
  return { role, roleLabel: role, name: null, parts }
}
