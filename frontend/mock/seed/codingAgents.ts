// Sessions of coding agents to look at: one told in full, one that tries to act, one of ten thousand steps, and two weeks of
// ordinary work. Shapes follow the recordings in tests/fixtures/agents.
import type { PullRequest } from '../../src/api/agents'
import type { MockTrace } from '../model'
import { createRandom } from '../random'
import { noAgents, SessionBuilder, type MockAgents, type SessionSeed } from './agentSession'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const REPOSITORY = 'https://github.com/acme/shop'
const OPUS = { model: 'claude-opus-4-5', price: { input: 5, output: 25 } }
const CSI = '\u001b['

export const DISCOUNT = 'claude-code-0a7c1f52-discount'
export const HOSTILE_SESSION = 'claude-code-badc0ffe-hostile'
export const BIG_SESSION = 'claude-code-ffff0000-large'

const FAILED_TEST = [
  `.${CSI}31mF${CSI}0m                                                                       [100%]`,
  `${CSI}1m=================================== FAILURES ===================================${CSI}0m`,
  `${CSI}31m${CSI}1m___________________________ test_total_with_discount ___________________________${CSI}0m`,
  '',
  '    def test_total_with_discount():',
  `>       ${CSI}94massert${CSI}39;49;00m total(ITEMS, discount=${CSI}94m10${CSI}39;49;00m) == ${CSI}94m1800${CSI}39;49;00m`,
  `${CSI}1m${CSI}31mE       AssertionError: assert 1990 == 1800${CSI}0m`,
  `${CSI}1m${CSI}31mE        +  where 1990 = total([{'price': 250, 'qty': 4}, {'price': 1000, 'qty': 1}], discount=10)${CSI}0m`,
  '',
  `${CSI}1m${CSI}31mtests/test_cart.py${CSI}0m:11: AssertionError`,
  `${CSI}36m${CSI}1m=========================== short test summary info ============================${CSI}0m`,
  `${CSI}31mFAILED${CSI}0m tests/test_cart.py::${CSI}1mtest_total_with_discount${CSI}0m - AssertionError: assert 1990 == 1800`,
  `${CSI}31m${CSI}31m${CSI}1m1 failed${CSI}0m, ${CSI}32m1 passed${CSI}0m${CSI}31m in 0.02s${CSI}0m${CSI}0m`,
].join('\n')
const PASSED_TEST = `..                                                                       [100%]\n${CSI}32m${CSI}32m${CSI}1m2 passed${CSI}0m${CSI}32m in 0.01s${CSI}0m\n`

const CART_DIFF = `@@ -5,7 +5,8 @@ def subtotal(items):
     return sum(i["price"] * i["qty"] for i in items)
${' '}
${' '}
 def total(items, discount=0):
     """Total after a discount given in percent."""
-    return subtotal(items) - discount
+    return round(subtotal(items) * (100 - discount) / 100)
+
`
const CHECKOUT_DIFF = `@@ -1,6 +1,7 @@
 from shop.cart import subtotal, total
+from shop.coupons import Coupon, apply_once
${' '}
 class Checkout:
-    def __init__(self, items, coupons=()):
+    def __init__(self, items, coupons: Iterable[Coupon] = ()):
         self.items = items
-        self.coupons = list(coupons)
+        self.coupons = apply_once(coupons)
@@ -38,9 +39,7 @@ class Checkout:
     def total(self):
         amount = total(self.items)
-        for coupon in self.coupons:
-            amount -= coupon.amount
-        return amount
+        return max(0, amount - sum(coupon.amount for coupon in self.coupons))
${' '}
     def receipt(self):
         return [self.line(item) for item in self.items]
`
const COUPONS = `@@
+"""Coupons. A code counts once, however often it is entered."""
+
+from dataclasses import dataclass
+from typing import Iterable
+
+
+@dataclass(frozen=True)
+class Coupon:
+    code: str
+    amount: int
+
+
+def apply_once(coupons: Iterable[Coupon]) -> list[Coupon]:
+    """The coupons without repeated codes, in order."""
+    seen: dict[str, Coupon] = {}
+    for coupon in coupons:
+        seen.setdefault(coupon.code.upper(), coupon)
+    return list(seen.values())
`

function discountSession(rows: MockAgents, start: number): MockTrace {
  const session = new SessionBuilder({ agent: 'claude-code', title: 'discount', sessionId: '0a7c1f52-discount', version: '2.1.330', start, user: 'ada@example.com', repository: REPOSITORY, branch: 'fix/discount', ...OPUS }, rows)
  session.prompt('The cart total ignores the percent discount. Find out why the tests fail, fix it and commit.')
  session.answer('I’ll run the tests first to see what fails.', { reasoning: 'The user says the discount is ignored. The quickest way to see how it fails is the test suite; then I read the code that it names.' })
  session.command('python3 -m pytest -q', FAILED_TEST, 1, { ms: 1240 })
  session.answer('One test fails: 1990 instead of 1800. The discount looks to be subtracted as cents. Let me read the code.')
  session.read('/home/dev/shop/shop/cart.py', '"""Shopping cart totals. All prices are integer cents."""\n\n\ndef subtotal(items):\n    return sum(i["price"] * i["qty"] for i in items)\n\n\ndef total(items, discount=0):\n    """Total after a discount given in percent."""\n    return subtotal(items) - discount\n')
  session.answer(null)
  session.edit('/home/dev/shop/shop/cart.py', CART_DIFF)
  session.answer(null)
  session.command('grep -n TODO shop/cart.py', '', 1, { ms: 30 })
  session.answer('No notes left behind. Running the tests again.')
  session.command('python3 -m pytest -q', PASSED_TEST, 0, { ms: 980 })
  session.answer(null)
  session.commit('0658d87f7aa33b7aa20dc69570ed7cf7f15cc4f2', 'Apply the cart discount as a percentage\n\ntotal() subtracted the percentage as cents.', { pr: 412, additions: 2, deletions: 1, cost: 0.1137 })
  session.answer('Fixed: `total` subtracted the discount as **cents** instead of percent.\n\n| | before | after |\n|---|---|---|\n| 10% of 2000 | 1990 | 1800 |\n\nBoth tests pass and the change is committed on `fix/discount`.')

  session.at += 3 * MINUTE
  session.prompt('Good. Customers can also enter the same coupon twice. Look for every place that adds up coupons, then make a code count once. Keep the public names.')
  session.answer('I’ll have a helper look for the callers while I read the checkout.')
  session.delegate('general-purpose', 'Find every place in this repository that adds up or applies coupons. Report file and line.', (inside) => {
    inside.answer(null)
    inside.tool('Grep', { pattern: 'coupon', path: 'shop', output_mode: 'content' }, 'shop/checkout.py:6: self.coupons = list(coupons)\nshop/checkout.py:41: for coupon in self.coupons:\nshop/api.py:88: coupons=request.json["coupons"]')
    inside.command('rg -n "amount -= " shop', 'shop/checkout.py:42:            amount -= coupon.amount\n', 0, { ms: 60 })
    inside.tool('Read', { file_path: '/home/dev/shop/shop/missing.py' }, 'File does not exist.', { level: 'ERROR', status: 'File does not exist.' })
    inside.answer('Three places: `shop/checkout.py:6` and `:41` apply them, `shop/api.py:88` passes them through.')
  })
  session.failedCall('529: {"type":"overloaded_error","message":"Overloaded"}')
  session.answer('Only `Checkout` applies them. I’ll put the rule into a module of its own.', { attempts: 2, ms: 9400 })
  session.edit('/home/dev/shop/shop/coupons.py', COUPONS, { operation: 'CREATE' })
  session.edit('/home/dev/shop/shop/checkout.py', CHECKOUT_DIFF)
  session.edit('/home/dev/shop/tests/test_coupons.py', '@@\n+from shop.coupons import Coupon, apply_once\n+\n+\n+def test_a_code_counts_once():\n+    twice = [Coupon("SAVE5", 500), Coupon("save5", 500)]\n+    assert apply_once(twice) == [Coupon("SAVE5", 500)]\n', { operation: 'CREATE' })
  session.edit('/home/dev/shop/docs/coupons.txt', '', { operation: 'MOVE', newPath: '/home/dev/shop/docs/coupons.md' })
  session.command('npm run build', `${CSI}2m> shop@1.4.0 build${CSI}0m\n\n${Array.from({ length: 9 }, (_, index) => `bundling ${'█'.repeat(index)}${'░'.repeat(9 - index)} ${index * 11}%\r`).join('')}${CSI}Kbundling █████████ 100%\n${CSI}32m✓${CSI}0m built in ${CSI}1m2.31s${CSI}0m\n${CSI}33mwarning${CSI}0m: 2 chunks are larger than 500 kB\n`, 0, { ms: 4100, cwd: '/home/dev/shop/web' })
  session.command('git push --force origin fix/discount', '', null, { decision: ['reject', 'user_reject'] })
  session.command('./tools/ship.sh --background', 'started\n', null, { ms: 120 })
  session.answer('You declined the forced push, so I leave the branch as it is.')
  session.command('git commit -am "A coupon code counts once" --no-verify', '', null, { decision: ['reject', 'hook'] })
  session.commit('9f2c4d1b7e0a4a8f9d3c5b6a7e8f90112233a455', 'A coupon code counts once', { pr: 412, additions: 34, deletions: 6, files: ['shop/coupons.py', 'shop/checkout.py', 'tests/test_coupons.py', 'docs/coupons.md'], ci: 'failure', method: 'agent_reported', confidence: 0.95, cost: 0.4211 })
  session.answer('Done. `apply_once` keeps the first coupon of each code; `Checkout` uses it, and a total never falls below zero.\n\n1. `shop/coupons.py`: new\n2. `shop/checkout.py`: uses it\n3. `tests/test_coupons.py`: a case for the repeated code')

  session.at += 6 * MINUTE
  session.prompt('CI is red: mypy wants an import of Iterable in checkout.py. Fix that.')
  session.event('compaction', 'WARNING', 'auto, from 168k to 22k tokens')
  session.answer('Right, the annotation uses `Iterable` without importing it.')
  session.edit('/home/dev/shop/shop/checkout.py', '@@ -1,3 +1,5 @@\n+from typing import Iterable\n+\n from shop.cart import subtotal, total\n from shop.coupons import Coupon, apply_once\n \n')
  session.command('python3 -m mypy shop', `${CSI}1m${CSI}32mSuccess: no issues found in 7 source files${CSI}0m\n`, 0, { ms: 3300 })
  session.commit('c41e9b7d5a6f4f0e8b7a6d5c4b3a29181706f5e4', 'checkout: import Iterable', { pr: 412, additions: 2, deletions: 0, files: ['shop/checkout.py'], method: 'trailer', confidence: 0.9, cost: 0.0518 })
  session.answer('Fixed and committed. mypy is clean.')
  return session.finish()
}

function hostileSession(rows: MockAgents, start: number): MockTrace {
  const evil = '<script>window.__hit=1</script><img src=x onerror="window.__hit=1">'
  const session = new SessionBuilder({ agent: 'claude-code', title: 'hostile', sessionId: 'badc0ffe-hostile', version: `2.0 ${evil}`, start, user: `eve\u202Egnp.exe ${evil}`, repository: 'javascript:window.__hit=1//x/y', branch: `main${evil}`, model: `model ${evil}`, price: null }, rows)
  session.prompt(`${evil}\n\n[click](javascript:window.__hit=1) ![beacon](https://evil.example/p.png) \u202Eright to left\u202C zero\u200Bwidth`)
  session.answer(`${evil} <iframe src="https://evil.example"></iframe>\n\n[safe](https://example.com/ok) and [not](data:text/html,hi)\n\n\`\`\`html\n${evil}\n\`\`\``, { reasoning: evil })
  session.command(`echo "${evil}" \u202E; rm -rf / #`, `${CSI}8mhidden text${CSI}0m ${CSI}2J${CSI}H\u001b]0;${evil}\u0007\u001b]8;;javascript:window.__hit=1\u0007click me\u001b]8;;\u0007\n${CSI}1A${CSI}Koverwrite me\rdone\n${evil}\n\u202Egpj.exe\u202C`, 1)
  session.command('cat huge.log', 'x'.repeat(1_000_000), 0)
  session.command('yes', Array.from({ length: 6000 }, (_, index) => `line ${index} ${CSI}3${index % 8}m${'#'.repeat(index % 60)}${CSI}0m`).join('\n'), null)
  session.command('printf "\\0\\x1b["', '\u0000\u0001\u001b[\u001b]unterminated', 0)
  session.edit(`/home/dev/${evil}/a\nb.py`, `@@ -1,2 +1,2 @@ ${evil}\n-${evil}\n+${evil}\u202E\n+${'y'.repeat(1_000_000)}\n`)
  session.edit('/home/dev/generated.sql', `@@ -1,4000 +1,4000 @@\n${Array.from({ length: 4000 }, (_, index) => (index % 3 === 0 ? `-insert into t values (${index}, 'old');\n+insert into t values (${index}, 'new');` : ` -- row ${index}`)).join('\n')}\n`)
  session.tool(`mcp__evil__${evil}`, { __proto__: { polluted: 1 }, html: evil, url: 'javascript:window.__hit=1' }, { result: evil }, { level: 'ERROR', status: evil })
  session.event(evil, 'ERROR', evil)
  session.commit('badc0ffee0ddf00d000000000000000000000bad', `${evil}\n\n${evil}\u202E`, { pr: 666, files: [`${evil}.py`], method: evil, confidence: 0.3, ci: 'weird' })
  session.answer(evil)
  return session.finish()
}

function bigSession(rows: MockAgents, start: number): MockTrace {
  const random = createRandom(11)
  const session = new SessionBuilder({ agent: 'claude-code', title: 'large', sessionId: 'ffff0000-large', version: '2.1.330', start, user: 'grace@example.com', repository: REPOSITORY, branch: 'refactor/everything', model: 'claude-haiku-4-5', price: { input: 0.1, output: 0.5 } }, { ...noAgents(), files: rows.files })
  for (let turn = 0; turn < 100; turn += 1) {
    if (turn % 8 === 0) session.event('compaction', 'WARNING', 'auto')
    session.prompt(`Step ${turn + 1}: move module ${turn + 1} to the new layout and keep the tests green.`)
    for (let step = 0; step < 49; step += 1) {
      session.answer(step % 4 === 0 ? `Working on part ${step} of module ${turn + 1}.` : null, { grow: 40, ms: 900 })
      session.tool(random.pick(['Read', 'Grep', 'Glob']), { file_path: `/home/dev/shop/src/module${turn}/part${step}.py` }, 'ok', { level: random.chance(0.004) ? 'ERROR' : 'DEFAULT' })
    }
    session.answer(`Module ${turn + 1} is moved.`, { grow: 40 })
  }
  return session.finish()
}

const AGENTS: [string, string, string, { input: number; output: number } | null][] = [
  ['claude-code', '2.1.330', 'claude-opus-4-5', { input: 5, output: 25 }],
  ['claude-code', '2.1.330', 'claude-sonnet-4-5', { input: 3, output: 15 }],
  ['codex', '0.169.0', 'gpt-5.1-codex', { input: 1.25, output: 10 }],
  ['gemini-cli', '0.61.0', 'gemini-2.5-pro', { input: 1.25, output: 10 }],
  ['copilot-cli', '1.0.102', 'gpt-5.1', { input: 1.25, output: 10 }],
  ['opencode', '1.18.33', 'house-model-7b', null],
]
const TASKS: [string, string, string][] = [
  ['Upgrade the payment client to version 4 and adapt every call.', 'feat/payments-v4', 'payments: client version 4'],
  ['Why does the nightly import take 40 minutes? Measure before you change anything.', 'perf/import', 'import: read in batches'],
  ['Add an endpoint that lists refunds, with paging and tests.', 'feat/refunds', 'api: refunds are listed'],
  ['The flaky test in test_webhooks.py: find the race and remove it.', 'fix/webhook-race', 'webhooks: wait for the delivery'],
  ['Translate the error messages of the checkout to German.', 'i18n/checkout', 'checkout: messages in German'],
  ['Write the migration for the new orders table and a way back.', 'db/orders', 'db: orders by month'],
  ['Review the diff of this branch and tell me what could break in production.', 'main', 'docs: what the review found'],
]
const COMMANDS: [string, string, number][] = [
  ['python3 -m pytest -q tests/', PASSED_TEST, 0], ['python3 -m pytest -q tests/', FAILED_TEST, 1], ['ruff check .', `${CSI}32mAll checks passed!${CSI}0m\n`, 0], ['git status --short', ' M shop/cart.py\n?? shop/refunds.py\n', 0],
  ['npm test --silent', `${CSI}32m✓${CSI}0m 48 tests passed\n`, 0], ['ls -la shop', 'total 48\ndrwxr-xr-x  2 dev dev 4096 Nov 29 10:00 .\n-rw-r--r--  1 dev dev  312 Nov 29 10:00 cart.py\n', 0], ['cargo build', `${CSI}1m${CSI}31merror[E0308]${CSI}0m${CSI}1m: mismatched types${CSI}0m\n  ${CSI}34m-->${CSI}0m src/main.rs:14:9\n`, 101], ['docker compose up -d db', 'command not found: docker\n', 127],
]

function ordinarySession(rows: MockAgents, start: number, index: number): MockTrace {
  const random = createRandom(100 + index)
  const [agent, version, model, price] = random.pick(AGENTS)
  const [task, branch, message] = random.pick(TASKS)
  const seed: SessionSeed = {
    agent, version, model, price, title: task, sessionId: random.id(8), start, user: random.pick(['ada@example.com', 'grace@example.com', 'linus@example.com', 'barbara@example.com', null]),
    repository: random.chance(0.92) ? random.pick([REPOSITORY, REPOSITORY, 'https://github.com/acme/payments', 'https://gitlab.example.com/platform/infra']) : null, branch, environment: random.pick(['default', 'default', 'ci']), metadata: random.chance(0.15) ? { 'process.exit.code': random.pick([0, 0, 130]) } : undefined,
  }
  const session = new SessionBuilder(seed, rows)
  for (let turn = 0; turn < random.int(1, 4); turn += 1) {
    session.prompt(turn === 0 ? task : random.pick(['Go on.', 'Run the tests once more and show me what fails.', 'Looks good, commit it.', 'Not like that: keep the old function as an alias.']))
    for (let step = 0; step < random.int(2, 9); step += 1) {
      session.answer(random.chance(0.4) ? random.pick(['Let me look at how this is used.', 'That explains it: the cache is never cleared.', 'I’ll change the smallest part that fixes this.']) : null)
      if (random.chance(0.55)) {
        const [line, output, code] = random.pick(COMMANDS)
        session.command(line, output, agent === 'opencode' && random.chance(0.4) ? null : code, { ms: random.int(20, 9000), cwd: random.pick(['/home/dev/shop', '/home/dev/shop/web', '/home/dev/payments']) })
      } else if (random.chance(0.5)) session.edit(`/home/dev/shop/shop/${random.pick(['refunds', 'cart', 'webhooks', 'orders'])}.py`, CART_DIFF)
      else session.read(`/home/dev/shop/shop/${random.pick(['api', 'models', 'tasks'])}.py`, 'def handler():\n    ...\n')
    }
    if (random.chance(0.08)) session.failedCall('429: rate limit')
    session.answer('Done. The tests pass.')
  }
  if (random.chance(0.55)) session.commit(random.id(20), message, { pr: random.chance(0.6) ? 400 + (index % 12) : undefined, additions: random.int(2, 240), deletions: random.int(0, 90), ci: random.pick(['success', 'success', 'success', 'failure', 'running', null]), confidence: random.pick([1, 1, 0.95, 0.9, 0.7]), method: random.pick(['hook_environment', 'hook_environment', 'agent_reported', 'trailer', 'tree_match']), cost: price ? random.int(40, 2200) / 1000 : null })
  return session.finish()
}

function pullsOf(rows: MockAgents): PullRequest[] {
  const byKey = new Map<string, typeof rows.commits>()
  for (const commit of rows.commits) if (commit.prNumber != null && commit.repositoryUrl?.startsWith('https')) byKey.set(`${commit.repositoryUrl} ${commit.prNumber}`, [...(byKey.get(`${commit.repositoryUrl} ${commit.prNumber}`) ?? []), commit])
  return [...byKey.values()].map((commits, index) => {
    const sorted = [...commits].sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp))
    const first = sorted[0]
    const last = sorted.at(-1)
    const costs = commits.flatMap((commit) => commit.cost ?? [])
    const state = first?.prNumber === 412 ? 'open' : (['merged', 'merged', 'open', 'closed', 'unknown'][index % 5] ?? 'open')
    return {
      repositoryUrl: first?.repositoryUrl ?? '', number: first?.prNumber ?? 0, url: first?.prUrl ?? null, title: first?.message?.split('\n')[0] ?? null, state, headBranch: first?.branch ?? null, author: 'dev-one',
      createdAt: first?.timestamp ?? null, mergedAt: state === 'merged' ? (last?.timestamp ?? null) : null, commits: commits.length, sessions: new Set(commits.flatMap((commit) => commit.sessions.map((session) => session.traceId))).size,
      agents: [...new Set(commits.flatMap((commit) => commit.sessions.flatMap((session) => session.agent ?? [])))], additions: commits.reduce((sum, commit) => sum + (commit.additions ?? 0), 0), deletions: commits.reduce((sum, commit) => sum + (commit.deletions ?? 0), 0),
      cost: costs.length > 0 ? costs.reduce((sum, cost) => sum + cost, 0) : null, costComplete: commits.every((commit) => commit.costComplete), ciStatus: last?.ciStatus ?? null,
    }
  })
}

let made: { now: number; rows: MockAgents; traces: MockTrace[] } | null = null

/** Made once for all stores of one start. */
export function seedAgents(now: number): { rows: MockAgents; traces: MockTrace[] } {
  made = made?.now === now ? made : { now, ...makeAgents(now) }
  return made
}

function makeAgents(now: number): { rows: MockAgents; traces: MockTrace[] } {
  const rows = noAgents()
  const traces = [discountSession(rows, now - 95 * MINUTE), hostileSession(rows, now - 3 * HOUR), bigSession(rows, now - 30 * HOUR)]
  let at = now - 4 * HOUR
  const random = createRandom(5)
  for (let index = 0; index < 90; index += 1) {
    traces.push(ordinarySession(rows, at, index))
    at -= random.int(20 * MINUTE, 2.6 * HOUR)
  }
  rows.pulls = pullsOf(rows)
  return { rows, traces }
}

/** A session that goes on while someone looks: a step every two seconds, then it begins anew. */
export function liveSession(rows: MockAgents, now: number): MockTrace {
  const period = 10 * MINUTE
  const start = Math.floor(now / period) * period
  const session = new SessionBuilder({ agent: 'claude-code', title: 'live', sessionId: 'live-session', version: '2.1.330', start, user: 'ada@example.com', repository: REPOSITORY, branch: 'feat/live', ...OPUS }, rows)
  session.prompt('Keep the tests green while you rename the cart module.')
  for (let step = 0; session.at < now - 3000 && step < 400; step += 1) {
    session.answer(step % 3 === 0 ? `Step ${step + 1}: renaming the next file.` : null, { ms: 1500, grow: 300 })
    session.command('python3 -m pytest -q', PASSED_TEST, 0, { ms: 700 })
  }
  return session.finish({ running: true })
}
