// Behaviour of the number, money and time writers.
import { describe, expect, it } from 'vitest'

import { formatAgo, formatBytes, formatCompact, formatCost, formatDuration } from './format'

describe('formatCost', () => {
  it.each([
    [null, '–'],
    [Number.NaN, '–'],
    [0, '$0.00'],
    [0.000_000_15, '$0.000000150'],
    [0.001234, '$0.00123'],
    [0.0421, '$0.0421'],
    [1.5, '$1.50'],
    [12345.678, '$12,345.68'],
    [-0.5, '-$0.5000'],
    [1e-15, '<$0.000000001'],
  ])('%s is %s', (value, expected) => expect(formatCost(value)).toBe(expected))
})

describe('formatDuration', () => {
  it.each([
    [null, '–'],
    [0, '0 ms'],
    [0.0004, '0.4 ms'],
    [0.32, '320 ms'],
    [0.9996, '1.00 s'],
    [2.414, '2.41 s'],
    [59.96, '1m 00s'],
    [65, '1m 05s'],
    [7380, '2h 03m'],
    [273_600, '3d 4h'],
    [-2, '-2.00 s'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('%s is %s', (value, expected) => expect(formatDuration(value)).toBe(expected))
})

describe('formatCompact', () => {
  it.each([[0, '0'], [999, '999'], [1000, '1k'], [1234, '1.2k'], [999_499, '999k'], [999_600, '1M'], [34_000_000, '34M'], [2 ** 63, '9.2e+18'], [null, '–']])(
    '%s is %s',
    (value, expected) => expect(formatCompact(value)).toBe(expected),
  )
})

describe('formatBytes and formatAgo', () => {
  it('scales bytes', () => {
    expect([512, 1500, 20_000, 5_000_000].map(formatBytes)).toEqual(['512 B', '1.5 KB', '20 KB', '5.0 MB'])
  })
  it('says how long ago', () => {
    const now = Date.parse('2026-03-01T12:00:00Z')
    expect(formatAgo('2026-03-01T11:59:50Z', now)).toBe('just now')
    expect(formatAgo('2026-03-01T11:00:00Z', now)).toBe('1 h ago')
    expect(formatAgo('no date', now)).toBe('–')
  })
})
