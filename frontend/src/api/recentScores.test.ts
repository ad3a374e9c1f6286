import { expect, test } from 'vitest'

import type { NewScore } from './operations'
import { RecentScores } from './recentScores'
import type { Score } from './types'

const given = (change: Partial<NewScore> = {}): NewScore => ({ traceId: 't1', name: 'helpfulness', value: 0.8, dataType: 'NUMERIC', ...change })
const read = (id: string, value: number): Score => ({ id, name: 'helpfulness', value, stringValue: null, dataType: 'NUMERIC', source: 'API', comment: null, observationId: null, timestamp: '2026-01-01T00:00:00.000Z', configId: null })

test('a saved score is there before a read tells it, and once when it does', () => {
  const recent = new RecentScores()
  recent.save('p1', 's1', given())

  expect(recent.ofTrace('p1', 't1', [])).toMatchObject([{ id: 's1', value: 0.8, source: 'API' }])
  expect(recent.ofTrace('p1', 't1', [read('s0', 1), read('s1', 0.8)]).map((score) => score.id)).toEqual(['s0', 's1'])
})

test('an answer of before a change does not undo it', () => {
  const recent = new RecentScores()
  recent.save('p1', 's1', given({ value: 0.9 }))

  expect(recent.ofTrace('p1', 't1', [read('s1', 0.7)])).toMatchObject([{ id: 's1', value: 0.9 }])
})

test('a deleted score stays away, even one that was just saved', () => {
  const recent = new RecentScores()
  recent.save('p1', 's1', given())
  recent.delete('p1', 's1')

  expect(recent.ofTrace('p1', 't1', [read('s1', 0.8), read('s2', 1)]).map((score) => score.id)).toEqual(['s2'])
  expect(recent.without('p1', [{ id: 's1' }, { id: 's2' }])).toEqual([{ id: 's2' }])
})

test('another trace, session and project see nothing of it', () => {
  const recent = new RecentScores()
  recent.save('p1', 's1', given())
  recent.save('p1', 's2', given({ traceId: undefined, sessionId: 'chat' }))
  recent.delete('p1', 's3')

  expect(recent.ofTrace('p1', 't2', [])).toEqual([])
  expect(recent.ofTrace('p2', 't1', [read('s3', 1)])).toHaveLength(1)
  expect(recent.ofSession('p1', 'chat').map((score) => score.id)).toEqual(['s2'])
  expect(recent.ofSession('p2', 'chat')).toEqual([])
})

test('after a minute the reads alone count', () => {
  let now = 1_000_000
  const recent = new RecentScores(() => now)
  recent.save('p1', 's1', given())
  recent.delete('p1', 's2')
  now += 60_001

  expect(recent.ofTrace('p1', 't1', [read('s2', 1)]).map((score) => score.id)).toEqual(['s2'])
})

test('a category is a text, a yes is a number with its word', () => {
  const recent = new RecentScores()
  recent.save('p1', 's1', given({ dataType: 'CATEGORICAL', value: 'friendly' }))
  recent.save('p1', 's2', given({ dataType: 'BOOLEAN', value: 1 }))

  expect(recent.ofTrace('p1', 't1', [])).toMatchObject([{ value: null, stringValue: 'friendly' }, { value: 1, stringValue: 'True' }])
})
