// Each provider's shape is read into the same conversation; what is not a conversation is left alone.
import { describe, expect, it } from 'vitest'

import { recognizeChat } from './recognize'

/** `role: kind kind` per message, enough to see the structure. */
function outline(value: unknown): string[] | null {
  return recognizeChat(value)?.messages.map((message) => `${message.role}: ${message.parts.map((part) => part.kind).join(' ')}`) ?? null
}

const shapes: [string, unknown, string[]][] = [
  [
    'OpenAI chat request',
    [
      { role: 'system', content: 's' },
      { role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }] },
      { role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }] },
      { role: 'tool', tool_call_id: 'c1', content: 'ok' },
    ],
    ['system: text', 'user: text media', 'assistant: toolCall', 'tool: toolResult'],
  ],
  ['OpenAI chat answer', { choices: [{ index: 0, message: { role: 'assistant', content: 'hi' } }] }, ['assistant: text']],
  [
    'OpenAI responses request',
    { model: 'm', instructions: 'be brief', input: [{ role: 'user', content: [{ type: 'input_text', text: 'a' }] }, { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' }, { type: 'function_call_output', call_id: 'c', output: 'x' }] },
    ['system: text', 'user: text', 'assistant: toolCall', 'tool: toolResult'],
  ],
  [
    'OpenAI responses answer',
    { output: [{ type: 'reasoning', summary: [{ type: 'summary_text', text: 't' }] }, { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'a' }] }] },
    ['assistant: reasoning', 'assistant: text'],
  ],
  [
    'Anthropic request',
    { system: [{ type: 'text', text: 's' }], messages: [{ role: 'user', content: 'a' }, { role: 'assistant', content: [{ type: 'thinking', thinking: 't' }, { type: 'tool_use', id: 'u', name: 'Bash', input: { command: 'ls' } }] }, { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'u', content: [{ type: 'text', text: 'x' }], is_error: true }] }] },
    ['system: text', 'user: text', 'assistant: reasoning toolCall', 'user: toolResult'],
  ],
  ['Anthropic answer', { id: 'msg', type: 'message', role: 'assistant', content: [{ type: 'text', text: 'a' }] }, ['assistant: text']],
  [
    'Gemini request',
    { systemInstruction: { parts: [{ text: 's' }] }, contents: [{ role: 'user', parts: [{ text: 'a' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }] }, { role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }] }, { role: 'user', parts: [{ functionResponse: { name: 'f', response: {} } }] }] },
    ['system: text', 'user: text media', 'assistant: toolCall', 'user: toolResult'],
  ],
  ['Gemini answer', { candidates: [{ content: { role: 'model', parts: [{ text: 'think', thought: true }, { text: 'a' }] } }] }, ['assistant: reasoning text']],
  [
    'Vercel model messages',
    { messages: [{ role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c', toolName: 'f', input: {} }] }, { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c', toolName: 'f', output: { type: 'json', value: 1 } }] }] },
    ['assistant: toolCall', 'tool: toolResult'],
  ],
  ['Vercel UI messages', [{ id: 'm', role: 'assistant', parts: [{ type: 'step-start' }, { type: 'tool-weather', toolCallId: 'c', state: 'output-available', input: {}, output: 'sun' }, { type: 'text', text: 'a' }] }], ['assistant: toolCall toolResult text']],
  ['Vercel result', { text: 'a', finishReason: 'stop', toolCalls: [{ toolCallId: 'c', toolName: 'f', args: {} }] }, ['assistant: text toolCall']],
  ['OpenTelemetry gen_ai messages', [{ role: 'user', parts: [{ type: 'text', content: 'a' }] }, { role: 'assistant', parts: [{ type: 'tool_call', id: 'c', name: 'f', arguments: { a: 1 } }] }, { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c', response: 'x' }] }], ['user: text', 'assistant: toolCall', 'tool: toolResult']],
  ['LangChain batch', [[{ type: 'human', content: 'a' }, { type: 'ai', data: { content: 'b' } }]], ['user: text', 'assistant: text']],
  ['JSON text', '[{"role":"user","content":"a"}]', ['user: text']],
  ['an unknown part is kept', [{ role: 'user', content: [{ type: 'hologram', x: 1 }] }], ['user: json']],
]

describe('recognizeChat', () => {
  it.each(shapes)('%s', (_, value, expected) => expect(outline(value)).toEqual(expected))

  it.each([
    ['plain text', 'hello'],
    ['a number', 4],
    ['null', null],
    ['an empty list', []],
    ['a list with one stranger', [{ role: 'user', content: 'a' }, { colour: 'red' }]],
    ['an object with a role and nothing to say', { role: 'admin' }],
    ['broken JSON', '[{"role":"user"'],
    ['retriever documents', [{ page_content: 'x', metadata: {} }]],
    ['a type from Object.prototype', [{ type: 'constructor', content: 'x' }]],
  ])('%s is not a conversation', (_, value) => expect(outline(value)).toBeNull())

  it('decodes arguments and keeps tool definitions', () => {
    const chat = recognizeChat({ messages: [{ role: 'assistant', tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{"a":1}' } }] }], tools: [{ type: 'function', function: { name: 'f', parameters: {} } }] })
    expect(chat?.messages[0]?.parts[0]).toEqual({ kind: 'toolCall', id: 'c', name: 'f', args: { a: 1 } })
    expect(chat?.tools.map((tool) => tool.name)).toEqual(['f'])
  })

  it('never gives an image address to load', () => {
    const chat = recognizeChat([{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://evil.example/beacon.png' } }] }])
    expect(chat?.messages[0]?.parts[0]).toEqual({ kind: 'media', mediaType: 'image', reference: 'https://evil.example/beacon.png', file: null })
  })

  it.each([
    ['OpenAI image', { type: 'image_url', image_url: { url: '@@@langfuseMedia:type=image/png|id=a|source=base64_data_uri@@@' } }],
    ['OpenAI audio', { type: 'input_audio', input_audio: { data: '@@@langfuseMedia:type=image/png|id=a|source=base64_data_uri@@@', format: 'wav' } }],
    ['Anthropic', { type: 'image', source: { type: 'base64', media_type: 'image/png', data: '@@@langfuseMedia:type=image/png|id=a|source=base64_data_uri@@@' } }],
    ['Gemini', { inline_data: { mime_type: 'image/png', data: '@@@langfuseMedia:type=image/png|id=a|source=base64_data_uri@@@' } }],
    ['Vercel', { type: 'file', mediaType: 'image/png', data: '@@@langfuseMedia:type=image/png|id=a|source=base64_data_uri@@@' }],
  ])('an uploaded file stands in its part: %s', (_, part) => {
    expect(recognizeChat([{ role: 'user', content: [part] }])?.messages[0]?.parts[0]).toMatchObject({ kind: 'media', reference: null, file: { id: 'a', type: 'image/png' } })
  })
})
