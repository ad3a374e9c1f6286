// What the ways through the dashboard share: who walks, a program that tells a story, the API behind the page's back.
import { execFileSync } from 'node:child_process'

import type { APIRequestContext, Page } from '@playwright/test'

const EMAIL = process.env.AGENTTRACE_EMAIL ?? ''
const PASSWORD = process.env.AGENTTRACE_PASSWORD ?? ''
export const PROJECT = process.env.AGENTTRACE_PROJECT_ID ?? ''

export interface Told {
  story: { mark: string; name: string; user: string; session: string; tags: string[]; environment: string }
  ids: { trace: string; steps: Record<string, string> }
}

/** Runs a traced program with a real SDK. */
export function tell(...keys: string[]): Told {
  const [python = '', script = ''] = (process.env.TELL_STORY ?? '').split(' ')
  return JSON.parse(execFileSync(python, [script, ...keys], { encoding: 'utf8', timeout: 180_000 }).trim().split('\n').at(-1) ?? '') as Told
}

/** Collects policy violations, console errors, uncaught errors and requests to other origins than the page's and the files'. */
export async function watch(page: Page, ...origins: string[]): Promise<string[]> {
  const problems: string[] = []
  await page.addInitScript(() => document.addEventListener('securitypolicyviolation', (event) => console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`)))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} ${message.location().url}`)
  })
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`))
  page.on('request', (request) => {
    if (!origins.some((origin) => request.url().startsWith(origin)) && !/^(data|blob):/.test(request.url())) problems.push(`request: ${request.url()}`)
  })
  return problems
}

export async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Email').fill(EMAIL)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** A call with the project's keys, as a program makes it. */
export async function send<Answer>(request: APIRequestContext, method: string, path: string, data?: unknown): Promise<Answer> {
  const keys = Buffer.from(`${process.env.AGENTTRACE_PUBLIC_KEY ?? ''}:${process.env.AGENTTRACE_SECRET_KEY ?? ''}`).toString('base64')
  const answer = await request.fetch(path, { method, data, headers: { authorization: `Basic ${keys}` } })
  if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`)
  const text = await answer.text()
  return (text === '' ? undefined : JSON.parse(text)) as Answer
}
