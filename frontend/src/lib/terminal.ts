// What a program's output looked like on a terminal: colours kept, carriage returns and backspaces acted on within their line,
// everything else that steers a terminal left out. Text can change its look here, never its place beyond the line.
import { parseAnsi, type AnsiRun, type AnsiStyle } from './ansi'

export interface TerminalLine {
  runs: AnsiRun[]
  /** The line as plain text, for search and copying. */
  text: string
  /** Characters left out behind the cut. */
  hidden: number
}

/** Characters of one line that are drawn. */
export const LINE_CUT = 4000

const ERASE_LINE = '\u0000erase'

export function terminalLines(output: string): TerminalLine[] {
  const text = output.endsWith('\n') ? output.slice(0, -1) : output
  // Erasing to the line's end is the one cursor command that progress bars need: kept through parsing as a mark of its own.
  const clean = text.replaceAll('\u0000', '\u2400')
  // eslint-disable-next-line no-control-regex
  const marked = clean.includes('\u001b[') ? clean.replace(/\u001b\[[0-2]?K/g, ERASE_LINE) : clean
  const lines: TerminalLine[] = []
  let style: AnsiStyle | null = null
  for (const raw of marked.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    const cut = line.length > LINE_CUT * 4 ? line.slice(0, LINE_CUT * 4) : line
    const parsed = parseAnsi(cut, style ?? undefined)
    style = parsed.at(-1)?.style ?? style
    lines.push(finish(parsed.filter((run) => run.text !== ''), line.length - cut.length))
  }
  return lines
}

function finish(runs: AnsiRun[], beyond: number): TerminalLine {
  const settled = runs.some(({ text }) => text.includes('\r') || text.includes('\b') || text.includes(ERASE_LINE)) ? overwrite(runs) : runs
  const kept: AnsiRun[] = []
  let length = 0
  let hidden = beyond
  for (const run of settled) {
    const room = LINE_CUT - length
    if (run.text.length > room) hidden += run.text.length - Math.max(0, room)
    if (room <= 0) continue
    kept.push({ ...run, text: run.text.slice(0, room) })
    length += Math.min(room, run.text.length)
  }
  return { runs: kept, text: kept.map((run) => run.text).join(''), hidden }
}

/** Writes the runs into cells, as a terminal does when the cursor goes back. */
function overwrite(runs: readonly AnsiRun[]): AnsiRun[] {
  const cells: { char: string; style: AnsiStyle }[] = []
  let at = 0
  for (const { text, style } of runs) {
    for (let index = 0; index < text.length; ) {
      if (text.startsWith(ERASE_LINE, index)) {
        cells.length = Math.min(cells.length, at)
        index += ERASE_LINE.length
        continue
      }
      const char = String.fromCodePoint(text.codePointAt(index) ?? 0)
      index += char.length
      if (char === '\r') at = 0
      else if (char === '\b') at = Math.max(0, at - 1)
      else {
        cells[at] = { char, style }
        at += 1
      }
    }
  }
  const merged: AnsiRun[] = []
  for (const cell of cells) {
    const last = merged.at(-1)
    if (last?.style === cell.style) last.text += cell.char
    else merged.push({ text: cell.char, style: cell.style })
  }
  return merged
}

/** The output as text alone. */
export function plainOutput(output: string): string {
  return terminalLines(output).map((line) => line.text).join('\n')
}
