// Files that texts refer to, shown where they stand.
import { expect, test, traces } from './harness'

const shapes = `${traces}/5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a`

test('files stand in the text, but SVG only downloads', async ({ signedIn: page, watch }) => {
  watch.expected.push('404')
  await page.goto(`${shapes}?observation=shape-5`)
  const input = page.getByRole('region', { name: 'Input' })
  await expect(input.getByRole('img', { name: 'File mock-image' })).toBeVisible()
  await expect(input.locator('audio')).toHaveCount(1)
  await expect(input).toContainText(/Look at.*image\/png.*and.*audio\/wav/s)
  await expect(input).not.toContainText('@@@')
  const output = page.getByRole('region', { name: 'Output' })
  await expect(output.getByText('not uploaded yet, or deleted')).toBeVisible()
  await expect(output.getByRole('link', { name: 'Download' })).toHaveCount(1)
  await expect(output.locator('img')).toHaveCount(0)
  await expect(page.locator('img[src*=svg], [style*=svg]')).toHaveCount(0)
})

test('files stand in the parts of a message, in tables, and stay text in code', async ({ signedIn: page }) => {
  await page.goto(`${shapes}?observation=shape-8`)
  await expect(page.getByRole('article', { name: 'User' }).getByRole('img', { name: 'File mock-image' })).toBeVisible()
  const answer = page.getByRole('article', { name: 'Assistant' })
  await expect(answer.getByRole('cell').first().getByRole('img')).toBeVisible()
  await expect(answer.getByRole('cell').nth(1).locator('audio')).toHaveCount(1)
  await expect(answer.locator('code')).toHaveText(/^@@@langfuseMedia:type=image\/png\|id=mock-image\|source=base64_data_uri@@@$/)
})

test('files stand in metadata and in the JSON view, and raw is raw', async ({ signedIn: page }) => {
  await page.goto(`${shapes}?observation=shape-8&tab=metadata`)
  await expect(page.getByRole('row', { name: /photo/ }).getByRole('img')).toBeVisible()
  await expect(page.getByRole('row', { name: /scan/ }).getByRole('figure', { name: 'File mock-svg' })).toContainText('image/svg+xml')
  await page.goto(`${shapes}?observation=shape-8&format=json`)
  const input = page.getByRole('region', { name: 'Input' })
  await expect(input.getByRole('img')).toBeVisible()
  await expect(input).toContainText('@@@langfuseMedia:type=image/png|id=mock-image')
  await page.goto(`${shapes}?observation=shape-8&tab=raw`)
  await expect(page.getByRole('group', { name: 'raw JSON' })).toContainText('@@@langfuseMedia')
  await expect(page.getByRole('img')).toHaveCount(0)
})

test('an image is enlarged', async ({ signedIn: page, watch }) => {
  watch.expected.push('404')
  await page.goto(`${shapes}?observation=shape-5`)
  await page.getByRole('button', { name: 'Enlarge File mock-image' }).click()
  await expect(page.getByRole('dialog').getByRole('img')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('an address that has ended is asked for anew', async ({ signedIn: page, watch }) => {
  watch.expected.push('403', '404')
  let asked = 0
  await page.route('**/api/public/media/mock-image', async (route) => {
    asked += 1
    const answer = await route.fetch()
    const media = (await answer.json()) as object
    await route.fulfill({ response: answer, json: asked === 1 ? { ...media, url: '/mock-media/ended.png', urlExpiry: new Date(Date.now() - 1000).toISOString() } : media })
  })
  await page.route('**/mock-media/ended.png', (route) => route.fulfill({ status: 403 }))
  await page.goto(`${shapes}?observation=shape-5`)
  const image = page.getByRole('img', { name: 'File mock-image' })
  await expect(image).toHaveAttribute('src', '/mock-media/image.png')
  expect(await image.evaluate((element: HTMLImageElement) => element.decode().then(() => element.naturalWidth))).toBe(10)
  expect(asked).toBe(2)
})

test('a session shows the files of its turns, and a list names them', async ({ signedIn: page }) => {
  const told = await page.request.get('/api/public/v2/traces/5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a', { headers: { 'x-agenttrace-project-id': 'proj-shop' } })
  const detail = (await told.json()) as { trace: object }
  const reference = '@@@langfuseMedia:type=image/png|id=mock-image|source=bytes@@@'
  await page.route('**/api/public/v2/traces/*', (route) => route.fulfill({ json: { ...detail, trace: { ...detail.trace, input: `Look: ${reference}` } } }))
  await page.route('**/api/public/v2/traces?*', async (route) => {
    const answer = await route.fetch()
    const page = (await answer.json()) as { data: object[] }
    await route.fulfill({ response: answer, json: { ...page, data: page.data.map((row) => ({ ...row, inputPreview: `Look: ${reference.slice(0, 50)}…` })) } })
  })
  await page.goto('/project/proj-shop/sessions/session-1')
  await expect(page.getByText('Look: [image/png]').first()).toBeVisible()
  await page.getByRole('button', { name: 'Open all' }).click()
  await expect(page.getByRole('img', { name: 'File mock-image' }).first()).toBeVisible()
})
