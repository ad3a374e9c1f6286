// Ordinary traffic: coding-agent turns with model calls, tools, subagents and the occasional failure.
import { observation, trace } from '../build'
import type { MockObservation, MockTrace } from '../model'
import type { Random } from '../random'

const TASKS = [
  ['fix-failing-test', 'The checkout total is wrong when a coupon is applied twice. Find out why and fix it.', 'Fixed. `applyCoupon` kept no record of applied codes, so the discount was taken **twice**.\n\n- `src/cart/coupon.ts`: applied codes are now a set\n- `test/coupon.test.ts`: a case for the repeated code\n\nAll 42 tests pass.'],
  ['review-pull-request', 'Review pull request 318 for concurrency problems.', 'Two findings:\n\n1. `Queue::drain` holds the lock across an await (`queue.rs:88`)\n2. The retry counter is shared between tenants\n\nThe rest looks good.'],
  ['write-migration', 'Add a nullable column "archived_at" to orders, with a backfill.', 'The migration is in `migrations/0042_orders_archived_at.sql`. The backfill runs in batches of 5,000.'],
  ['answer-question', 'Where do we decide how long a session cookie lives?', 'In `auth/session.ts`, line 31: `SESSION_TTL` is 12 hours; the refresh cookie lives 30 days.'],
  ['refactor-module', 'Split the 1,900-line billing module by responsibility.', 'Done in five commits; behaviour is unchanged and the public exports are the same.'],
  ['triage-issue', 'Label and summarise the newest issue.', '**bug**, **area: export**. The CSV export writes a BOM twice when the first page is empty.'],
] as const

export const MODELS = [
  ['claude-sonnet-4-5', { input: 3, output: 15 }],
  ['claude-haiku-4-5', { input: 1, output: 5 }],
  ['gpt-5-mini', { input: 0.25, output: 2 }],
  ['gemini-2.5-pro', { input: 1.25, output: 10 }],
] as const

const TOOLS = [
  ['Bash', { command: 'npm test -- coupon', timeout: 120000 }, '\u001b[31mFAIL\u001b[0m test/coupon.test.ts\n  \u001b[32m✓\u001b[0m applies a coupon (4 ms)\n  \u001b[31m✗\u001b[0m refuses a repeated coupon (2 ms)\n\n    expected 90 to be 81\n\nTests: 1 failed, 41 passed'],
  ['Read', { file_path: '/home/dev/shop/src/cart/coupon.ts' }, '     1\texport function applyCoupon(cart: Cart, code: string) {\n     2\t  const coupon = find(code)\n     3\t  cart.total -= cart.total * coupon.share\n     4\t}'],
  ['Edit', { file_path: '/home/dev/shop/src/cart/coupon.ts', old_string: 'cart.total -=', new_string: 'if (cart.applied.has(code)) return\n  cart.total -=' }, '*** Begin Patch\n@@ applyCoupon @@\n-  cart.total -= cart.total * coupon.share\n+  if (cart.applied.has(code)) return\n+  cart.applied.add(code)\n+  cart.total -= cart.total * coupon.share'],
  ['Grep', { pattern: 'applyCoupon', path: 'src' }, 'src/cart/coupon.ts:1\nsrc/checkout/total.ts:18\nsrc/checkout/total.ts:44'],
] as const

export function agentTrace(random: Random, start: number, options: { sessionId?: string | null; running?: boolean; id?: string } = {}): MockTrace {
  const [name, question, answer] = random.pick(TASKS)
  const [model, price] = random.pick(MODELS)
  const unpriced = random.chance(0.06)
  const failed = random.chance(0.1)
  const observations: MockObservation[] = []
  const root = random.id(8)
  const system = 'You are a careful coding agent. Work in small steps, run the tests, and say what you changed.'
  const history: unknown[] = [{ role: 'user', content: question }]
  let at = start + random.int(5, 40)
  const turns = random.int(2, 6)

  for (let turn = 0; turn < turns; turn += 1) {
    const last = turn === turns - 1
    const began = at
    const wait = random.int(300, 1800)
    at += wait + random.int(400, 6000)
    const [tool, args, result] = random.pick(TOOLS)
    const callId = `toolu_${random.id(6)}`
    const content: unknown[] = last
      ? [{ type: 'text', text: answer }]
      : [{ type: 'text', text: `I will use ${tool} to look closer.` }, { type: 'tool_use', id: callId, name: tool, input: args }]
    observations.push(
      observation({
        id: random.id(8), parent: root, type: 'GENERATION', name: 'llm.request', start: began, end: at, firstToken: began + wait,
        model: unpriced ? 'house-model-v2' : model, price: unpriced ? null : price,
        tokens: { input: random.int(300, 4000), output: random.int(60, 1400), cacheRead: turn === 0 ? 0 : random.int(4000, 60_000), cacheWrite: random.chance(0.5) ? random.int(500, 6000) : 0 },
        input: { system, messages: [...history], tools: [{ name: 'Bash', description: 'Runs a shell command', input_schema: { type: 'object', properties: { command: { type: 'string' } } } }] },
        output: { role: 'assistant', content, stop_reason: last ? 'end_turn' : 'tool_use' },
        modelParameters: { max_tokens: 8192, temperature: 0.2 },
        prompt: turn === 0 ? { name: 'coding/agent-system', version: 7 } : undefined,
        metadata: { attempt: 1, 'gen_ai.system': 'anthropic', region: 'eu-central-1' },
      }),
    )
    history.push({ role: 'assistant', content })
    if (last) break
    const toolId = random.id(8)
    const toolStart = at + random.int(2, 20)
    const toolEnd = toolStart + random.int(20, tool === 'Bash' ? 9000 : 400)
    const bad = failed && turn === turns - 2
    observations.push(observation({ id: toolId, parent: root, type: 'TOOL', name: tool, start: toolStart, end: toolEnd, input: args, output: bad ? { error: 'command failed', exit_code: 1, stdout: result } : result, level: bad ? 'ERROR' : 'DEFAULT', statusMessage: bad ? 'exit code 1' : null, metadata: { 'process.exit.code': bad ? 1 : 0, cwd: '/home/dev/shop' } }))
    history.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: callId, content: result, is_error: bad }] })
    if (random.chance(0.25)) {
      const sub = random.id(8)
      const subEnd = toolEnd + random.int(1500, 12_000)
      observations.push(observation({ id: sub, parent: root, type: 'AGENT', name: 'subagent: explore', start: toolEnd, end: subEnd, input: 'Find every caller of applyCoupon.', output: 'Three callers, all in checkout.' }))
      observations.push(observation({ id: random.id(8), parent: sub, type: 'GENERATION', name: 'llm.request', start: toolEnd + 20, end: subEnd - 200, firstToken: toolEnd + 600, model: 'claude-haiku-4-5', price: { input: 1, output: 5 }, tokens: { input: random.int(500, 3000), output: random.int(100, 600) }, input: [{ role: 'user', content: 'Find every caller of applyCoupon.' }], output: { role: 'assistant', content: 'Three callers, all in checkout.' } }))
      at = subEnd
    } else at = toolEnd
    if (random.chance(0.1)) observations.push(observation({ id: random.id(8), parent: root, type: 'EVENT', name: 'context.compacted', start: at, end: at, level: 'WARNING', statusMessage: 'context was compacted from 182k to 34k tokens' }))
  }
  observations.unshift(observation({ id: root, type: 'AGENT', name, start, end: options.running ? null : at + 20, input: question, output: options.running ? null : answer, metadata: { 'vcs.repository': 'shop', 'vcs.branch': 'main' } }))
  return trace({
    id: options.id ?? random.id(16), start, name, observations,
    userId: random.pick(['ada@example.com', 'grace@example.com', 'linus@example.com', 'barbara@example.com', null]),
    sessionId: options.sessionId ?? null,
    environment: random.pick(['production', 'production', 'production', 'staging', 'development']),
    tags: random.chance(0.6) ? [random.pick(['cli', 'ci', 'ide']), ...(random.chance(0.4) ? [random.pick(['backend', 'frontend', 'infra'])] : [])] : [],
    release: random.pick(['2026.11.2', '2026.11.1', null]),
    version: random.pick(['1.4.0', '1.3.2', null]),
    bookmarked: random.chance(0.05),
    input: question, output: options.running ? null : answer,
    metadata: { repository: 'shop', branch: 'main', commit: random.id(20), agent: { name: 'claude-code', version: '2.1.330' } },
    scores: random.chance(0.3) ? [{ id: random.id(8), name: 'tests-pass', value: failed ? 0 : 1, stringValue: failed ? 'False' : 'True', dataType: 'BOOLEAN', source: 'API', comment: null, observationId: null, timestamp: new Date(at).toISOString() }] : [],
    updatedAt: options.running ? Date.now() : undefined,
  })
}
