import { describe, expect, it } from 'vitest'

import { parseAnsi } from './ansi'
import { LINE_CUT, plainOutput, terminalLines } from './terminal'

describe('terminal output', () => {
  it('keeps colours over line ends', () => {
    const lines = terminalLines('\u001b[31mred\nstill red\u001b[0m\nplain\n')
    expect(lines.map((line) => line.runs[0]?.style.color ?? null)).toEqual([1, 1, null])
    expect(lines.map((line) => line.text)).toEqual(['red', 'still red', 'plain'])
  })

  it('acts on carriage returns, backspaces and erased lines, within the line', () => {
    expect(plainOutput('10%\r50%\r100% done\n')).toBe('100% done')
    expect(plainOutput('long text\rshort')).toBe('shorttext')
    expect(plainOutput('long text\r\u001b[Kshort')).toBe('short')
    expect(plainOutput('ab\b\bxy')).toBe('xy')
    expect(plainOutput('windows\r\nlines\r\n')).toBe('windows\nlines')
  })

  it('leaves out what would move, hide or rename', () => {
    expect(plainOutput('keep\u001b[1A\u001b[2Jthis\u001b]0;title\u0007\u001b[8mhidden?\u001b[0m')).toBe('keepthishidden?')
    expect(plainOutput('\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\')).toBe('click')
    expect(plainOutput('a\u0000erase b')).toBe('a␀erase b')
  })

  it('cuts lines of a megabyte', () => {
    const [line] = terminalLines('x'.repeat(1_000_000))
    expect(line?.text).toHaveLength(LINE_CUT)
    expect(line?.hidden).toBe(1_000_000 - LINE_CUT)
  })

  it('stays fast on hostile text', () => {
    expect(terminalLines('\u001b['.repeat(200_000)).length).toBe(1)
    expect(terminalLines('\r'.repeat(500_000)).length).toBe(1)
    expect(terminalLines('\n'.repeat(100_000)).length).toBe(100_000)
  })
})

describe('colours beyond the sixteen', () => {
  const colour = (codes: string) => parseAnsi(`\u001b[${codes}mx`)[0]?.style.color
  it('become the nearest of them', () => {
    expect([colour('38;5;196'), colour('38;2;0;180;20'), colour('38;5;250'), colour('38;2;40;90;250'), colour('38;5;999')]).toEqual([9, 2, 7, 12, null])
  })
  it('inverse video swaps ground and text', () => {
    expect(parseAnsi('\u001b[7mx')[0]?.style).toMatchObject({ color: null, background: 7 })
  })
})
