// A trace's page: tree, timeline, details, keyboard, orphans and cycles, size, and the other pages' happy paths.
import { expect, test } from './harness'

const at = (id: string) => `/project/proj-shop/traces/${id}`
const BIG = 'ffff0000ffff0000ffff0000ffff0000'
const SHAPES = '5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a'
const TANGLED = '7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a'

test('10,000 observations are drawn only as far as they are seen', async ({ signedIn: page }) => {
  await page.goto('/project/proj-shop/sessions')
  await expect(page.getByRole('grid')).toBeVisible()
  await page.goto(at(BIG))
  await expect(page.locator('[data-ready="10000"]')).toBeVisible()
  const painted = await page.evaluate(() => Math.round(performance.now()))
  console.log(`      10,000 observations: navigation to tree painted ${painted} ms`)
  await expect(page.getByRole('treeitem').nth(5)).toBeVisible()
  expect(await page.getByRole('treeitem').count()).toBeLessThan(120)

  await page.getByRole('searchbox', { name: 'Search in the tree' }).fill('summarise 9')
  await expect(page.locator('mark').first()).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/observation=big-/)
})

test('the tree is walked with the arrow keys like a file tree', async ({ signedIn: page }) => {
  await page.goto(at(TANGLED))
  const tree = page.getByRole('tree')
  await tree.focus()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('treeitem', { selected: true })).toHaveAccessibleName(/root/)
  await page.keyboard.press('ArrowLeft')
  await expect(page.getByRole('treeitem', { name: /never ended/ })).toHaveCount(0)
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('treeitem', { name: /never ended/ })).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('treeitem', { selected: true })).toHaveAccessibleName(/ends before it starts/)
})

test('orphans and rings are shown at the root, marked', async ({ signedIn: page }) => {
  await page.goto(at(TANGLED))
  await expect(page.getByText('no parent', { exact: true })).toHaveCount(1)
  await expect(page.getByText('ring', { exact: true })).toHaveCount(2)
  await expect(page.getByRole('treeitem', { name: /cycle c/ })).toBeVisible()
})

test('views switch by keys and stay in the address', async ({ signedIn: page }) => {
  await page.goto(at(SHAPES))
  await expect(page.getByRole('tree')).toBeVisible()
  await page.keyboard.press('2')
  await expect(page).toHaveURL(/view=timeline/)
  await expect(page.getByText('Step', { exact: true })).toBeVisible()
  await page.keyboard.press('1')
  await expect(page).toHaveURL(/view=tree/)
})

for (const [index, name, text] of [
  [0, 'OpenAI chat', '18 °C in Berlin.'],
  [1, 'OpenAI responses', '18 °C.'],
  [2, 'Gemini', 'get_weather'],
  [3, 'Vercel', '18 °C.'],
] as const) {
  test(`${name} messages are read as a conversation`, async ({ signedIn: page }) => {
    await page.goto(`${at(SHAPES)}?observation=shape-${index}`)
    await expect(page.getByRole('region', { name: 'Output' }).getByRole('article', { name: 'Assistant' }).last()).toContainText(text)
  })
}

test('JSON opens, searches and shows JSON inside strings', async ({ signedIn: page }) => {
  await page.goto(`${at('badc0ffeebadc0ffeebadc0ffeebadc0')}?observation=h-root&tab=raw`)
  const viewer = page.getByRole('group', { name: 'raw JSON' })
  await expect(viewer).toBeVisible()
  await page.getByRole('searchbox', { name: /Search in raw JSON/ }).fill('embedded')
  await page.keyboard.press('Enter')
  await viewer.getByText('parse JSON').last().click({ force: true })
  await expect(viewer.getByText('inner')).toBeVisible()
})

test('a score is added and deleted', async ({ signedIn: page }) => {
  await page.goto(`${at(SHAPES)}?tab=scores`)
  await page.getByRole('button', { name: 'Add score' }).click()
  await page.getByLabel('Name').fill('usefulness')
  await page.getByLabel('Value').fill('0.8')
  await page.getByRole('button', { name: 'Save score' }).click()
  const scores = page.getByRole('tabpanel').getByRole('listitem')
  await expect(scores).toHaveCount(1)
  await expect(scores).toContainText('usefulness')
  await expect(scores).toContainText('0.8')
  await page.getByRole('button', { name: 'Delete score usefulness' }).click()
  await expect(scores).toHaveCount(0)
})

test('scores are right while the server still tells what was before', async ({ signedIn: page }) => {
  const answers = `**/api/public/v2/traces/${SHAPES}`
  // A read that knows nothing of the score, as the server's are for a second; then one that still knows a deleted score.
  await page.route(answers, async (route) => {
    const answer = await route.fetch()
    const body = (await answer.json()) as { scores: unknown[] }
    await route.fulfill({ response: answer, json: { ...body, scores: [] } })
  })
  await page.goto(`${at(SHAPES)}?tab=scores`)
  await page.getByRole('button', { name: 'Add score' }).click()
  await page.getByLabel('Name').fill('usefulness')
  await page.getByLabel('Value').fill('0.8')
  const reread = page.waitForResponse(answers)
  await page.getByRole('button', { name: 'Save score' }).click()
  await reread
  const scores = page.getByRole('tabpanel').getByRole('listitem')
  await expect(scores).toHaveCount(1)

  await page.unroute(answers)
  const stale = await (await page.request.get(`/api/public/v2/traces/${SHAPES}`, { headers: { 'x-agenttrace-project-id': 'proj-shop' } })).json() as { scores: unknown[] }
  expect(stale.scores).toHaveLength(1)
  await page.route(answers, (route) => route.fulfill({ json: stale }))
  const again = page.waitForResponse(answers)
  await page.getByRole('button', { name: 'Delete score usefulness' }).click()
  await again
  await expect(scores).toHaveCount(0)
})

test('an absent trace says what may have happened', async ({ signedIn: page, watch }) => {
  watch.expected.push('404')
  await page.goto(at('nowhere'))
  await expect(page.getByRole('heading', { name: 'Trace not found' })).toBeVisible()
  await expect(page.getByText('not have arrived yet')).toBeVisible()
})

test('a trace downloads as JSON', async ({ signedIn: page }) => {
  await page.goto(at(SHAPES))
  await page.getByRole('button', { name: 'More actions' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Download JSON' }).click()
  expect((await download).suggestedFilename()).toBe(`trace-${SHAPES}.json`)
})

test('a session reads as a conversation', async ({ signedIn: page }) => {
  await page.goto('/project/proj-shop/sessions/session-1')
  await expect(page.getByText(/turns, oldest first/)).toBeVisible()
  await page.getByRole('button', { name: 'Open all' }).click()
  await expect(page.getByText('Output').first()).toBeVisible()
  await page.getByRole('link', { name: 'Open trace' }).first().click()
  await expect(page.getByRole('tree')).toBeVisible()
})

test('an API key is created, shown once, and revoked', async ({ signedIn: page }) => {
  await page.goto('/project/proj-shop/settings/api-keys')
  await page.getByRole('button', { name: 'Create API key' }).click()
  await page.getByLabel('Note (optional)').fill('made by a test')
  await page.getByRole('button', { name: 'Create key' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText(/^sk-at-/)).toBeVisible()
  await dialog.getByRole('tab', { name: '.env' }).click()
  await expect(dialog.getByText(/LANGFUSE_SECRET_KEY="sk-at-/)).toBeVisible()
  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  await expect(page.getByText(/^sk-at-[0-9a-f]{20}/)).toHaveCount(0)

  await page.getByRole('button', { name: 'Revoke key made by a test' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke key' }).click()
  await expect(page.getByRole('cell', { name: 'made by a test' })).toHaveCount(0)
})
