// Reads terminal colour codes (SGR) out of a text, so that tool output looks as it did in the terminal. Other escape
// sequences are dropped; nothing here can do more than choose one of 16 colours, bold, dim, italic or underline. Colours of the
// palettes of 256 and of 16 million become the nearest of the 16, so that they stay readable in both themes; hidden text stays seen.

export interface AnsiStyle {
  color: number | null
  background: number | null
  bold: boolean
  dim: boolean
  italic: boolean
  underline: boolean
}

export interface AnsiRun {
  text: string
  style: AnsiStyle
}

const PLAIN: AnsiStyle = { color: null, background: null, bold: false, dim: false, italic: false, underline: false }

export function hasAnsi(text: string): boolean {
  return text.includes('\u001b[')
}

/** `start` is the style that an earlier line left behind. */
export function parseAnsi(text: string, start: AnsiStyle = PLAIN): AnsiRun[] {
  const runs: AnsiRun[] = []
  let style = start
  let last = 0
  // CSI … final byte, or OSC … terminator. Both parts are bounded, so hostile text costs linear time.
  // eslint-disable-next-line no-control-regex
  const sequence = /\u001b(?:\[([0-9;:?]{0,64})[ -/]{0,4}([@-~])|\][^\u0007\u001b]{0,2048}(?:\u0007|\u001b\\))/g
  for (let match = sequence.exec(text); match; match = sequence.exec(text)) {
    if (match.index > last) runs.push({ text: text.slice(last, match.index), style })
    if (match[2] === 'm') style = applyCodes(style, match[1] ?? '')
    last = sequence.lastIndex
  }
  // The last style is told even when no text follows it: it goes on in the next line.
  if (last < text.length || style !== (runs.at(-1)?.style ?? start)) runs.push({ text: text.slice(last), style })
  return runs
}

function applyCodes(style: AnsiStyle, codes: string): AnsiStyle {
  const list = codes === '' ? [0] : codes.split(/[;:]/).map(Number)
  let next = style
  for (let index = 0; index < list.length; index += 1) {
    const code = list[index] ?? 0
    if (code === 0) next = PLAIN
    else if (code === 1) next = { ...next, bold: true }
    else if (code === 2) next = { ...next, dim: true }
    else if (code === 3) next = { ...next, italic: true }
    else if (code === 4) next = { ...next, underline: true }
    else if (code === 22) next = { ...next, bold: false, dim: false }
    else if (code === 23) next = { ...next, italic: false }
    else if (code === 24) next = { ...next, underline: false }
    else if (code >= 30 && code <= 37) next = { ...next, color: code - 30 }
    else if (code >= 90 && code <= 97) next = { ...next, color: code - 82 }
    else if (code === 39) next = { ...next, color: null }
    else if (code >= 40 && code <= 47) next = { ...next, background: code - 40 }
    else if (code >= 100 && code <= 107) next = { ...next, background: code - 92 }
    else if (code === 49) next = { ...next, background: null }
    else if (code === 38 || code === 48) {
      const indexed = list[index + 1] === 5
      const direct = list[index + 1] === 2
      const value = indexed ? ofPalette(list[index + 2]) : direct ? nearest(list[index + 2] ?? 0, list[index + 3] ?? 0, list[index + 4] ?? 0) : null
      if (value != null) next = code === 38 ? { ...next, color: value } : { ...next, background: value }
      index += indexed ? 2 : direct ? 4 : 0
    } else if (code === 7) next = { ...next, color: next.background, background: next.color ?? 7 }
    else if (code === 27) next = { ...next, color: next.background, background: null }
  }
  return next
}

/** The 16 colours, a cube of 6 by 6 by 6, and 24 greys. */
function ofPalette(index: number | undefined): number | null {
  if (index == null || !(index >= 0 && index < 256)) return null
  if (index < 16) return index
  if (index >= 232) return index < 244 ? 8 : 7
  const at = index - 16
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40)
  return nearest(level(Math.floor(at / 36)), level(Math.floor(at / 6) % 6), level(at % 6))
}

/** By hue: which of red, green and blue are strong. */
function nearest(red: number, green: number, blue: number): number {
  const most = Math.max(red, green, blue)
  const least = Math.min(red, green, blue)
  if (most - least < 40) return most > 150 ? 7 : most > 60 ? 8 : 0
  const strong = (value: number) => value - least > (most - least) * 0.55
  const colour = (strong(red) ? 1 : 0) + (strong(green) ? 2 : 0) + (strong(blue) ? 4 : 0)
  return most > 200 ? colour + 8 : colour
}
