// What holds for every page: nothing sticks out on a narrow window, both themes are drawn, a failing server is said with a
// way on, and the keys and the palette lead there.
import { expect, test } from './harness'

const shop = '/project/proj-shop'
const PAGES = [
  ['prompts', `${shop}/prompts`], ['prompt', `${shop}/prompts/support%2Fanswer`], ['prompt changes', `${shop}/prompts/support%2Fanswer?tab=diff`], ['prompt editor', `${shop}/prompts/new?name=support%2Fanswer`],
  ['datasets', `${shop}/datasets`], ['items', `${shop}/datasets/geography%2Fcapital%20cities`], ['runs', `${shop}/datasets/geography%2Fcapital%20cities?tab=runs`], ['comparison', `${shop}/datasets/geography%2Fcapital%20cities/compare?runs=%5B%22run-1%22%5D`], ['import', `${shop}/datasets/geography%2Fcapital%20cities/import`],
  ['scores', `${shop}/scores`], ['queues', `${shop}/annotation-queues`], ['queue', `${shop}/annotation-queues/queue-1`], ['annotate', `${shop}/annotation-queues/queue-1/work`],
  ['score configs', `${shop}/settings/score-configs`], ['models', `${shop}/settings/models`], ['connections', `${shop}/settings/llm-connections`], ['members', `${shop}/settings/members`], ['organization', `${shop}/settings/organization`], ['project', `${shop}/settings/project`],
] as const

for (const scheme of ['light', 'dark'] as const) {
  test(`every page fits 360 px, ${scheme}`, async ({ signedIn: page }) => {
    test.setTimeout(90_000)
    await page.setViewportSize({ width: 360, height: 740 })
    await page.emulateMedia({ colorScheme: scheme })
    for (const [name, path] of PAGES) {
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 }), name).toBeVisible()
      const over = await page.evaluate(() => ({ page: document.documentElement.scrollWidth - innerWidth, main: (document.querySelector('main')?.scrollWidth ?? 0) - (document.querySelector('main')?.clientWidth ?? 0) }))
      expect(over, name).toEqual({ page: 0, main: 0 })
      const ground = await page.evaluate(() => getComputedStyle(document.querySelector('main') ?? document.body).backgroundColor)
      expect(ground, name).toBe(scheme === 'dark' ? 'rgb(18, 19, 23)' : 'rgb(255, 255, 255)')
    }
  })
}

const FAILING = [
  ['prompts', `${shop}/prompts`, '**/api/public/v2/prompt-folders*'], ['datasets', `${shop}/datasets`, '**/api/public/v2/datasets*'], ['scores', `${shop}/scores`, '**/api/public/v3/scores*'],
  ['queues', `${shop}/annotation-queues`, '**/api/public/annotation-queues?*'], ['score configs', `${shop}/settings/score-configs`, '**/api/public/score-configs*'], ['models', `${shop}/settings/models`, '**/api/public/models*'],
  ['connections', `${shop}/settings/llm-connections`, '**/api/public/llm-connections*'], ['members', `${shop}/settings/members`, '**/api/public/organizations/memberships*'],
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
  await page.goto(`${shop}/settings/models`)
  await expect(page.getByRole('table', { name: 'Models' })).toBeVisible()
  for (const [key, path] of [['p', /\/prompts$/], ['d', /\/datasets$/], ['c', /\/scores$/], ['q', /\/annotation-queues$/], ['m', /\/settings\/models$/]] as const) {
    await page.keyboard.press('g')
    await page.keyboard.press(key)
    await expect(page).toHaveURL(path)
  }
  await page.keyboard.press('Control+k')
  await page.keyboard.type('new dataset')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'New dataset' })).toBeVisible()
})

test('hostile names stay text on every new page', async ({ signedIn: page }) => {
  for (const path of [`${shop}/prompts`, `${shop}/prompts?q=script`, `${shop}/datasets`, `${shop}/datasets/${encodeURIComponent('hostile <b>texts</b>')}`, `${shop}/scores`]) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.getByRole('row').nth(1)).toBeVisible()
    expect(await page.evaluate(() => document.querySelectorAll('#root :is(script, iframe, img, style, b, object, base)').length)).toBe(0)
  }
})

test('the sessions list is kept up to date', async ({ signedIn: page }) => {
  await page.goto('/project/proj-live/sessions?range=1h')
  await expect(page.getByRole('switch', { name: 'Live' })).toBeChecked()
  await page.waitForResponse('**/api/public/v2/sessions*')
  await page.waitForResponse('**/api/public/v2/sessions*')
  await page.getByRole('switch', { name: 'Live' }).click()
  await expect(page).toHaveURL(/live=off/)
})
