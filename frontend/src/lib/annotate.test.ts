// What is typed for a score config, and what is sent.
import { describe, expect, it } from 'vitest'

import { entryProblem, entryValue, existingEntries, type Config } from './annotate'

const config = (dataType: string, change: Partial<Config> = {}): Config => ({ id: `c-${dataType}`, name: dataType, dataType, minValue: null, maxValue: null, categories: null, ...change })

describe('entryProblem', () => {
  const number = config('NUMERIC', { minValue: 0, maxValue: 1 })
  it.each([['', null], ['0.5', null], ['2', 'At most 1'], ['-1', 'At least 0'], ['x', 'Must be a number']])('%j', (text, expected) => expect(entryProblem(number, text)).toBe(expected))
  it('limits texts', () => expect(entryProblem(config('TEXT'), 'x'.repeat(501))).toBe('At most 500 characters'))
})

it.each([['NUMERIC', ' 0.5 ', 0.5], ['BOOLEAN', '1', 1], ['BOOLEAN', '0', 0], ['CATEGORICAL', 'good', 'good'], ['TEXT', ' a ', 'a']])('%s %j is sent as %j', (type, text, value) => expect(entryValue(config(type), text).value).toBe(value))

it('shows the newest annotation of the very object', () => {
  const score = (id: string, change: object) => ({ id, configId: 'c-NUMERIC', source: 'ANNOTATION', observationId: null, value: 1, comment: null, timestamp: `2026-01-0${id}`, ...change })
  const entries = existingEntries([score('2', { value: 0.7, comment: 'fine' }), score('1', {}), score('3', { observationId: 'o' }), score('4', { source: 'API' }), score('5', { configId: null })], [config('NUMERIC')], null)
  expect([...entries]).toEqual([['c-NUMERIC', { scoreId: '2', value: '0.7', comment: 'fine' }]])
})
