// Reads terminal colour codes (SGR) out of a text, so that tool output looks as it did in the terminal. Other escape
// sequences are dropped; nothing here can do more than choose one of 16 colours, bold, dim, italic or underline.

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

export function parseAnsi(text: string): AnsiRun[] {
  const runs: AnsiRun[] = []
  let style = PLAIN
  let last = 0
  // CSI … final byte, or OSC … terminator. Both parts are bounded, so hostile text costs linear time.
  // eslint-disable-next-line no-control-regex
  const sequence = /\u001b(?:\[([0-9;:?]{0,64})[ -/]{0,4}([@-~])|\][^\u0007\u001b]{0,2048}(?:\u0007|\u001b\\))/g
  for (let match = sequence.exec(text); match; match = sequence.exec(text)) {
    if (match.index > last) runs.push({ text: text.slice(last, match.index), style })
    if (match[2] === 'm') style = applyCodes(style, match[1] ?? '')
    last = sequence.lastIndex
  }
  if (last < text.length) runs.push({ text: text.slice(last), style })
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
      const value = list[index + 2]
      if (indexed && value != null && value < 16) next = code === 38 ? { ...next, color: value } : { ...next, background: value }
      index += indexed ? 2 : list[index + 1] === 2 ? 4 : 0
    }
  }
  return next
}
