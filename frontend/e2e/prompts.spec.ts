// The prompt pages: folders, versions, changes, labels, the editor with its guard, deletion.
import { expect, test } from './harness'

const prompts = '/project/proj-shop/prompts'
const answer = `${prompts}/support%2Fanswer`

test('folders are walked, and a search looks into all of them', async ({ signedIn: page }) => {
  await page.goto(prompts)
  const table = page.getByRole('table', { name: 'Prompts' })
  await table.getByRole('link', { name: /support/ }).click()
  await expect(page).toHaveURL(/folder=support/)
  await expect(table.getByRole('link', { name: 'answer' })).toBeVisible()
  await expect(table.getByRole('row', { name: /answer/ })).toContainText('412')
  await page.getByRole('link', { name: 'Prompts' }).last().click()
  await page.keyboard.press('/')
  await page.keyboard.type('decide')
  await expect(table.getByRole('link', { name: 'support/refunds/decide' })).toBeVisible()
  await expect(table.getByRole('row')).toHaveCount(2)
})

test('a prompt shows its versions, variables and config; the address names the version', async ({ signedIn: page }) => {
  await page.goto(answer)
  const version = page.getByRole('region', { name: 'Version 4' })
  await expect(version.getByText('Ask for the order number').first()).toBeVisible()
  await expect(version.getByRole('article', { name: 'system message' })).toContainText('{{shop}}')
  await expect(version.getByText('history').first()).toBeVisible()
  await page.getByRole('button', { name: /^v2/ }).click()
  await expect(page).toHaveURL(/version=2/)
  await expect(page.getByRole('region', { name: 'Version 2' })).toContainText('temperature')
  await page.keyboard.press('ArrowDown')
  await expect(page).toHaveURL(/version=1/)
})

test('references are put in on request', async ({ signedIn: page }) => {
  await page.goto(answer)
  await page.getByRole('radio', { name: 'With what it includes' }).click()
  await expect(page.getByText('calm colleague')).toBeVisible()
})

test('any two versions are compared', async ({ signedIn: page }) => {
  await page.goto(`${answer}?tab=diff`)
  const changes = page.getByRole('region', { name: 'Changes of prompt' })
  await expect(changes.locator('mark').first()).toBeVisible()
  await page.getByLabel('Compare with').selectOption('1')
  await expect(page).toHaveURL(/base=1/)
  await expect(page.getByRole('region', { name: 'Changes of config' })).toContainText('gpt-5')
})

test('use in code is ready to paste', async ({ signedIn: page }) => {
  await page.goto(`${answer}?version=3&tab=use`)
  await expect(page.getByText('langfuse.get_prompt("support/answer", type="chat")')).toBeVisible()
  await page.getByRole('tab', { name: 'TypeScript' }).click()
  await page.getByRole('button', { name: 'Copy code' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(`langfuse.prompt.get("support/answer", { type: 'chat' })`)
})

test('generations by version lead to their traces', async ({ signedIn: page }) => {
  await page.goto(`${answer}?tab=metrics`)
  await expect(page.getByRole('table', { name: 'Use by version' }).getByRole('row')).toHaveCount(4)
  const scores = page.getByRole('table', { name: 'Scores by version' })
  await expect(scores.getByRole('row', { name: /^v4/ })).toContainText('0.90 (40)')
  await expect(scores.getByRole('row', { name: /^v4/ })).toContainText('friendly 75% (12)')
  await page.getByRole('table', { name: 'Newest generations' }).getByRole('link').first().click()
  await expect(page).toHaveURL(/\/traces\/.*observation=/)
})

test('a prompt is written, versioned, labelled and deleted', async ({ signedIn: page }) => {
  const name = `e2e/greeting-${Date.now()}`
  await page.goto(`${prompts}/new`)
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Prompt', { exact: true }).fill('Hello {{customer}}, it is {{day}}.')
  await expect(page.getByRole('status').getByText('customer')).toBeVisible()
  await page.getByLabel('Config (optional)').fill('{"model": }')
  await expect(page.getByText('Not JSON: line 1, column 11')).toBeVisible()
  await page.getByRole('button', { name: 'Create prompt' }).click()
  await expect(page.getByRole('alert')).toContainText('config is not JSON')
  await page.getByLabel('Config (optional)').fill('{"model":"gpt-5"}')
  await page.getByRole('button', { name: 'Format' }).click()
  await page.keyboard.press('Control+s')
  await expect(page.getByRole('region', { name: 'Version 1' })).toBeVisible()

  await page.getByRole('button', { name: 'New version' }).click()
  await page.getByLabel('Prompt', { exact: true }).fill('Good day {{customer}}.')
  await page.getByLabel('What changed').fill('Politer')
  await page.getByRole('radio', { name: 'Review changes' }).click()
  await expect(page.getByRole('region', { name: 'Changes of prompt' })).toContainText('Good day')
  await page.getByRole('button', { name: 'Save version 2' }).click()
  await expect(page.getByRole('region', { name: 'Version 2' })).toContainText('Politer')

  await page.getByRole('button', { name: 'Labels of version 2' }).click()
  await page.getByLabel('Labels', { exact: true }).fill('Not A Label')
  await page.keyboard.press('Enter')
  await expect(page.getByText('1 to 36 of')).toBeVisible()
  await page.getByLabel('Labels', { exact: true }).fill('production')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Save labels' }).click()
  await expect(page.getByRole('button', { name: /v2 production/ })).toBeVisible()

  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Delete version 2…' }).click()
  await expect(page.getByRole('dialog').getByText('Programs that ask for “production”')).toBeVisible()
  await page.getByRole('button', { name: 'Delete version', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Version 1' })).toBeVisible()
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Delete prompt…' }).click()
  await page.getByRole('button', { name: 'Delete prompt', exact: true }).click()
  await expect(page).toHaveURL(/\/prompts\?folder=e2e|\/prompts$/)
})

test('leaving with unsaved text asks first', async ({ signedIn: page }) => {
  await page.goto(`${prompts}/new?name=summarise`)
  await page.getByLabel('Prompt', { exact: true }).fill('changed')
  await page.getByRole('link', { name: 'Datasets' }).click()
  await expect(page.getByRole('dialog', { name: 'Leave without saving?' })).toBeVisible()
  await page.getByRole('button', { name: 'Stay' }).click()
  await expect(page.getByLabel('Prompt', { exact: true })).toHaveValue('changed')
  await page.getByRole('link', { name: 'Datasets' }).click()
  await page.getByRole('button', { name: 'Leave' }).click()
  await expect(page).toHaveURL(/\/datasets$/)
})

test('chat messages are added, moved and checked', async ({ signedIn: page }) => {
  await page.goto(`${prompts}/new`)
  await page.getByRole('radio', { name: 'Chat' }).click()
  await page.getByLabel('Name').fill(`e2e/chat-${Date.now()}`)
  await page.getByLabel('Text of message 2').fill('{{question}}')
  await page.getByRole('button', { name: 'Placeholder' }).click()
  await page.getByLabel('Name of placeholder 3').fill('question')
  await page.getByRole('button', { name: 'Create prompt' }).click()
  await expect(page.getByRole('alert')).toContainText('“question” is a variable and a placeholder')
  await page.getByLabel('Name of placeholder 3').fill('history')
  await page.getByRole('button', { name: 'Move message 3 up' }).click()
  await expect(page.getByLabel('Name of placeholder 2')).toHaveValue('history')
  await page.getByRole('button', { name: 'Create prompt' }).click()
  await expect(page.getByText('Messages of the placeholder')).toBeVisible()
})

test('empty and absent say what to do', async ({ signedIn: page, watch }) => {
  watch.expected.push('404')
  await page.goto('/project/proj-empty/prompts')
  await expect(page.getByRole('heading', { name: 'No prompts yet' })).toBeVisible()
  await expect(page.getByText('create_prompt(')).toBeVisible()
  await page.goto(`${prompts}/nowhere`)
  await expect(page.getByRole('heading', { name: 'Prompt not found' })).toBeVisible()
})

test('a viewer can read but not change', async ({ signedIn: page }) => {
  await page.goto('/project/proj-ops/prompts')
  await expect(page.getByRole('heading', { name: 'No prompts yet' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'New prompt' })).toHaveCount(0)
})
