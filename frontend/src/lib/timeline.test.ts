// Behaviour of the waterfall's geometry.
import { describe, expect, it } from 'vitest'

import { barOf, extentOf, heatOf, niceStep, pan, ticksOf, zoom } from './timeline'

const at = (ms: number) => new Date(ms).toISOString()

describe('extentOf', () => {
  it('covers all spans and ignores unreadable ones', () => {
    expect(extentOf([{ startTime: at(100), endTime: at(300) }, { startTime: 'x', endTime: null }, { startTime: at(50), endTime: null }])).toEqual({ start: 50, end: 300 })
  })
  it('is never empty, and an end before the start does not turn it round', () => {
    expect(extentOf([])).toEqual({ start: 0, end: 1 })
    expect(extentOf([{ startTime: at(100), endTime: at(20) }])).toEqual({ start: 100, end: 101 })
  })
  it('lets a running span reach to now', () => {
    expect(extentOf([{ startTime: at(100), endTime: null }], 900)).toEqual({ start: 100, end: 900 })
  })
})

describe('barOf', () => {
  const window = { start: 1000, end: 2000 }
  it('places a bar and its first token', () => {
    expect(barOf({ startTime: at(1100), endTime: at(1600), completionStartTime: at(1300) }, window)).toEqual({
      left: 0.1, width: 0.5, firstToken: 0.3, clippedLeft: false, clippedRight: false,
    })
  })
  it('clips to the window and leaves out what lies outside', () => {
    expect(barOf({ startTime: at(0), endTime: at(5000) }, window)).toMatchObject({ left: 0, width: 1, clippedLeft: true, clippedRight: true })
    expect(barOf({ startTime: at(0), endTime: at(500) }, window)).toBeNull()
  })
})

describe('ticksOf and niceStep', () => {
  it.each([[0.3, 0.5], [7, 10], [120, 200], [1100, 2000], [40_000, 60_000], [100_000_000, 172_800_000]])('%s ms wants a step of %s ms', (wanted, step) => {
    expect(niceStep(wanted)).toBeCloseTo(step)
  })
  it('lists round offsets inside the window', () => {
    expect(ticksOf({ start: 1000, end: 3500 }, 0, 5)).toEqual([1000, 1500, 2000, 2500, 3000, 3500])
  })
})

describe('zoom and pan', () => {
  const limits = { start: 0, end: 1000 }
  it('keeps the point under the pointer', () => {
    expect(zoom(limits, 0.5, 0.25, limits)).toEqual({ start: 125, end: 625 })
  })
  it('never leaves the trace', () => {
    expect(zoom({ start: 0, end: 100 }, 100, 0.5, limits)).toEqual(limits)
    expect(pan({ start: 900, end: 1000 }, 500, limits)).toEqual({ start: 900, end: 1000 })
  })
})

describe('heatOf', () => {
  it.each([[null, 10, 0], [1, 0, 0], [1, 10, 0], [3, 10, 1], [5, 10, 2], [9, 10, 3]] as const)('%s of %s is %s', (part, whole, heat) => {
    expect(heatOf(part, whole)).toBe(heat)
  })
})
