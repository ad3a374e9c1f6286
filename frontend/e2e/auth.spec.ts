// Signing in and out, and what happens when the session ends.
import { EMAIL, expect, PASSWORD, test, traces } from './harness'

test('a visitor signs in and comes back to the page asked for', async ({ page, watch }) => {
  watch.expected.push('401')
  await page.goto(`${traces}?range=24h`)
  await expect(page).toHaveURL(/\/sign-in\?return=/)

  await page.getByLabel('Email').fill(EMAIL)
  await page.getByLabel('Password').fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toContainText('Wrong email or password')

  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('grid', { name: 'Traces' })).toBeVisible()
  await expect(page).toHaveURL(/range=24h/)
})

test('a return address of another site is ignored', async ({ page, watch }) => {
  watch.expected.push('401')
  await page.goto('/sign-in?return=//evil.example/x')
  await page.getByLabel('Email').fill(EMAIL)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/project\/.*\/traces/)
})

test('an expired access cookie is renewed once, without the user noticing', async ({ signedIn: page, context, watch }) => {
  watch.expected.push('401')
  await page.goto(traces)
  await expect(page.getByRole('row').nth(3)).toBeVisible()
  let refreshes = 0
  page.on('request', (request) => {
    if (request.url().endsWith('/api/auth/refresh')) refreshes += 1
  })
  await context.clearCookies({ name: 'at_access' })
  await page.getByRole('link', { name: 'Sessions', exact: true }).click()
  await expect(page.getByRole('grid', { name: 'Sessions' }).getByRole('row').nth(3)).toBeVisible()
  expect(refreshes).toBe(1)
})

test('an ended session leads to the sign-in page and back', async ({ signedIn: page, context, watch }) => {
  watch.expected.push('401')
  await page.goto(`${traces}?live=off`)
  await expect(page.getByRole('row').nth(3)).toBeVisible()
  await context.clearCookies()
  await page.getByRole('link', { name: 'Sessions', exact: true }).click()
  await expect(page.getByText('Your session has ended')).toBeVisible()
  await page.getByLabel('Email').fill(EMAIL)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('grid', { name: 'Sessions' })).toBeVisible()
})

test('signing out ends at the sign-in page', async ({ signedIn: page, watch }) => {
  watch.expected.push('401')
  await page.goto(traces)
  await page.getByRole('button', { name: /Signed in as/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Sign in to AgentTrace' })).toBeVisible()
})

test('the theme is kept over a reload', async ({ signedIn: page }) => {
  await page.goto(traces)
  await page.getByRole('button', { name: /Signed in as/ }).click()
  await page.getByRole('menuitemradio', { name: 'Dark theme' }).click()
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})
