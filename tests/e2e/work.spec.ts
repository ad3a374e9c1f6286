// What people do with what they see: write prompts, try them on a dataset, judge answers, look at files.
import { createHash } from 'node:crypto'

import { expect, type Locator, type Page, test } from '@playwright/test'

import { PROJECT, send, signIn, tell, watch } from './person'

const at = (path: string) => `/project/${PROJECT}/${path}`
const mark = () => `e2e-${Date.now().toString(36)}-${Math.floor(Math.random() * 1e6).toString(36)}`

let problems: string[] = []
test.beforeEach(async ({ page, baseURL }) => {
  problems = await watch(page, baseURL ?? '', process.env.MEDIA_ORIGIN ?? baseURL ?? '')
  await page.goto('/')
  await signIn(page)
  await expect(page.getByRole('heading', { name: 'Traces' })).toBeVisible()
})
// Being asked whether someone is signed in is answered with 401, which browsers write to the console.
test.afterEach(() => expect(problems.filter((problem) => !/401/.test(problem))).toEqual([]))

/** For pages that do not look again by themselves: what was just sent is readable within a second or two. */
async function shownAfterReload(page: Page, wanted: Locator) {
  await expect(async () => {
    await page.reload()
    await expect(wanted).toBeVisible({ timeout: 4_000 })
  }).toPass({ timeout: 40_000 })
}

test('a prompt is written, gets a second version, and its label moves', async ({ page, request }) => {
  const name = `${mark()}/greeting`
  await page.goto(at('prompts/new'))
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Prompt', { exact: true }).fill('Hello {{customer}}, it is {{day}}.')
  await page.getByLabel('Config (optional)').fill('{"model":"gpt-4o"}')
  await page.getByRole('button', { name: 'Create prompt' }).click()
  await expect(page.getByRole('region', { name: 'Version 1' })).toContainText('Hello')

  await page.getByRole('button', { name: 'New version' }).click()
  await page.getByLabel('Prompt', { exact: true }).fill('Good day {{customer}}.')
  await page.getByLabel('What changed').fill('Politer')
  await page.getByRole('button', { name: 'Save version 2' }).click()
  await expect(page.getByRole('region', { name: 'Version 2' })).toContainText('Politer')

  for (const version of [1, 2]) {
    await page.getByRole('button', { name: new RegExp(`^v${version}`) }).click()
    await page.getByRole('button', { name: `Labels of version ${version}` }).click()
    await page.getByLabel('Labels', { exact: true }).fill('production')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Save labels' }).click()
    await expect(page.getByRole('button', { name: new RegExp(`v${version}.*production`) })).toBeVisible()
    // What programs get for the label, once every cache knows.
    await expect.poll(async () => (await send<{ version: number }>(request, 'GET', `/api/public/v2/prompts/${encodeURIComponent(name)}?label=production`)).version).toBe(version)
  }
  await expect(page.getByRole('button', { name: /v1.*production/ })).toHaveCount(0)

  await page.getByRole('tab', { name: 'Changes' }).click()
  const changes = page.getByRole('region', { name: 'Changes of prompt' })
  await expect(changes).toContainText('Hello')
  await expect(changes).toContainText('Good day')
})

test('rows of a CSV file become items, and two runs over them are compared', async ({ page, request }) => {
  const dataset = `${mark()}/questions`
  await page.goto(at('datasets?create=1'))
  await page.getByLabel('Name').fill(dataset)
  await page.getByRole('button', { name: 'Create dataset' }).click()
  await page.getByRole('button', { name: 'Import' }).click()
  const csv = 'question,answer\n' + Array.from({ length: 5 }, (_, row) => `"What is ${row}, exactly?",answer ${row}\n`).join('')
  await page.getByLabel('File to import').setInputFiles({ name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await page.getByLabel('Column answer becomes').selectOption('expectedOutput')
  await page.getByRole('button', { name: 'Import 5 items' }).click()
  await expect(page.getByText('5 of 5 items stored')).toBeVisible()
  await page.getByRole('button', { name: 'Show the items' }).click()
  await expect(page.getByRole('tab', { name: /Items 5/ })).toBeVisible()
  await expect(page.getByRole('grid', { name: 'Items' }).getByText('What is 3, exactly?').first()).toBeVisible()

  const items = await send<{ data: { id: string }[] }>(request, 'GET', `/api/public/dataset-items?datasetName=${encodeURIComponent(dataset)}`)
  const runs = ['baseline', 'candidate']
  for (const runName of runs) {
    const told = tell()
    for (const item of items.data) await send(request, 'POST', '/api/public/dataset-run-items', { runName, datasetItemId: item.id, traceId: told.ids.trace })
  }
  await page.goto(at(`datasets/${encodeURIComponent(dataset)}?tab=runs`))
  for (const run of runs) await shownAfterReload(page, page.getByRole('checkbox', { name: `Compare ${run}` }))
  for (const run of runs) await page.getByRole('checkbox', { name: `Compare ${run}` }).check()
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  const comparison = page.getByRole('region', { name: 'Comparison' })
  for (const run of runs) await expect(comparison.getByRole('columnheader', { name: new RegExp(run) })).toBeVisible()
  await expect(comparison.getByText('What is 4, exactly?').first()).toBeVisible()
})

test('a step is judged by a config, then a queue is worked through', async ({ page }) => {
  const told = tell()
  const name = mark()
  await page.goto(at('settings/score-configs'))
  await page.getByRole('button', { name: 'New config' }).click()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Type').selectOption('NUMERIC')
  await page.getByLabel('Lowest (optional)').fill('0')
  await page.getByLabel('Highest (optional)').fill('1')
  await page.getByRole('button', { name: 'Create config' }).click()
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('0 to 1')

  await page.goto(at(`traces/${told.ids.trace}`))
  await shownAfterReload(page, page.getByRole('treeitem', { name: /Generation draft/ }))
  await page.getByRole('treeitem', { name: /Generation draft/ }).click()
  await page.getByRole('tab', { name: /^Scores/ }).click()
  await page.getByRole('button', { name: 'Annotate' }).click()
  await page.getByLabel(name, { exact: true }).fill('7')
  await expect(page.getByText('At most 1')).toBeVisible()
  await page.getByLabel(name, { exact: true }).fill('0.7')
  await page.getByRole('button', { name: 'Save 1 score' }).click()
  const given = page.getByRole('tabpanel').getByRole('listitem').filter({ hasText: name })
  await expect(given).toContainText('0.7')
  // Changed at once, before it can have been read back: it stays one score.
  await page.getByRole('button', { name: 'Annotate' }).click()
  await expect(page.getByLabel(name, { exact: true })).toHaveValue('0.7')
  await page.getByLabel(name, { exact: true }).fill('0.9')
  await page.getByRole('button', { name: 'Save 1 score' }).click()
  await expect(given).toHaveCount(1)
  await expect(given).toContainText('0.9')
  await shownAfterReload(page, given.getByText('0.9'))
  await expect(given).toHaveCount(1)

  await page.goto(at('annotation-queues'))
  await page.getByRole('button', { name: 'New queue' }).click()
  await page.getByLabel('Name').fill(`queue ${name}`)
  await page.getByLabel(`${name} (number)`).check()
  await page.getByRole('button', { name: 'Create queue' }).click()
  await expect(page.getByRole('heading', { name: 'The queue is empty' })).toBeVisible()
  for (const step of ['draft', 'answer']) {
    await page.goto(at(`traces/${told.ids.trace}?observation=${told.ids.steps[step] ?? ''}`))
    await page.getByRole('button', { name: 'Add to queue' }).click()
    await page.getByLabel('Queue', { exact: true }).selectOption(`queue ${name}`)
    await page.getByRole('dialog').getByRole('button', { name: /^Add/ }).click()
    await expect(page.getByText(`added to “queue ${name}”`)).toBeVisible()
  }
  await page.goto(at('annotation-queues'))
  await page.getByRole('link', { name: `Annotate queue ${name}` }).click()
  await expect(page.getByText('0 of 2 done')).toBeVisible()
  for (const done of [1, 2]) {
    await page.getByLabel(name, { exact: true }).fill('0.5')
    await page.keyboard.press('Control+Enter')
    if (done === 1) await expect(page.getByText('1 of 2 done')).toBeVisible()
  }
  await expect(page.getByRole('heading', { name: 'All done' })).toBeVisible()
})

test('an image is seen where a message refers to it', async ({ page, request }) => {
  const trace = createHash('sha256').update(mark()).digest('hex').slice(0, 32)
  // A picture of its own for each run: 1 by 1 pixels, and a chunk with a random text that pictures may carry.
  const png = Buffer.concat([Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'), Buffer.from(trace)])
  const sha256Hash = createHash('sha256').update(png).digest('base64')
  const made = await send<{ mediaId: string; uploadUrl: string }>(request, 'POST', '/api/public/media', { traceId: trace, contentType: 'image/png', contentLength: png.length, sha256Hash, field: 'input' })
  const stored = await fetch(made.uploadUrl, { method: 'PUT', body: png, headers: { 'content-type': 'image/png', 'x-amz-checksum-sha256': sha256Hash, 'x-ms-blob-type': 'BlockBlob' } })
  expect(stored.status).toBe(200)
  await send(request, 'PATCH', `/api/public/media/${made.mediaId}`, { uploadedAt: new Date().toISOString(), uploadHttpStatus: 200, uploadHttpError: '', uploadTimeMs: 1 })
  const reference = `@@@langfuseMedia:type=image/png|id=${made.mediaId}|source=base64_data_uri@@@`
  const body = { id: trace, name: 'photo', sessionId: `session-${trace}`, input: [{ role: 'user', content: [{ type: 'text', text: 'What is this?' }, { type: 'image_url', image_url: { url: reference } }] }], output: `It is ${reference}, I think.`, metadata: { photo: reference } }
  await send(request, 'POST', '/api/public/ingestion', { batch: [{ id: trace, type: 'trace-create', timestamp: new Date().toISOString(), body }] })

  await page.goto(at(`traces/${trace}`))
  const question = page.getByRole('article', { name: 'User' })
  await shownAfterReload(page, question)
  const seen = async (image: Locator) => {
    await expect(image).toBeVisible()
    expect(await image.evaluate((element: HTMLImageElement) => element.decode().then(() => element.naturalWidth))).toBe(1)
  }
  await seen(question.getByRole('img', { name: `File ${made.mediaId}` }))
  await seen(page.getByRole('region', { name: 'Output' }).getByRole('img'))
  await page.getByRole('tab', { name: 'Metadata' }).click()
  await seen(page.getByRole('row', { name: /photo/ }).getByRole('img'))

  await page.goto(at(`sessions/session-${trace}`))
  await page.getByRole('button', { name: 'Open all' }).click()
  await seen(page.getByRole('img', { name: `File ${made.mediaId}` }).first())

  const file = await send<{ url: string }>(request, 'GET', `/api/public/media/${made.mediaId}`)
  const fetched = await fetch(file.url)
  expect(new URL(file.url).origin).not.toBe(new URL(page.url()).origin)
  expect(fetched.headers.get('content-disposition')).toContain('attachment')
})

/** Changes a member's role on the page of members. */
async function roleOf(page: Page, email: string, role: string) {
  const choice = page.getByRole('row', { name: new RegExp(email) }).getByRole('combobox')
  await choice.selectOption(role)
  await expect(page.getByText('Role changed').first()).toBeVisible()
  await expect(choice).toHaveValue(role)
}

test('a member who becomes a viewer sees less, and one who becomes an administrator more', async ({ page, browser }) => {
  const email = `${mark()}@example.com`
  await page.goto(at('settings/members'))
  await page.getByRole('button', { name: 'Invite' }).click()
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Role', { exact: true }).selectOption('MEMBER')
  await page.getByRole('button', { name: 'Make an invitation' }).click()
  const link = await page.getByRole('dialog').getByText(/\/invitation#/).innerText()
  await page.getByRole('button', { name: 'Done' }).click()

  const theirs = await (await browser.newContext()).newPage()
  await theirs.goto(link)
  await theirs.getByLabel('Your name').fill('Guest')
  await theirs.getByLabel('Password').fill('long enough and unheard of')
  await theirs.getByRole('button', { name: 'Create account and join' }).click()
  await expect(theirs).toHaveURL(/\/project\//)
  await theirs.goto(at('settings/members'))
  const people = theirs.getByRole('table', { name: 'Members' })
  await expect(people.getByRole('row', { name: new RegExp(email) })).toContainText('Member')
  await expect(theirs.getByRole('button', { name: 'Invite' })).toHaveCount(0)

  await page.reload()
  // Within a minute; a page that is open looks again when it is loaded.
  const within = async (wanted: Locator) => expect(async () => {
    await theirs.reload()
    await expect(wanted).toBeVisible({ timeout: 4_000 })
  }).toPass({ timeout: 60_000 })
  await roleOf(page, email, 'VIEWER')
  await within(theirs.getByRole('heading', { name: 'Members are shown to members' }))
  await roleOf(page, email, 'ADMIN')
  await within(theirs.getByRole('button', { name: 'Invite' }))
  await expect(people.getByRole('row', { name: new RegExp(email) })).toContainText('you')
})
