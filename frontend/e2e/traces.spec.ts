// The traces list: filters in the address, search, sorting, selection, live updates, empty states.
import { readFileSync } from 'node:fs'

import { expect, test, traces } from './harness'

const grid = 'Traces'

test('a filter is added with suggestions, edited, shared by its address, and removed', async ({ signedIn: page }) => {
  await page.goto(traces)
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByLabel('Find a column').fill('level')
  await page.keyboard.press('Enter')
  await page.getByRole('checkbox', { name: 'ERROR' }).check()
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page).toHaveURL(/filter=o\.level/)
  await expect(page.getByRole('list', { name: 'Active filters' })).toContainText('Level is ERROR')
  await expect(page.getByRole('gridcell', { name: 'Error' }).first()).toBeVisible()
  await expect(page.getByRole('gridcell', { name: 'Warning' })).toHaveCount(0)

  await page.reload()
  await expect(page.getByRole('list', { name: 'Active filters' })).toContainText('Level is ERROR')
  await page.getByRole('button', { name: /Remove filter Level/ }).click()
  await expect(page).not.toHaveURL(/filter=/)
})

test('every column of the API has a filter', async ({ signedIn: page }) => {
  await page.goto(traces)
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await expect(page.locator('[data-item]')).toHaveCount(23)
})

test('search says where it looks, and a search without result can be cleared', async ({ signedIn: page }) => {
  await page.goto(traces)
  await expect(page.getByRole('grid', { name: grid })).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('nothing-like-this')
  await expect(page.getByRole('heading', { name: 'No traces match' })).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(page.getByRole('grid', { name: grid })).toBeVisible()

  await page.getByRole('button', { name: /Search in/ }).click()
  await page.getByRole('checkbox', { name: 'Input' }).uncheck()
  await page.keyboard.press('Escape')
  await page.getByRole('searchbox', { name: 'Search traces' }).fill('tangled')
  await expect(page).toHaveURL(/q=tangled/)
  await expect(page).toHaveURL(/in=ids%2Coutput/)
})

test('headers sort, and sorting by anything but time pauses live', async ({ signedIn: page }) => {
  await page.goto(traces)
  await page.getByRole('button', { name: 'Cost' }).click()
  await expect(page).toHaveURL(/sort=totalCost.desc/)
  await expect(page.getByRole('switch')).toHaveText('Paused')
  await expect(page.getByRole('row').nth(1)).toContainText('nightly-refactor')
})

test('rows scroll on by cursor', async ({ signedIn: page }) => {
  await page.goto(`${traces}?live=off`)
  const list = page.getByRole('grid', { name: grid })
  await expect(list.getByRole('row').nth(3)).toBeVisible()
  await list.focus()
  await expect(async () => {
    await page.keyboard.press('End')
    expect(Number(await list.getByRole('row').last().getAttribute('aria-rowindex'))).toBeGreaterThan(300)
  }).toPass()
})

test('the keyboard moves through rows and opens one', async ({ signedIn: page }) => {
  await page.goto(`${traces}?live=off`)
  await expect(page.getByRole('row').nth(3)).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tree')).toBeVisible()
})

test('a bookmark shows at once and is undone when refused', async ({ signedIn: page, watch }) => {
  await page.goto(`${traces}?live=off&sort=timestamp.asc`)
  const star = page.getByRole('row').nth(2).getByRole('button', { name: 'Bookmark', exact: true })
  await star.click()
  await expect(page.getByRole('row').nth(2).getByRole('button', { name: 'Remove bookmark' })).toBeVisible()

  watch.expected.push('404')
  const id = await page.evaluate(async () => {
    const headers = { 'x-agenttrace-project-id': 'proj-shop', 'content-type': 'application/json' }
    const answer = await fetch('/api/public/v2/traces?limit=3&orderBy=timestamp.asc&fromTimestamp=2000-01-01T00:00:00Z', { headers })
    const row = ((await answer.json()) as { data: { id: string }[] }).data[2]
    await fetch('/api/public/traces', { method: 'DELETE', headers, body: JSON.stringify({ traceIds: [row?.id] }) })
    return row?.id
  })
  expect(id).toBeTruthy()
  await page.getByRole('row').nth(3).getByRole('button', { name: 'Bookmark', exact: true }).click()
  await expect(page.getByText(/Bookmark not saved/)).toBeVisible()
  await expect(page.getByRole('row').nth(3).getByRole('button', { name: 'Bookmark', exact: true })).toBeVisible()
})

test('selected traces are deleted after asking', async ({ signedIn: page }) => {
  await page.goto(`${traces}?live=off&filter=s.name~has~triage`)
  const before = await page.getByRole('row').nth(1).textContent()
  await page.getByRole('row').nth(1).getByRole('checkbox').check()
  await page.getByRole('toolbar').getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText(/takes a moment/).last()).toBeVisible()
  await expect(page.getByRole('row').nth(1)).not.toHaveText(before ?? '')
})

test('columns are chosen and kept', async ({ signedIn: page }) => {
  await page.goto(traces)
  await page.getByRole('button', { name: 'Columns and density' }).click()
  await page.getByRole('checkbox', { name: 'Output', exact: true }).uncheck()
  await page.getByRole('radio', { name: 'Compact' }).click()
  await page.keyboard.press('Escape')
  await page.reload()
  await expect(page.getByRole('columnheader', { name: 'Input', exact: true })).toBeVisible()
  await expect(page.getByRole('columnheader', { name: 'Output', exact: true })).toHaveCount(0)
})

test('exported CSV cannot run as a formula', async ({ signedIn: page }) => {
  await page.goto(`${traces}?live=off&q=HYPERLINK`)
  await expect(page.getByRole('row')).toHaveCount(2)
  await page.getByRole('button', { name: 'Export' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'CSV' }).click()
  const text = readFileSync(await (await download).path(), 'utf8')
  expect(text).toContain(`"'=HYPERLINK(""https://evil.example"")"`)
})

test('new traces arrive by themselves, and wait behind a pill while scrolled', async ({ signedIn: page }) => {
  await page.goto('/project/proj-live/traces?range=1h')
  const list = page.getByRole('grid', { name: grid })
  await expect(list.getByRole('row').nth(6)).toBeVisible({ timeout: 40_000 })
  const top = await list.getByRole('row').nth(1).getAttribute('aria-rowindex')
  expect(top).toBe('2')

  await page.setViewportSize({ width: 1440, height: 320 })
  await list.evaluate((element) => element.scrollTo(0, 90))
  const before = await list.evaluate((element) => element.scrollTop)
  await expect(page.getByRole('button', { name: /new trace/ })).toBeVisible({ timeout: 40_000 })
  expect(await list.evaluate((element) => element.scrollTop)).toBe(before)
  await page.getByRole('button', { name: /new trace/ }).click()
  await expect(page.getByRole('button', { name: /new trace/ })).toHaveCount(0)
})

test('a failing server is said and can be retried', async ({ signedIn: page, watch }) => {
  watch.expected.push('500')
  await page.goto(`${traces}?live=off&q=mock:500`)
  await expect(page.getByRole('alert')).toContainText('could not be loaded')
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
})

test('an empty project explains how to send a first trace', async ({ signedIn: page }) => {
  await page.goto('/project/proj-empty/traces')
  await expect(page.getByRole('heading', { name: 'Send your first trace' })).toBeVisible()
  await page.getByRole('tab', { name: 'OpenTelemetry' }).click()
  await expect(page.getByText('OTEL_EXPORTER_OTLP_ENDPOINT')).toBeVisible()
})

test('the command palette goes to another project', async ({ signedIn: page }) => {
  await page.goto(traces)
  await expect(page.getByRole('grid', { name: grid })).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('operations')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/proj-ops/)
})

test('a viewer sees no way to change things', async ({ signedIn: page }) => {
  await page.goto('/project/proj-ops/settings/api-keys')
  await expect(page.getByRole('button', { name: 'Create API key' })).toHaveCount(0)
})
