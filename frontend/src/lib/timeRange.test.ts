// Behaviour of the time range's URL form.
import { describe, expect, it } from 'vitest'

import { parseRange, rangeBounds, rangeText } from './timeRange'

describe('parseRange', () => {
  it.each([
    ['24h', '24h'],
    [undefined, '7d'],
    ['nonsense', '7d'],
    ['2026-01-02T00:00:00Z_2026-01-01T00:00:00Z', '7d'],
    ['2026-01-01T00:00:00Z_2026-01-02T00:00:00Z', '2026-01-01T00:00:00.000Z_2026-01-02T00:00:00.000Z'],
  ])('%s reads as %s', (text, expected) => {
    expect(rangeText(parseRange(text))).toBe(expected)
  })
  it('gives a sliding lower bound for presets and both bounds for fixed times', () => {
    expect(rangeBounds(parseRange('1h'), Date.parse('2026-01-01T01:00:00Z'))).toEqual({ fromTimestamp: '2026-01-01T00:00:00.000Z' })
    expect(rangeBounds(parseRange('2026-01-01T00:00:00Z_2026-01-02T00:00:00Z'), 0)).toEqual({ fromTimestamp: '2026-01-01T00:00:00.000Z', toTimestamp: '2026-01-02T00:00:00.000Z' })
  })
})
