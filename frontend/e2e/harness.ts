// What every test runs with: a mock of its own, a signed-in page, and a watch that fails the test on any policy violation, console error,
// uncaught error, dialog, or request to another origin.
import { test as base, expect, type Page } from '@playwright/test'

export const EMAIL = 'dev@example.com'
export const PASSWORD = 'correct horse battery'

interface Watch {
  problems: string[]
  /** Failures a test provokes on purpose, by a part of their text. */
  expected: (string | RegExp)[]
}

/** Slows the browser's processor down so many times, to see what a test rests on: E2E_SLOWDOWN=6. */
const SLOWDOWN = Number(process.env.E2E_SLOWDOWN ?? 1)

export const test = base.extend<{ watch: Watch; signedIn: Page }>({
  // Nothing that another test does, at the same time or before, is seen.
  // eslint-disable-next-line no-empty-pattern -- Playwright reads from this pattern what a fixture needs
  extraHTTPHeaders: async ({}, use, info) => use({ 'x-mock-world': `${info.testId} ${info.repeatEachIndex} ${info.retry}` }),
  watch: [
    async ({ page, baseURL }, use) => {
      const watch: Watch = { problems: [], expected: [] }
      if (SLOWDOWN > 1) await (await page.context().newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN })
      page.on('console', (message) => {
        if (message.type() === 'error') watch.problems.push(`console: ${message.text()} ${message.location().url}`)
      })
      page.on('pageerror', (error) => watch.problems.push(`uncaught: ${error.message}`))
      page.on('dialog', (dialog) => {
        watch.problems.push(`dialog: ${dialog.message()}`)
        void dialog.dismiss()
      })
      page.on('request', (request) => {
        const url = request.url()
        if (!url.startsWith(baseURL ?? '') && !url.startsWith('data:') && !url.startsWith('blob:')) watch.problems.push(`request: ${url}`)
      })
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`))
      })
      await use(watch)
      const unexpected = watch.problems.filter((problem) => !watch.expected.some((part) => (typeof part === 'string' ? problem.includes(part) : part.test(problem))))
      expect(unexpected).toEqual([])
      expect(await page.evaluate(() => '__hit' in window)).toBe(false)
    },
    { auto: true },
  ],
  signedIn: async ({ page }, use) => {
    const answer = await page.request.post('/api/auth/sign-in', { data: { email: EMAIL, password: PASSWORD } })
    expect(answer.status()).toBe(200)
    await use(page)
  },
})

export { expect }

export const traces = '/project/proj-shop/traces'
