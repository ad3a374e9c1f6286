import { expect, test } from 'vitest'

import { eventLabel } from './events'

test('events are called as on GitHub’s settings page, and unknown ones by their names', () => {
  expect(['push', 'pull_request', 'workflow_run', 'workflow_job'].map(eventLabel)).toEqual(['Pushes', 'Pull requests', 'Workflow runs', 'Workflow jobs'])
  expect(eventLabel('check_suite')).toBe('check_suite')
  expect(eventLabel('')).toBe('')
})
