// A coding agent's session on the dashboard, for tests/agents: what the API told of it is what a person sees. checks.py says which session, and what is true of it.
import { expect, type Page, test } from '@playwright/test'

interface Truth {
  project: string
  trace: string
  title: string
  prompt: string
  final: string
  cost: number | null
  tokens: number
  tools: { name: string; input: string }[]
}

const truth = JSON.parse(process.env.SESSION_TRUTH ?? '{}') as Truth
const fact = (page: Page, label: string) => page.getByRole('term').filter({ hasText: new RegExp(`^${label}$`) }).locator('xpath=following-sibling::dd')

test('a session is found in the list and its page says what happened', async ({ page }) => {
  await page.goto('/')
  await page.getByLabel('Email').fill(process.env.AGENTTRACE_EMAIL ?? '')
  await page.getByLabel('Password').fill(process.env.AGENTTRACE_PASSWORD ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Traces' })).toBeVisible()

  await page.goto(`/project/${truth.project}/traces`)
  const row = page.getByRole('grid', { name: 'Traces' }).getByRole('row').filter({ hasText: truth.title })
  await row.getByText(truth.title).first().click()

  await expect(page.getByRole('heading', { level: 1 })).toContainText(truth.title)
  await expect(page).toHaveURL(new RegExp(truth.trace))
  if (truth.cost !== null) {
    // Small sums are shown to the hundredth of a cent.
    await expect(fact(page, 'Cost')).toContainText('$')
    expect(Number((await fact(page, 'Cost').innerText()).match(/\$([\d.]+)/)?.[1])).toBeCloseTo(truth.cost, 3)
  }
  await expect(fact(page, 'Tokens')).toContainText('k →')
  await expect(page.getByText(truth.prompt).first()).toBeVisible()
  for (const name of new Set(truth.tools.map((tool) => tool.name))) {
    await expect(page.getByRole('treeitem', { name: new RegExp(`Tool ${name}`) })).toHaveCount(truth.tools.filter((tool) => tool.name === name).length)
  }
  const first = truth.tools[0]
  if (first) {
    await page.getByRole('treeitem', { name: new RegExp(`Tool ${first.name}`) }).first().click()
    await expect(page.getByRole('region', { name: 'Details of the observation' }).getByText(first.input).first()).toBeVisible()
  }
})
