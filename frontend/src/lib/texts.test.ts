// Behaviour of what stands between hostile text and the screen: invisible characters, terminal codes, CSV cells.
import { describe, expect, it } from 'vitest'

import { parseAnsi } from './ansi'
import { csvCell, toCsv } from './csv'
import { visibleLine, visibleText } from './visibleText'

describe('visibleText', () => {
  it.each([
    ['plain text, ünïcode, 日本語, 👩‍👩‍👧 stay', 'plain text, ünïcode, 日本語, 👩‍👩‍👧 stay'],
    ['a\u202Eb', 'a⟨U+202E⟩b'],
    ['zero\u200Bwidth', 'zero⟨U+200B⟩width'],
    ['\u001b[31mred', '␛[31mred'],
    ['nul\u0000', 'nul␀'],
    ['tag\u{E0041}', 'tag⟨U+E0041⟩'],
    ['half \uD83D emoji', 'half ⟨U+D83D⟩ emoji'],
    ['line\r\nline\ttab\u0007', 'line\nline\ttab␇'],
  ])('%j', (input, expected) => expect(visibleText(input)).toBe(expected))
  it('is one line for titles', () => expect(visibleLine('a\n\tb')).toBe('a b'))
})

describe('parseAnsi', () => {
  it('keeps colours and drops the rest', () => {
    const runs = parseAnsi('\u001b[1;31mbad\u001b[0m ok\u001b[2J\u001b]8;;https://evil.example\u0007link')
    expect(runs.map((run) => [run.text, run.style.color, run.style.bold])).toEqual([['bad', 1, true], [' ok', null, false], ['link', null, false]])
  })
  it('reads indexed and bright colours', () => {
    expect(parseAnsi('\u001b[38;5;9ma\u001b[38;2;1;2;3mb\u001b[92mc').map((run) => run.style.color)).toEqual([9, 0, 10])
  })
})

describe('csv', () => {
  it.each([['=1+1', "'=1+1"], ['+1', "'+1"], ['-1', "'-1"], ['@a', "'@a"], ['\ta', "'\ta"], ['\ra', '"\'\ra"'], ['a"b', '"a""b"'], ['a,b', '"a,b"'], [-1, '-1'], [null, ''], [['=x'], '"[""=x""]"']])(
    '%j is %j',
    (value, expected) => expect(csvCell(value)).toBe(expected),
  )
  it('joins rows', () => expect(toCsv(['a', 'b'], [[1, 'x']])).toBe('a,b\r\n1,x\r\n'))
})
