// Traces made to hurt: 10,000 observations, hostile texts, parents that do not fit, every provider's message shape.
import { observation, trace } from '../build'
import type { MockObservation, MockTrace } from '../model'
import { createRandom } from '../random'
import { MODELS } from './agents'

export const BIG_TRACE = 'ffff0000ffff0000ffff0000ffff0000'
export const HOSTILE_TRACE = 'badc0ffeebadc0ffeebadc0ffeebadc0'
export const SHAPES_TRACE = '5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a'
export const TANGLED_TRACE = '7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a'

export function bigTrace(start: number, count = 10_000): MockTrace {
  const random = createRandom(10_000)
  const observations: MockObservation[] = []
  const open: { id: string; at: number; depth: number }[] = []
  let at = start
  for (let index = 0; index < count; index += 1) {
    while (open.length > 0 && random.chance(open.length > 40 ? 0.7 : 0.32)) open.pop()
    const parent = open.at(-1)
    const type = index === 0 ? 'AGENT' : random.pick(['SPAN', 'GENERATION', 'TOOL', 'TOOL', 'SPAN', 'AGENT', 'CHAIN', 'RETRIEVER', 'EVENT', 'EMBEDDING'])
    const [model, price] = random.pick(MODELS)
    at += random.int(1, 30)
    const id = `big-${index}`
    const generation = type === 'GENERATION'
    observations.push(observation({
      id, parent: index === 0 ? null : (parent?.id ?? 'big-0'), type, name: index === 0 ? 'nightly-refactor' : `${type.toLowerCase()} ${random.pick(['read file', 'plan', 'run tests', 'search', 'edit', 'summarise', 'route'])} ${index}`,
      start: at, end: index === 0 ? start + 200_000 : at + random.int(5, 4000), firstToken: generation ? at + random.int(1, 5) : null,
      level: random.chance(0.01) ? 'ERROR' : random.chance(0.02) ? 'WARNING' : 'DEFAULT',
      model: generation ? model : null, price: generation ? price : undefined, tokens: generation ? { input: random.int(100, 3000), output: random.int(20, 900), cacheRead: random.int(0, 20_000) } : undefined,
      input: generation ? [{ role: 'user', content: `Step ${index}` }] : { step: index }, output: generation ? { role: 'assistant', content: `Done with ${index}` } : `result ${index}`,
    }))
    if (random.chance(0.75)) open.push({ id, at, depth: open.length })
  }
  return trace({ id: BIG_TRACE, start, name: 'nightly-refactor (10,000 observations)', observations, userId: 'ci', tags: ['ci', 'nightly'], input: 'Refactor everything, overnight.', output: 'Done.', metadata: { runs: 1 } })
}

export const LONG_SESSION = 'night-shift'

/** A session of 60 traces whose texts are longer than a list shows. */
export function longSession(start: number): MockTrace[] {
  return Array.from({ length: 60 }, (_, index) => {
    const number = index + 1
    const words = (about: string) => `${`This sentence only makes the ${about} long. `.repeat(12)}End of ${about} ${number}.`
    return trace({ id: `${LONG_SESSION}-${number}`, start: start + index * 60_000, name: `shift ${number}`, sessionId: LONG_SESSION, observations: [observation({ id: `${LONG_SESSION}-${number}-root`, start: start + index * 60_000 })], input: words('question'), output: words('answer') })
  })
}

/** Text that would act if anything treated it as more than text. Each has its own marker so that a test can look for it. */
export const ATTACKS = [
  '<script>window.__hit=1;alert(1)</script>',
  '<img src=x onerror="window.__hit=1;alert(1)">',
  '<svg onload=alert(1)><a xlink:href="javascript:alert(1)">x</a></svg>',
  '<iframe srcdoc="<script>parent.__hit=1</script>"></iframe>',
  '[click](javascript:alert(1)) [data](data:text/html,<script>alert(1)</script>) [ok](https://example.com/ok)',
  '![beacon](https://evil.example/beacon.png?leak=1) ![svg](data:image/svg+xml,<svg onload=alert(1)>)',
  '<style>*{background:url(https://evil.example/css)}</style><link rel=stylesheet href=https://evil.example/x.css>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=alert(1)&gt;">',
  'invoice\u202Efdp.exe zero\u200Bwidth tag\u{E0068}\u{E0069} bell\u0007',
  '\u001b[31mred\u001b[0m \u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007 \u001b[2J',
  '{{constructor.constructor("alert(1)")()}} ${alert(1)} `${alert(1)}`',
  '"onmouseover="alert(1)" x="',
] as const

export function hostileTrace(start: number): MockTrace {
  const long = 'x'.repeat(200) + '\n'
  const pollution: unknown = JSON.parse('{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},"a.b":1,"a":{"b":2},"<b>key</b>":"<i>v</i>","embedded":"{\\"inner\\":[1,2,{\\"deep\\":true}]}"}')
  const observations = [
    observation({ id: 'h-root', type: 'AGENT', name: ATTACKS[0], start, end: start + 5000, input: ATTACKS.join('\n\n'), output: ATTACKS[1], metadata: pollution }),
    ...ATTACKS.map((attack, index) => observation({
      id: `h-${index}`, parent: 'h-root', type: index % 3 === 0 ? 'GENERATION' : index % 3 === 1 ? 'TOOL' : '<b>TYPE</b>', name: attack, start: start + 100 + index * 300, end: start + 300 + index * 300,
      level: index === 2 ? 'ERROR' : 'DEFAULT', statusMessage: index === 2 ? attack : null, model: index % 3 === 0 ? attack : null, price: null,
      tokens: index % 3 === 0 ? { input: 10, output: 3 } : undefined,
      input: index % 3 === 0 ? [{ role: attack, content: attack }, { role: 'user', content: [{ type: 'text', text: attack }, { type: 'image_url', image_url: { url: 'https://evil.example/beacon.png' } }] }] : { [attack]: attack },
      output: index % 3 === 0 ? { role: 'assistant', content: attack, tool_calls: [{ id: 'c', function: { name: attack, arguments: JSON.stringify({ x: attack }) } }] } : attack, metadata: pollution, modelParameters: index % 3 === 0 ? { [attack]: attack } : null,
    })),
    observation({ id: 'h-long', parent: 'h-root', type: 'TOOL', name: 'cat huge.log (5 MB)', start: start + 4200, end: start + 4800, input: { path: 'huge.log' }, output: long.repeat(26_000) }),
    observation({ id: 'h/../slash ?#%&"', parent: 'h-root', type: 'SPAN', name: null, start: start + 4900, end: start + 4950, input: null, output: null }),
  ]
  return trace({
    id: HOSTILE_TRACE, start, name: ATTACKS[0], observations, userId: ATTACKS[1], sessionId: ATTACKS[8], environment: 'default',
    tags: [ATTACKS[1], ATTACKS[8], '__proto__'], release: ATTACKS[11], version: ATTACKS[2], input: ATTACKS.join('\n'), output: `=HYPERLINK("https://evil.example")`, metadata: pollution,
    scores: [{ id: 's-evil', name: ATTACKS[0], value: 1, stringValue: null, dataType: 'NUMERIC', source: 'API', comment: ATTACKS[4], observationId: null, timestamp: new Date(start).toISOString() }],
  })
}

export function tangledTrace(start: number): MockTrace {
  const at = (offset: number) => ({ start: start + offset, end: start + offset + 400 })
  return trace({
    id: TANGLED_TRACE, start, name: 'tangled-parents', input: 'orphans and cycles', output: null,
    observations: [
      observation({ id: 't-root', name: 'root', type: 'CHAIN', ...at(0) }),
      observation({ id: 't-orphan', name: 'orphan', parent: 'never-arrived', ...at(100) }),
      observation({ id: 't-orphan-child', name: 'child of the orphan', parent: 't-orphan', ...at(150) }),
      observation({ id: 't-a', name: 'cycle a', parent: 't-c', ...at(200) }),
      observation({ id: 't-b', name: 'cycle b', parent: 't-a', ...at(250) }),
      observation({ id: 't-c', name: 'cycle c', parent: 't-b', ...at(300) }),
      observation({ id: 't-self', name: 'own parent', parent: 't-self', ...at(350) }),
      observation({ id: 't-backwards', name: 'ends before it starts', parent: 't-root', start: start + 300, end: start + 100 }),
      observation({ id: 't-running', name: 'never ended', parent: 't-root', start: start + 380, end: null }),
    ],
  })
}

export function shapesTrace(start: number): MockTrace {
  const call = { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Berlin","unit":"c"}' } }
  const file = (id: string, type: string) => `@@@langfuseMedia:type=${type}|id=${id}|source=base64_data_uri@@@`
  const shapes: [string, unknown, unknown, unknown?][] = [
    ['openai chat', [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: [{ type: 'text', text: 'Weather?' }, { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }] }, { role: 'assistant', content: null, tool_calls: [call] }, { role: 'tool', tool_call_id: 'call_1', content: '{"temp":18}' }], { choices: [{ message: { role: 'assistant', content: '18 °C in **Berlin**.' } }] }],
    ['openai responses', { model: 'gpt-5', instructions: 'Be brief.', input: 'Weather?' }, { output: [{ type: 'reasoning', summary: [{ type: 'summary_text', text: 'The user wants the weather.' }] }, { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: '18 °C.' }] }] }],
    ['gemini', { systemInstruction: { parts: [{ text: 'Be brief.' }] }, contents: [{ role: 'user', parts: [{ text: 'Weather?' }] }] }, { candidates: [{ content: { role: 'model', parts: [{ functionCall: { name: 'get_weather', args: { city: 'Berlin' } } }] } }] }],
    ['vercel', { messages: [{ role: 'user', content: [{ type: 'text', text: 'Weather?' }] }] }, { text: '18 °C.', finishReason: 'stop', toolCalls: [] }],
    ['plain text', 'What is the weather?', 'It is 18 °C.'],
    ['media', 'Look at @@@langfuseMedia:type=image/png|id=mock-image|source=bytes@@@ and @@@langfuseMedia:type=audio/wav|id=mock-audio|source=bytes@@@', '@@@langfuseMedia:type=image/svg+xml|id=mock-svg|source=bytes@@@ @@@langfuseMedia:type=image/png|id=gone|source=bytes@@@'],
    ['numbers and lists', { values: Array.from({ length: 1200 }, (_, index) => index) }, [1, 2.5, true, null, 'text', { nested: { deeper: { deepest: 'here' } } }]],
    ['markdown', '# Title\n\nSome *emphasis*, `code`, a [link](https://example.com/docs) and a list:\n\n- one\n  - two\n- [x] done\n\n```ts\nconst x: number = 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> quoted', null],
    ['media in parts', [{ role: 'user', content: [{ type: 'text', text: 'What is this?' }, { type: 'image_url', image_url: { url: file('mock-image', 'image/png') } }] }], { role: 'assistant', content: `| seen | heard |\n|---|---|\n| ${file('mock-image', 'image/png')} | ${file('mock-audio', 'audio/wav')} |\n\n\`${file('mock-image', 'image/png')}\`` }, { photo: file('mock-image', 'image/png'), scan: { page: file('mock-svg', 'image/svg+xml') } }],
  ]
  return trace({
    id: SHAPES_TRACE, start, name: 'message-shapes', input: shapes[0]?.[1], output: shapes[0]?.[2],
    observations: shapes.map(([name, input, output, metadata], index) => observation({ id: `shape-${index}`, type: 'GENERATION', name, start: start + index * 700, end: start + index * 700 + 600, firstToken: start + index * 700 + 200, model: 'gpt-5-mini', price: { input: 0.25, output: 2 }, tokens: { input: 40, output: 12 }, input, output, metadata, modelParameters: { temperature: 0 } })),
  })
}
