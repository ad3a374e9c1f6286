// The pages of coding agents: a session's conversation, files, terminal, git and CI; lists of sessions, commands, commits and
// pull requests; connecting an agent; texts that try to act.
import type { Page } from '@playwright/test'

import { expect, test } from './harness'

const shop = '/project/proj-shop'
const DISCOUNT = 'claude-code-0a7c1f52-discount'
const HOSTILE = 'claude-code-badc0ffe-hostile'
const BIG = 'claude-code-ffff0000-large'
const session = (id: string, search = '') => `${shop}/agents/${id}${search}`

async function expectInert(page: Page) {
  const found = await page.evaluate(() => ({
    nodes: document.querySelectorAll('#root :is(script, iframe, object, embed, img, style, link, base, math, form[action])').length,
    handlers: [...document.querySelectorAll('#root *')].filter((element) => element.getAttributeNames().some((name) => name.startsWith('on'))).length,
    links: [...document.querySelectorAll('a[href]')].map((anchor) => anchor.getAttribute('href') ?? '').filter((href) => !/^(\/|#|https?:)/.test(href)),
    foreign: [...document.querySelectorAll<HTMLAnchorElement>('a[href^=http]')].filter((anchor) => !anchor.rel.includes('noopener')).length,
    polluted: 'polluted' in {},
    escape: document.querySelector('main')?.textContent.includes('\u001b') ?? false,
  }))
  expect(found).toEqual({ nodes: 0, handlers: 0, links: [], foreign: 0, polluted: false, escape: false })
}

test.describe('a session', () => {
  test('reads as a conversation: prompts, answers, tools, subagents, errors', async ({ signedIn: page }) => {
    await page.goto(session(DISCOUNT))
    const feed = page.getByRole('feed', { name: 'Conversation' })
    await expect(feed.getByText('Find out why the tests fail, fix it and commit.')).toBeVisible()
    await expect(feed.getByText('I’ll run the tests first to see what fails.')).toBeVisible()
    await expect(page.getByRole('heading', { level: 1 })).toContainText('The cart total ignores the percent discount')
    await page.getByRole('navigation', { name: 'Turns' }).getByRole('button', { name: /Good\. Customers/ }).click()
    await expect(feed.getByRole('button', { name: /Subagent/ })).toBeVisible()
    await expect(feed.getByText('The model call failed.')).toBeVisible()
    await expect(feed.getByText('2 attempts')).toBeVisible()
  })

  test('a command opens in place with its exit code and colours', async ({ signedIn: page }) => {
    await page.goto(session(DISCOUNT))
    const call = page.getByRole('article', { name: 'Tool call Bash' }).first()
    await call.getByRole('button', { name: /pytest/ }).click()
    const output = call.getByRole('group', { name: 'Output' })
    await expect(output).toContainText('AssertionError: assert 1990 == 1800')
    const red = await output.getByText('1 failed').evaluate((element) => getComputedStyle(element).color)
    expect(red).not.toBe(await output.evaluate((element) => getComputedStyle(element).color))
    await expect(call.getByText('Accepted by the settings')).toBeVisible()
  })

  test('rejections say by whom, and an unknown exit code is not zero', async ({ signedIn: page }) => {
    await page.goto(session(DISCOUNT, '?show=tools'))
    const feed = page.getByRole('feed')
    await page.getByRole('navigation', { name: 'Turns' }).getByRole('button', { name: /Good/ }).click()
    const push = feed.getByRole('article').filter({ hasText: 'git push --force' })
    await push.scrollIntoViewIfNeeded()
    await expect(push.getByText('rejected')).toBeVisible()
    await push.getByRole('button').first().click()
    await expect(push.getByText('Rejected by the user')).toBeVisible()
    await page.goto(session(DISCOUNT, '?tab=terminal'))
    const ship = page.getByRole('listitem').filter({ hasText: 'ship.sh' })
    await expect(ship.getByText('unknown')).toBeVisible()
    await expect(ship.getByText('exit 0')).toHaveCount(0)
  })

  test('keys walk the steps, and the address holds the step', async ({ signedIn: page }) => {
    await page.goto(session(DISCOUNT))
    await expect(page.getByRole('feed')).toBeVisible()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await expect(page).toHaveURL(/step=tool-/)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('group', { name: 'Output' })).toContainText('test_total_with_discount')
    await page.keyboard.press('n')
    await expect(page).toHaveURL(/step=turn-/)
    await page.keyboard.press('e')
    await expect(page.locator('article[aria-current=true]')).toHaveAccessibleName(/Read|claude/)
    await page.reload()
    await expect(page.locator('article[aria-current=true]')).toBeVisible()
    await page.keyboard.press('2')
    await expect(page).toHaveURL(/tab=files/)
  })

  test('files are a tree with diffs, unified and split, and lead to the step', async ({ signedIn: page }) => {
    await page.goto(session(DISCOUNT, '?tab=files'))
    const tree = page.getByRole('tree', { name: 'Changed files' })
    await tree.getByRole('treeitem', { name: /checkout\.py/ }).click()
    await expect(page).toHaveURL(/file=/)
    const first = page.getByRole('group', { name: 'Change 1' })
    await expect(first.getByText('apply_once').first()).toBeVisible()
    await expect(first.locator('mark').first()).toBeVisible()
    await page.getByRole('radio', { name: 'Split' }).click()
    await expect(page).toHaveURL(/layout=split/)
    await expect(page.getByRole('group', { name: 'Change 1' }).getByRole('img', { name: 'removed' }).first()).toBeVisible()
    await tree.focus()
    await page.keyboard.press('ArrowDown')
    await expect(tree.getByRole('treeitem', { selected: true })).toHaveAccessibleName(/coupons\.py/)
    await page.getByRole('link', { name: 'Go to the step' }).first().click()
    await expect(page.locator('article[aria-current=true]')).toContainText('coupons.py')
  })

  test('the terminal is searched, filtered and leads to the step', async ({ signedIn: page }) => {
    await page.goto(session(DISCOUNT, '?tab=terminal'))
    const rows = page.getByRole('list', { name: 'Commands of the session' }).getByRole('listitem')
    await expect(rows).toHaveCount(10)
    await page.getByRole('radio', { name: 'Failed only' }).click()
    await expect(rows).toHaveCount(2)
    await page.getByRole('radio', { name: 'All' }).click()
    await page.getByRole('searchbox', { name: 'Search commands and output' }).fill('no issues found')
    await expect(rows).toHaveCount(1)
    await expect(rows.locator('mark').first()).toBeVisible()
    await rows.getByRole('button').first().click()
    await expect(page.getByText('Exit code measured by agenttrace')).toBeVisible()
    await page.getByRole('link', { name: 'Go to the step' }).click()
    await expect(page.locator('article[aria-current=true]')).toContainText('mypy')
  })

  test('a commit and its session are one click apart, both ways', async ({ signedIn: page }) => {
    await page.goto(session(DISCOUNT, '?tab=git'))
    await expect(page.getByText('Certain · A git hook ran inside the session')).toBeVisible()
    await expect(page.getByRole('list', { name: 'Commits' }).getByText('CI failed')).toBeVisible()
    await page.getByRole('link', { name: 'A coupon code counts once' }).click()
    await expect(page).toHaveURL(/commits\/9f2c4d1b/)
    await expect(page.getByText('Very likely · The agent reported the commit')).toBeVisible()
    await page.getByRole('link', { name: 'Open session' }).click()
    await expect(page.getByRole('feed')).toBeVisible()
    await page.getByRole('tab', { name: 'CI runs' }).click()
    await expect(page.getByRole('table', { name: 'CI runs' }).getByRole('row')).toHaveCount(7)
  })

  test('the trace and the session lead to each other', async ({ signedIn: page }) => {
    await page.goto(session(DISCOUNT))
    await page.getByRole('link', { name: 'Trace', exact: true }).click()
    await expect(page.getByRole('tree')).toBeVisible()
    await page.getByRole('link', { name: 'Agent view' }).click()
    await expect(page.getByRole('feed')).toBeVisible()
  })

  test('ten thousand steps scroll, and a step in the middle can be linked', async ({ signedIn: page }) => {
    await page.goto(session(BIG))
    await expect(page.locator('[data-steps]')).toHaveAttribute('data-steps', /^1\d{4}$/)
    expect(await page.getByRole('article').count()).toBeLessThan(80)
    const detail = (await (await page.request.get(`/api/public/v2/traces/${BIG}`, { headers: { 'x-agenttrace-project-id': 'proj-shop' } })).json()) as { observations: { id: string }[] }
    await page.goto(session(BIG, `?step=${detail.observations[5000]?.id ?? ''}`))
    await expect(page.locator('article[aria-current=true]')).toBeVisible()
    await page.getByRole('feed').evaluate((element) => element.scrollTo(0, element.scrollHeight))
    await expect(page.getByText('Module 100 is moved.')).toBeVisible()
  })

  test('a running session is live', async ({ signedIn: page }) => {
    await page.goto('/project/proj-live/agents/claude-code-live-session')
    await expect(page.getByText('Live', { exact: true })).toBeVisible()
    const before = Number(await page.locator('[data-steps]').getAttribute('data-steps'))
    await expect.poll(async () => Number(await page.locator('[data-steps]').getAttribute('data-steps')), { timeout: 15_000 }).toBeGreaterThan(before)
  })

  test('an absent session says so', async ({ signedIn: page, watch }) => {
    watch.expected.push('404')
    await page.goto(session('codex-nowhere'))
    await expect(page.getByRole('heading', { name: 'Session not found' })).toBeVisible()
  })

  test('steps whose texts cannot be loaded say so and the rest stays', async ({ signedIn: page, watch }) => {
    watch.expected.push('403')
    await page.route('**/api/public/v2/observations*', (route) => route.fulfill({ status: 403, json: { message: 'Asked for by the test' } }))
    await page.goto(session(DISCOUNT))
    await expect(page.getByText('Asked for by the test').first()).toBeVisible()
    await expect(page.getByRole('feed').getByText('The cart total ignores')).toBeVisible()
  })

  test('an answer that is too large is asked for in halves', async ({ signedIn: page, watch }) => {
    watch.expected.push('422')
    let refused = 0
    await page.route('**/api/public/v2/observations*', (route) => {
      const filters = JSON.parse(new URL(route.request().url()).searchParams.get('filter') ?? '[]') as { column: string; value: string[] }[]
      if ((filters.find((filter) => filter.column === 'id')?.value.length ?? 0) <= 2) return route.continue()
      refused += 1
      return route.fulfill({ status: 422, json: { message: 'Too large' } })
    })
    await page.goto(session(DISCOUNT))
    await expect(page.getByText('I’ll run the tests first to see what fails.')).toBeVisible()
    expect(refused).toBeGreaterThan(0)
  })
})

test.describe('agents', () => {
  test('are listed, narrowed and ordered, all in the address', async ({ signedIn: page }) => {
    await page.goto(`${shop}/agents?range=30d`)
    await expect(page.getByRole('grid', { name: 'Agent sessions' }).getByRole('row')).not.toHaveCount(1)
    await page.getByRole('button', { name: 'Agent', exact: true }).click()
    await page.getByRole('dialog', { name: 'Agent' }).getByRole('button', { name: 'Codex' }).click()
    await expect(page).toHaveURL(/agent=codex/)
    await page.getByRole('columnheader', { name: 'Cost' }).getByRole('button').first().click()
    await expect(page).toHaveURL(/order=totalCost/)
    await page.getByRole('button', { name: 'Person', exact: true }).click()
    await page.getByRole('dialog', { name: 'Person' }).getByRole('button', { name: /ada@example\.com/ }).click()
    await expect(page).toHaveURL(/user=ada/)
    await page.getByRole('button', { name: 'Clear agent' }).click()
    await page.getByRole('button', { name: 'Clear person' }).click()
    await expect(page).not.toHaveURL(/agent=|user=/)
  })

  test('are compared by group, and a group narrows the list', async ({ signedIn: page }) => {
    await page.goto(`${shop}/agents?range=30d`)
    await page.getByRole('radio', { name: 'Repository' }).click()
    const table = page.getByRole('table', { name: 'By repository' })
    await table.getByRole('button', { name: 'acme/payments' }).click()
    await expect(page).toHaveURL(/repository=https/)
    await expect(page.getByRole('button', { name: 'Repository: acme/payments' })).toBeVisible()
  })

  test('a search without results can be cleared', async ({ signedIn: page }) => {
    await page.goto(`${shop}/agents?q=nothing%20has%20this`)
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await expect(page.getByRole('grid', { name: 'Agent sessions' })).toBeVisible()
  })

  test('the first one is connected with lines that hold a new key', async ({ signedIn: page }) => {
    await page.goto('/project/proj-empty/agents')
    await expect(page.getByRole('heading', { name: 'Connect your first coding agent' })).toBeVisible()
    await page.getByRole('radio', { name: 'Codex' }).click()
    await expect(page.getByText('<base64 of publicKey:secretKey>').first()).toBeVisible()
    await page.getByRole('button', { name: 'Create a key for Codex' }).click()
    await expect(page.getByText(/"Authorization" = "Basic [A-Za-z0-9+/=]{40,}"/).first()).toBeVisible()
    await page.getByRole('button', { name: 'Copy lines' }).click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('[otel]')
    await page.getByRole('tab', { name: 'Command line' }).click()
    await expect(page.getByText(/agenttrace init/).first()).toBeVisible()
  })
})

test.describe('commands', () => {
  test('are searched in their output and filtered by exit code', async ({ signedIn: page }) => {
    await page.goto(`${shop}/commands?range=30d`)
    const rows = page.getByRole('list', { name: 'Commands', exact: true }).getByRole('listitem')
    await page.getByRole('searchbox', { name: 'Search commands and their output' }).fill('mismatched types')
    await expect(page).toHaveURL(/q=mismatched/)
    await expect(rows.first()).toContainText('cargo build')
    await expect(rows.first().locator('mark').first()).toBeVisible()
    await page.getByRole('searchbox').fill('')
    await page.getByRole('button', { name: 'Exit code' }).click()
    await page.getByRole('button', { name: 'Exit 127: not found' }).click()
    await expect(page).toHaveURL(/exit=127/)
    await expect(rows.first()).toContainText('exit 127')
    await rows.first().getByRole('button').first().click()
    await expect(page).toHaveURL(/command=/)
    await page.getByRole('link', { name: 'Go to the step' }).click()
    await expect(page.locator('article[aria-current=true]')).toContainText('docker compose')
  })

  test('an empty project says what would be here', async ({ signedIn: page }) => {
    await page.goto('/project/proj-empty/commands')
    await expect(page.getByRole('heading', { name: 'No commands in this time range' })).toBeVisible()
  })
})

test.describe('commits and pull requests', () => {
  test('are listed with cost and sessions', async ({ signedIn: page }) => {
    await page.goto(`${shop}/commits`)
    const row = page.getByRole('row').filter({ hasText: 'A coupon code counts once' })
    await expect(row).toContainText('$0.4211')
    await row.getByRole('link', { name: /ada@example\.com/ }).click()
    await expect(page).toHaveURL(new RegExp(`agents/${DISCOUNT}`))
    await page.goto(`${shop}/commits`)
    await page.getByRole('radio', { name: 'Pull requests' }).click()
    await page.getByRole('row').filter({ hasText: 'Apply the cart discount' }).getByRole('link').first().click()
    await expect(page.getByRole('table', { name: 'Commits of the pull request' })).toContainText('checkout: import Iterable')
  })

  test('an unknown commit says so', async ({ signedIn: page, watch }) => {
    watch.expected.push('404')
    await page.goto(`${shop}/commits/1234567`)
    await expect(page.getByRole('heading', { name: 'Commit not found' })).toBeVisible()
  })
})

test.describe('texts that try to act', () => {
  test('in the conversation, every step open', async ({ signedIn: page }) => {
    await page.goto(session(HOSTILE))
    await expect(page.getByText('⟨U+202E⟩').first()).toBeVisible()
    await expectInert(page)
    for (let index = 0; index < 14; index += 1) {
      await page.keyboard.press('j')
      await page.keyboard.press('Enter')
      await expect(page.locator('article[aria-current=true]')).toBeVisible()
    }
    await page.waitForLoadState('networkidle')
    await expectInert(page)
  })

  for (const tab of ['files', 'terminal', 'git', 'ci'] as const) {
    test(`in ${tab}`, async ({ signedIn: page }) => {
      await page.goto(session(HOSTILE, `?tab=${tab}`))
      await page.waitForLoadState('networkidle')
      await expectInert(page)
    })
  }

  test('escape codes change colours alone, and long output is drawn as it scrolls', async ({ signedIn: page }) => {
    await page.goto(session(HOSTILE, '?tab=terminal'))
    await page.getByRole('listitem').filter({ hasText: 'echo' }).getByRole('button').first().click()
    const output = page.getByRole('group', { name: 'Output' })
    await expect(output).toContainText('hidden text')
    await expect(output).toContainText('donewrite me')
    await expect(output).toContainText('<script>window.__hit=1</script>')
    expect(await page.title()).toContain('AgentTrace')
    await expect(output.getByRole('link')).toHaveCount(0)
    await page.getByRole('listitem').filter({ hasText: /unknown\s*yes/ }).getByRole('button').first().click()
    await expect(output).toContainText('line 10')
    expect(await output.locator('div[data-index]').count()).toBeLessThan(200)
    await page.getByRole('listitem').filter({ hasText: 'huge.log' }).getByRole('button').first().click()
    await expect(output).toContainText('more in this line')
    await expectInert(page)
  })

  test('a diff of thousands of lines is drawn as it scrolls', async ({ signedIn: page }) => {
    await page.goto(session(HOSTILE, '?tab=files&file=/home/dev/generated.sql'))
    const patch = page.getByRole('group', { name: 'Change 1' })
    await expect(patch).toContainText('insert into t values')
    expect(await patch.locator('[data-index]').count()).toBeLessThan(200)
  })

  test('in the lists', async ({ signedIn: page }) => {
    for (const path of ['/agents?range=30d', '/commands?range=30d&q=script', '/commits', '/commits?tab=pulls', '/commits/badc0ffee0ddf00d000000000000000000000bad', '/pull-requests/666']) {
      await page.goto(`${shop}${path}`)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await page.waitForLoadState('networkidle')
      await expectInert(page)
    }
  })
})

const PAGES = [
  ['agents', `${shop}/agents`], ['first agent', '/project/proj-empty/agents'], ['conversation', session(DISCOUNT)], ['files', session(DISCOUNT, '?tab=files')], ['terminal', session(DISCOUNT, '?tab=terminal')], ['git', session(DISCOUNT, '?tab=git')], ['ci', session(DISCOUNT, '?tab=ci')],
  ['hostile', session(HOSTILE)], ['commands', `${shop}/commands`], ['commits', `${shop}/commits`], ['pulls', `${shop}/commits?tab=pulls`], ['commit', `${shop}/commits/9f2c4d1b7e0a4a8f9d3c5b6a7e8f90112233a455`], ['pull', `${shop}/pull-requests/412`],
] as const

test('every page fits 360 px', async ({ signedIn: page }) => {
  test.setTimeout(90_000)
  await page.setViewportSize({ width: 360, height: 740 })
  for (const [name, path] of PAGES) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 }), name).toBeVisible()
    await page.waitForLoadState('networkidle')
    const over = await page.evaluate(() => ({ page: document.documentElement.scrollWidth - innerWidth, main: (document.querySelector('main')?.scrollWidth ?? 0) - (document.querySelector('main')?.clientWidth ?? 0) }))
    expect(over, name).toEqual({ page: 0, main: 0 })
  }
})

const FAILING = [
  ['agents', `${shop}/agents`, '**/api/public/agent-sessions?*'], ['files', session(DISCOUNT, '?tab=files'), '**/file-operations*'], ['terminal', session(DISCOUNT, '?tab=terminal'), '**/terminal-commands*'], ['git', session(DISCOUNT, '?tab=git'), '**/git-links/by-trace/*'],
  ['commands', `${shop}/commands`, '**/api/public/terminal-commands*'], ['commits', `${shop}/commits`, '**/api/public/commits?*'], ['pulls', `${shop}/commits?tab=pulls`, '**/api/public/pull-requests*'],
] as const

for (const [name, path, url] of FAILING) {
  test(`a failing server is said and can be retried: ${name}`, async ({ signedIn: page, watch }) => {
    watch.expected.push('422')
    let failing = true
    await page.route(url, (route) => (failing ? route.fulfill({ status: 422, json: { message: 'Asked for by the test' } }) : route.continue()))
    await page.goto(path)
    await expect(page.getByRole('alert')).toContainText('Asked for by the test')
    failing = false
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect(page.getByRole('alert')).toHaveCount(0)
  })
}

test('keys and the palette lead to the pages', async ({ signedIn: page }) => {
  await page.goto(`${shop}/agents`)
  await expect(page.getByRole('grid')).toBeVisible()
  for (const [key, path] of [['x', /\/commands$/], ['h', /\/commits$/], ['n', /\/agents$/]] as const) {
    await expect(page.getByRole('main')).toHaveAttribute('aria-busy', 'false')
    await page.keyboard.press('g')
    await page.keyboard.press(key)
    await expect(page).toHaveURL(path)
  }
  await page.keyboard.press('Control+k')
  await page.keyboard.type('9f2c4d1b')
  await page.getByRole('option', { name: 'Open commit 9f2c4d1b' }).click()
  await expect(page.getByRole('heading', { name: 'A coupon code counts once' })).toBeVisible()
})
