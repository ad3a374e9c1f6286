// Texts that try to act: every place that shows them, under production's policy. The harness fails on any dialog, console
// error, policy violation or foreign request; this file also looks for nodes that must not exist.
import type { Page } from '@playwright/test'

import { expect, test, traces } from './harness'

const ID = 'badc0ffeebadc0ffeebadc0ffeebadc0'
const trace = `/project/proj-shop/traces/${ID}`

async function expectInert(page: Page) {
  const found = await page.evaluate(() => ({
    nodes: document.querySelectorAll('#root :is(script, iframe, object, embed, img, style, link, base, math, form[action])').length,
    handlers: [...document.querySelectorAll('#root *')].filter((element) => element.getAttributeNames().some((name) => name.startsWith('on'))).length,
    links: [...document.querySelectorAll('a[href]')].map((anchor) => anchor.getAttribute('href') ?? '').filter((href) => !/^(\/|#|https?:)/.test(href)),
    foreign: [...document.querySelectorAll<HTMLAnchorElement>('a[href^=http]')].filter((anchor) => !anchor.rel.includes('noopener')).length,
    polluted: 'polluted' in {},
  }))
  expect(found).toEqual({ nodes: 0, handlers: 0, links: [], foreign: 0, polluted: false })
}

async function expectDrawn(page: Page) {
  await expect(page.getByRole('tabpanel')).not.toBeEmpty()
  await expect(page.getByRole('tabpanel').getByText('Loading')).toHaveCount(0)
}

test('in the list', async ({ signedIn: page }) => {
  await page.goto(`${traces}?live=off`)
  await expect(page.getByRole('link', { name: /<script>/ }).first()).toBeVisible()
  await expectInert(page)
})

test('in filter suggestions', async ({ signedIn: page }) => {
  await page.goto(`${traces}?live=off`)
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('button', { name: /^Tags/ }).click()
  await page.getByLabel('Find a value').fill('<img')
  await page.getByRole('checkbox', { name: /<img/ }).check()
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByRole('row')).toHaveCount(2)
  await expectInert(page)
})

for (const format of ['formatted', 'json'] as const) {
  test(`in every observation of a trace, ${format}`, async ({ signedIn: page }) => {
    await page.goto(`${trace}?format=${format}&view=both`)
    await expect(page.getByRole('treeitem').nth(12)).toBeVisible()
    await expectInert(page)
    for (let index = 0; index < 12; index += 1) {
      await page.goto(`${trace}?observation=h-${index}&format=${format}`)
      await expect(page.getByRole('region', { name: 'Output' })).toBeVisible()
      await expectInert(page)
    }
  })
}

for (const tab of ['metadata', 'usage', 'scores', 'raw'] as const) {
  test(`in the ${tab} tab`, async ({ signedIn: page }) => {
    await page.goto(`${trace}?observation=h-0&tab=${tab}`)
    await expectDrawn(page)
    await expectInert(page)
    await page.goto(`${trace}?tab=${tab}`)
    await expectDrawn(page)
    await expectInert(page)
  })
}

test('in a session and its turns', async ({ signedIn: page }) => {
  await page.goto('/project/proj-shop/sessions?q=invoice')
  await page.getByRole('row').nth(1).getByRole('link').click()
  await page.getByRole('button', { name: 'Open all' }).click()
  await expect(page.getByText('not loaded').first()).toBeVisible()
  await expectInert(page)
})

test('invisible characters are visible, and a direction override stays in its place', async ({ signedIn: page }) => {
  await page.goto(`${trace}?observation=h-8`)
  await expect(page.getByText('⟨U+202E⟩').first()).toBeVisible()
  await expect(page.getByText('⟨U+200B⟩').first()).toBeVisible()
})

test('only http and https links are links, and they say where they go', async ({ signedIn: page }) => {
  await page.goto(`${trace}?observation=h-root`)
  await expect(page.getByRole('region', { name: 'Input' }).getByText('image: beacon')).toBeVisible()
  const links = await page.locator('a[target=_blank]').evaluateAll((anchors) =>
    anchors.map((anchor) => ({ href: anchor.getAttribute('href') ?? '', host: new URL((anchor as HTMLAnchorElement).href).host, text: anchor.textContent })),
  )
  expect(links.map((link) => link.href)).toContain('https://example.com/ok')
  for (const link of links) {
    expect(link.href).toMatch(/^https?:/)
    expect(link.text).toContain(link.host)
  }
})

test('5 MB of text is cut, and can be shown whole', async ({ signedIn: page }) => {
  await page.goto(`${trace}?observation=h-long`)
  await expect(page.getByText(/First 12 KB of 5\.2 MB/)).toBeVisible()
  await page.getByRole('button', { name: 'Show all' }).click()
  await expect(page.getByText('All 5.2 MB shown')).toBeVisible()
})

test('an id with slashes and quotes can be selected', async ({ signedIn: page }) => {
  await page.goto(`${trace}?view=tree`)
  await page.getByRole('treeitem').last().click()
  await expect(page).toHaveURL(/observation=h%2F/)
  await expect(page.getByRole('region', { name: 'Input' })).toBeVisible()
})
