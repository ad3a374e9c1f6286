// The dataset pages: items with their schema, import, export, runs, comparison, and items from traces.
import { readFileSync } from 'node:fs'

import { expect, test, traces } from './harness'

const datasets = '/project/proj-shop/datasets'
const capitals = `${datasets}/geography%2Fcapital%20cities`

test('the list says how many items and runs each has', async ({ signedIn: page }) => {
  await page.goto(datasets)
  await expect(page.getByRole('row', { name: /geography\/capital cities/ })).toContainText('3')
})

test('an item is checked against the schema before it is sent', async ({ signedIn: page }) => {
  await page.goto(`${capitals}?item=new`)
  await page.getByRole('textbox', { name: 'Input' }).fill('{"q": 1}')
  await expect(page.getByText('$.question is missing')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Add item' })).toBeDisabled()
  await page.getByRole('textbox', { name: 'Input' }).fill('{"question": "Capital of Spain?"}')
  await page.getByLabel('Expected output (optional)').fill('"Madrid"')
  await page.getByRole('button', { name: 'Add item' }).click()
  await expect(page.getByRole('grid', { name: 'Items' }).getByText('Capital of Spain?').first()).toBeVisible()
})

test('items open by keyboard, step to the next, and are searched', async ({ signedIn: page }) => {
  await page.goto(`${capitals}?q=Kenya`)
  await expect(page.getByRole('grid', { name: 'Items' }).getByRole('row')).toHaveCount(2)
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Item' }).getByLabel('Expected output')).toHaveValue('"Nairobi"')
  await page.keyboard.press('Escape')
  await expect(page).not.toHaveURL(/item=/)
})

test('archived items are kept apart', async ({ signedIn: page }) => {
  await page.goto(`${capitals}?status=ARCHIVED`)
  await expect(page.getByText('East Berlin')).toBeVisible()
  await expect(page.getByRole('grid').getByText('archived')).toBeVisible()
})

test('a CSV file is mapped, previewed and imported; refused rows are named', async ({ signedIn: page, watch }) => {
  watch.expected.push('400')
  const name = `imported ${Date.now()}`
  await page.goto(`${datasets}?create=1`)
  await page.getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Create dataset' }).click()
  await expect(page.getByRole('heading', { name: 'No items yet' })).toBeVisible()
  await page.getByRole('button', { name: 'Import' }).click()
  const rows = Array.from({ length: 40 }, (_, index) => `"What is ${index}, exactly?",${index === 7 ? 'refuse me' : `answer ${index}`},en`)
  await page.getByLabel('File to import').setInputFiles({ name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(`question,note,lang\n${rows.join('\n')}\n`) })
  await page.getByLabel('Column note becomes').selectOption('input')
  await page.getByLabel('Column lang becomes').selectOption('metadata')
  await expect(page.getByRole('table', { name: 'Preview' })).toContainText('"question":"What is 0, exactly?"')
  await page.getByRole('button', { name: 'Import 40 items' }).click()
  await expect(page.getByText('39 of 40 items stored, 1 refused.')).toBeVisible()
  await expect(page.getByRole('table', { name: 'Refused rows' })).toContainText('does not satisfy the schema')
  await page.getByRole('button', { name: 'Show the items' }).click()
  await expect(page.getByRole('tab', { name: /Items 39/ })).toBeVisible()
})

test('a file without rows is refused with a reason', async ({ signedIn: page }) => {
  await page.goto(`${capitals}/import`)
  await page.getByLabel('File to import').setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{') })
  await expect(page.getByRole('alert')).toBeVisible()
})

test('the export holds every item', async ({ signedIn: page }) => {
  await page.goto(`${datasets}/${encodeURIComponent('hostile <b>texts</b>')}`)
  await page.getByRole('button', { name: 'Export' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'JSONL' }).click()
  expect(JSON.parse(readFileSync(await (await download).path(), 'utf8').split('\n')[0] ?? '')).toMatchObject({ id: 'h-1', input: '<script>alert(1)</script>' })
})

test('runs are compared side by side', async ({ signedIn: page }) => {
  await page.goto(`${capitals}?tab=runs`)
  await expect(page.getByRole('row', { name: /baseline/ })).toContainText('80% yes')
  await page.getByRole('checkbox', { name: 'Compare baseline' }).check()
  await page.getByRole('checkbox', { name: 'Compare gpt-5, temperature 0' }).check()
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  const comparison = page.getByRole('region', { name: 'Comparison' })
  await expect(comparison.getByRole('row')).toHaveCount(11)
  await page.getByLabel('Mark differences from what was expected').check()
  await expect(page).toHaveURL(/diff=on/)
  await expect(comparison.getByRole('region', { name: 'Changes of output' }).first()).toBeVisible()
  await page.getByLabel('Add a run').selectOption({ label: 'with the shared tone' })
  await expect(comparison.getByRole('columnheader')).toHaveCount(4)
})

test('a step of a trace becomes an item', async ({ signedIn: page }) => {
  await page.goto(`${traces}/5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a?observation=shape-4`)
  await page.getByRole('button', { name: 'Add to dataset' }).click()
  await page.getByLabel('Dataset', { exact: true }).selectOption('hostile <b>texts</b>')
  await expect(page.getByLabel('Expected output')).toHaveValue('"It is 18 °C."')
  await page.getByRole('button', { name: 'Add item' }).click()
  await expect(page.getByText('Added to “hostile')).toBeVisible()
})

test('empty, absent and failed say what to do', async ({ signedIn: page, watch }) => {
  watch.expected.push('404', '500')
  await page.goto('/project/proj-empty/datasets')
  await expect(page.getByRole('heading', { name: 'No datasets yet' })).toBeVisible()
  await page.goto(`${datasets}/nowhere`)
  await expect(page.getByRole('heading', { name: 'Dataset not found' })).toBeVisible()
  await page.goto(`${datasets}?q=mock:500`)
  await expect(page.getByRole('alert')).toContainText('could not be loaded')
})
