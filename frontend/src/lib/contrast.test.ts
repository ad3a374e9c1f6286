// Holds the design tokens to WCAG AA: every text colour on every ground it is used on, in both themes.
import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('../ui/styles/tokens.css', import.meta.url), 'utf8')
const tokens = new Map([...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [name, { light, dark }]))

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

function hex(name: string, theme: 'light' | 'dark'): string {
  const value = name.startsWith('#') ? name : tokens.get(name)?.[theme]
  if (value == null) throw new Error(`no token --${name}`)
  return value
}

const grounds = ['canvas', 'surface', 'raised', 'sunken', 'hover', 'hover-raised', 'selected']
const colours = ['text', 'text-2', 'text-3', 'accent', 'red', 'amber', 'green']
const own = [...tokens.keys()].filter((name) => name != null && /^(type|syntax)-/.test(name)) as string[]
const pairs: [string, string, number][] = [
  ...colours.flatMap((colour) => grounds.map((ground): [string, string, number] => [colour, ground, 4.5])),
  ...own.flatMap((colour) => ['surface', 'sunken', 'hover', 'selected'].map((ground): [string, string, number] => [colour, ground, 4.5])),
  ['#ffffff', 'accent-solid', 4.5],
  ['#ffffff', 'accent-hover', 4.5],
  ['#ffffff', 'red-solid', 4.5],
  ['red', 'red-soft', 4.5],
  ['amber', 'amber-soft', 4.5],
  ['green', 'green-soft', 4.5],
  ['accent', 'accent-soft', 4.5],
  ['text', 'mark', 4.5],
  ['text', 'mark-current', 4.5],
  ['border-field', 'surface', 3],
  ['focus', 'surface', 3],
  ['focus', 'canvas', 3],
]

describe.each(['light', 'dark'] as const)('contrast in the %s theme', (theme) => {
  it.each(pairs)('%s on %s is at least %s', (colour, ground, least) => {
    expect(contrast(hex(colour, theme), hex(ground, theme))).toBeGreaterThanOrEqual(least)
  })
})
