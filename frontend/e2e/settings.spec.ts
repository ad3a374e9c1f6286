// Models and prices, LLM connections, members, invitations, organization, project.
import { expect, test } from './harness'

const settings = '/project/proj-shop/settings'

test('the tester says which model matches and what it costs', async ({ signedIn: page }) => {
  await page.goto(`${settings}/models`)
  await page.getByLabel('Model name, as a program sends it').fill('claude-sonnet-4-5-20250929')
  await page.getByLabel('Input tokens').fill('1000')
  await page.getByLabel('Output tokens').fill('1000')
  await expect(page.getByRole('status').filter({ hasText: '$' })).toContainText('$0.0180')
  await page.getByLabel('Input tokens').fill('1000000')
  await expect(page.getByText('tier “Long context”')).toBeVisible()
  await page.getByLabel('Model name, as a program sends it').fill('no-such-model')
  await expect(page.getByText('No model matches')).toBeVisible()
})

test('a service has prices of its own, in the tester and in the details', async ({ signedIn: page }) => {
  await page.goto(`${settings}/models`)
  await page.getByLabel('Model name, as a program sends it').fill('gpt-5')
  await page.getByLabel('Service').selectOption('batch')
  await expect(page.getByRole('status').filter({ hasText: '$' })).toContainText('$1.13')
  await page.getByRole('status').getByRole('button', { name: 'gpt-5' }).click()
  await expect(page.getByRole('dialog').getByRole('region', { name: 'Service priority' })).toContainText('$20.00')
})

test('the server searches the models', async ({ signedIn: page }) => {
  await page.goto(`${settings}/models`)
  await expect(page.getByText('1 own, 62 managed')).toBeVisible()
  await page.getByLabel('Search models').fill('model-33')
  await expect(page.getByRole('table', { name: 'Models' }).getByRole('row')).toHaveCount(2)
  await page.getByLabel('Whose').selectOption('own')
  await expect(page.getByRole('heading', { name: 'No models match' })).toBeVisible()
})

test('how long traces are kept is shown and changed', async ({ signedIn: page }) => {
  await page.goto(`${settings}/project`)
  const days = page.getByLabel('Keep traces for (days)')
  await expect(days).toHaveValue('90')
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled()
  await days.fill('30')
  await expect(page.getByText('Traces older than 30 days are deleted')).toBeVisible()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Project saved')).toBeVisible()
  await page.reload()
  await expect(days).toHaveValue('30')
})

test('the limits of this deployment are told in numbers', async ({ signedIn: page }) => {
  await page.goto(`${settings}/organization`)
  const limits = page.getByRole('table', { name: 'Rate limits' })
  await expect(limits.getByRole('row', { name: /Telemetry/ })).toContainText('60,000')
  await expect(limits.getByRole('row', { name: /Writes/ })).toContainText('no limit')
})

test('a model is defined, costs are recalculated, and the model deleted', async ({ signedIn: page }) => {
  const name = `tuned-${Date.now()}`
  await page.goto(`${settings}/models`)
  await page.getByRole('button', { name: 'New model' }).click()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByRole('textbox', { name: 'Price of input' }).fill('2')
  await page.getByRole('textbox', { name: 'Price of output' }).fill('8')
  await page.getByLabel('Try a name').fill(name.toUpperCase())
  await expect(page.getByText('matches', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Save model' }).click()
  await page.getByRole('button', { name: 'Recalculate', exact: true }).click()
  await expect(page.getByRole('dialog', { name: 'Costs recalculated' })).toContainText('4,210 steps looked at, 37 with a new cost')
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByLabel('Search models').fill(name)
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('$8.00')
  await page.getByRole('button', { name, exact: true }).click()
  await expect(page.getByRole('dialog', { name })).toContainText('USD for a million')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: `Delete ${name}` }).click()
  await page.getByRole('button', { name: 'Delete model' }).click()
  await expect(page.getByRole('heading', { name: 'No models match' })).toBeVisible()
})

test('a connection keeps its key to itself', async ({ signedIn: page }) => {
  const name = `gateway-${Date.now()}`
  await page.goto(`${settings}/llm-connections`)
  await page.getByRole('button', { name: 'New connection' }).click()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('API key').fill('sk-very-secret-abcd')
  await page.getByRole('button', { name: 'Save connection' }).click()
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('...abcd')
  await expect(page.getByText('very-secret')).toHaveCount(0)
  await page.getByRole('button', { name: `Delete ${name}` }).click()
  await page.getByRole('button', { name: 'Delete connection' }).click()
  await expect(page.getByRole('row', { name: new RegExp(name) })).toHaveCount(0)
})

test('members get roles, and an invitation is a link shown once', async ({ signedIn: page }) => {
  await page.goto(`${settings}/members`)
  await expect(page.getByRole('row', { name: /Ada Lovelace/ })).toContainText('Owner')
  await page.getByLabel('Role of Grace Hopper').selectOption('ADMIN')
  await expect(page.getByText('Role changed')).toBeVisible()
  await page.getByRole('button', { name: 'Invite' }).click()
  const email = `new-${Date.now()}@example.com`
  await page.getByLabel('Email').fill(email)
  await page.getByRole('button', { name: 'Make an invitation' }).click()
  await expect(page.getByText('/invitation#mock-token')).toBeVisible()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: `Take back the invitation of ${email}` }).click()
  await expect(page.getByRole('row', { name: new RegExp(email) })).toHaveCount(0)
})

test('an invitation makes an account and joins', async ({ page }) => {
  await page.goto('/invitation#mock-token')
  await expect(page.getByRole('heading', { name: 'Join Shop' })).toBeVisible()
  await page.getByLabel('Your name').fill('New Person')
  await page.getByLabel('Password').fill('short')
  await expect(page.getByRole('button', { name: 'Create account and join' })).toBeDisabled()
  await page.getByLabel('Password').fill('long enough a password')
  await page.getByRole('button', { name: 'Create account and join' }).click()
  await expect(page.getByRole('grid', { name: 'Traces' })).toBeVisible()
})

test('an invitation that is over says so', async ({ page, watch }) => {
  watch.expected.push('404')
  await page.goto('/invitation#other')
  await expect(page.getByRole('heading', { name: 'This invitation does not work' })).toBeVisible()
})

test('organization keys are made and revoked', async ({ signedIn: page }) => {
  await page.goto(`${settings}/organization`)
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.getByLabel('Name (optional)').fill('Terraform')
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click()
  await expect(page.getByText('sk-at-org-secret-12ab')).toBeVisible()
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await expect(page.getByText('sk-at-org-secret-12ab')).toHaveCount(0)
  await page.getByRole('button', { name: 'Revoke key Terraform' }).first().click()
  await page.getByRole('button', { name: 'Revoke key', exact: true }).click()
  await expect(page.getByText('No keys yet.')).toBeVisible()
})

test('a project is deleted only by its name', async ({ signedIn: page }) => {
  await page.goto('/project/proj-live/settings/project')
  await page.getByRole('button', { name: 'Delete project…' }).click()
  await page.getByLabel(/Type the project’s name/).fill('live')
  await expect(page.getByRole('button', { name: 'Delete the project' })).toBeDisabled()
  await page.getByRole('button', { name: 'Cancel' }).click()
})

test('a GitHub secret is shown once, replaced and deleted', async ({ signedIn: page, watch }) => {
  watch.expected.push('404')
  await page.goto(`${settings}/github`)
  await page.getByRole('button', { name: 'Create secret' }).click()
  const made = page.getByRole('dialog', { name: 'The webhook’s secret' })
  await expect(made).toContainText('whs-at-')
  await expect(made).toContainText('/api/public/webhooks/github/proj-shop')
  await made.getByRole('button', { name: 'I have copied it' }).click()
  await expect(page.getByText('whs-at-')).toHaveCount(0)
  await expect(page.getByText('Pushes, Pull requests, Workflow runs, Workflow jobs')).toBeVisible()
  await page.getByRole('button', { name: 'Replace secret…' }).click()
  await page.getByRole('button', { name: 'Replace secret', exact: true }).click()
  await expect(made).toContainText('whs-at-')
  await made.getByRole('button', { name: 'I have copied it' }).click()
  await page.getByRole('button', { name: 'Delete secret…' }).click()
  await page.getByRole('button', { name: 'Delete secret', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'No secret yet' })).toBeVisible()
})
