// Scores, their configs, annotating on a trace, comments, queues.
import { expect, test, traces } from './harness'

const shop = '/project/proj-shop'
const shapes = `${traces}/5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a`

test('scores are listed and lead to what they judge', async ({ signedIn: page }) => {
  await page.goto(`${shop}/scores`)
  const list = page.getByRole('grid', { name: 'Scores' })
  await expect(list.getByRole('row').nth(5)).toBeVisible()
  await page.getByLabel('Name of the score').fill('tests-pass')
  await expect(page).toHaveURL(/name=tests-pass/)
  await list.getByRole('link').first().click()
  await expect(page).toHaveURL(/\/traces\//)
})

test('a config is made, changed and archived', async ({ signedIn: page }) => {
  const name = `e2e ${Date.now() % 1e6}`
  await page.goto(`${shop}/settings/score-configs`)
  await page.getByRole('button', { name: 'New config' }).click()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Type').selectOption('CATEGORICAL')
  await page.getByLabel('Category 1', { exact: true }).fill('bad')
  await expect(page.getByText('Two categories have the same label')).toBeVisible()
  await page.getByLabel('Category 1', { exact: true }).fill('great')
  await page.getByRole('button', { name: 'Create config' }).click()
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('great, bad')
  await page.getByRole('button', { name: `Archive ${name}` }).click()
  await expect(page.getByRole('row', { name: new RegExp(name) })).toHaveCount(0)
  await page.getByLabel(/Show archived configs/).check()
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('archived')
})

test('a trace is annotated by configs, and the annotation changed', async ({ signedIn: page }) => {
  await page.goto(`${shapes}?observation=shape-3&tab=scores`)
  await page.getByRole('button', { name: 'Annotate' }).click()
  await page.getByLabel('helpfulness', { exact: true }).fill('7')
  await expect(page.getByText('At most 1')).toBeVisible()
  await page.getByLabel('helpfulness', { exact: true }).fill('0.7')
  const friendly = page.getByRole('radiogroup', { name: 'tone' }).getByRole('radio', { name: /friendly/ })
  await expect(friendly).toBeEnabled()
  await friendly.focus()
  await page.keyboard.press('2')
  await expect(page.getByRole('radio', { name: /neutral/ })).toBeChecked()
  await page.getByRole('button', { name: 'Save 2 scores' }).click()
  await expect(page.getByRole('tab', { name: /Scores 2/ })).toBeVisible()
  await page.getByRole('button', { name: 'Annotate' }).click()
  await expect(page.getByLabel('helpfulness', { exact: true })).toHaveValue('0.7')
  await page.getByLabel('helpfulness', { exact: true }).fill('0.9')
  await page.getByRole('button', { name: 'Save 1 score' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('0.9')
  await expect(page.getByRole('tab', { name: /Scores 2/ })).toBeVisible()
})

test('comments are written and deleted, and cannot act', async ({ signedIn: page }) => {
  await page.goto(`${shapes}?observation=shape-2&tab=comments`)
  await page.getByLabel('New comment').fill('See <img src=x onerror=alert(1)> and **this**')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('See <img src=x')).toBeVisible()
  expect(await page.locator('#root img').count()).toBe(0)
  await page.getByRole('button', { name: /Delete the comment/ }).click()
  await expect(page.getByText('No comments yet')).toBeVisible()
})

test('a queue is made, filled from the list, and worked through by keyboard', async ({ signedIn: page }) => {
  const name = `e2e queue ${Date.now()}`
  await page.goto(`${shop}/annotation-queues`)
  await page.getByRole('button', { name: 'New queue' }).click()
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('correct (yes / no)').check()
  await page.getByRole('button', { name: 'Create queue' }).click()
  await expect(page.getByRole('heading', { name: 'The queue is empty' })).toBeVisible()

  await page.goto(`${traces}?live=off`)
  await page.getByRole('grid').getByRole('checkbox').nth(3).check()
  await page.getByRole('grid').getByRole('checkbox').nth(4).check()
  await page.getByRole('button', { name: 'Add to queue' }).click()
  await page.getByLabel('Queue', { exact: true }).selectOption(name)
  await page.getByRole('button', { name: 'Add 2 traces' }).click()
  await expect(page.getByText(`2 added to “${name}”`)).toBeVisible()

  await page.goto(`${shop}/annotation-queues`)
  await page.getByRole('link', { name: `Annotate ${name}` }).click()
  await expect(page.getByText('0 of 2 done')).toBeVisible()
  const yes = page.getByRole('radiogroup', { name: 'correct' }).getByRole('radio').first()
  await expect(yes).toBeEnabled()
  await yes.focus()
  await page.keyboard.press('1')
  await expect(page.getByRole('button', { name: 'Save and complete' })).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('1 of 2 done')).toBeVisible()
  await page.locator('main').focus()
  await page.keyboard.press('j')
  await expect(page.getByRole('heading', { name: 'Nothing left for you right now' })).toBeVisible()
  await page.getByRole('button', { name: 'Go through the skipped ones' }).click()
  await page.getByRole('button', { name: 'Complete', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'All done' })).toBeVisible()
})

test('a queued session is shown with its whole texts, asked for as they come near, and its first choice is ready for the keys', async ({ signedIn: page }) => {
  const asked: string[] = []
  page.on('request', (request) => {
    const trace = /\/v2\/traces\/(night-shift-\d+)$/.exec(new URL(request.url()).pathname)?.[1]
    if (trace != null) asked.push(trace)
  })
  await page.goto(`${shop}/annotation-queues/queue-2/work`)
  await expect(page.getByText('End of question 1.')).toBeVisible()
  await expect(page.getByText('End of answer 1.')).toBeVisible()
  expect(asked).not.toContain('night-shift-50')

  const correct = page.getByRole('radiogroup', { name: 'correct' })
  await expect(correct.getByRole('radio', { name: /Yes/ })).toBeFocused()
  await page.keyboard.press('2')
  await expect(correct.getByRole('radio', { name: /No/ })).toBeChecked()

  await page.getByRole('article', { name: 'Trace 50' }).scrollIntoViewIfNeeded()
  await expect(page.getByText('End of answer 50.')).toBeVisible()
  await expect(page.getByRole('article')).toHaveCount(50)
  await page.getByRole('link', { name: 'All traces of the session' }).click()
  await expect(page).toHaveURL(/\/sessions\/night-shift/)
})

test('a person who writes keeps the place where they write', async ({ signedIn: page }) => {
  let answer: () => void = () => undefined
  const held = new Promise<void>((resolve) => { answer = resolve })
  await page.route('**/v3/scores?*', async (route) => {
    await held
    await route.continue()
  })
  await page.goto(`${shop}/annotation-queues/queue-2/work`)
  await page.getByText('Comments', { exact: true }).click()
  const comment = page.getByLabel('New comment')
  await comment.fill('Half a')
  await expect(page.getByRole('radiogroup', { name: 'correct' }).getByRole('radio').first()).toBeDisabled()
  answer()
  await expect(page.getByRole('radiogroup', { name: 'correct' }).getByRole('radio').first()).toBeEnabled()
  await expect(comment).toBeFocused()
})

test('a queue is edited, people assigned, and deleted with its consequences named', async ({ signedIn: page }) => {
  await page.goto(`${shop}/annotation-queues/queue-1`)
  await expect(page.getByText('Grace Hopper')).toBeVisible()
  await page.getByLabel('Assign', { exact: true }).selectOption({ label: 'Ada Lovelace' })
  await expect(page.getByRole('button', { name: 'Unassign Ada Lovelace' })).toBeVisible()
  await page.getByRole('radio', { name: 'Done' }).click()
  await expect(page).toHaveURL(/status=COMPLETED/)
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Delete queue…' }).click()
  await expect(page.getByRole('dialog')).toContainText('not judged yet')
  await page.getByRole('button', { name: 'Cancel' }).click()
})
