// What changed between two texts: whole lines first (Myers' algorithm), then the words inside lines that were replaced.

export type DiffKind = 'same' | 'add' | 'remove'

export interface DiffPart {
  text: string
  changed: boolean
}

export interface DiffLine {
  kind: DiffKind
  /** Line numbers from 1, in the text that has the line. */
  before: number | null
  after: number | null
  parts: DiffPart[]
}

/** Above this many differing lines the middle is shown as removed and added, without looking for what moved. */
const MAX_EDITS = 1500
const MAX_WORDS = 600
/** Longer lines are generated: their words aren't compared. */
const MAX_LINE = 5000

export function diffLines(before: string, after: string): DiffLine[] {
  const left = before === '' ? [] : before.split('\n')
  const right = after === '' ? [] : after.split('\n')
  const lines: DiffLine[] = []
  let at = 0
  let to = 0
  for (const kind of editScript(left, right, MAX_EDITS)) {
    if (kind === 'same') lines.push({ kind, before: at + 1, after: to + 1, parts: whole(left[at] ?? '') })
    else if (kind === 'remove') lines.push({ kind, before: at + 1, after: null, parts: whole(left[at] ?? '') })
    else lines.push({ kind, before: null, after: to + 1, parts: whole(right[to] ?? '') })
    if (kind !== 'add') at += 1
    if (kind !== 'remove') to += 1
  }
  markWords(lines)
  return lines
}

export function countChanges(lines: readonly DiffLine[]): { added: number; removed: number } {
  return { added: lines.filter((line) => line.kind === 'add').length, removed: lines.filter((line) => line.kind === 'remove').length }
}

/** Runs of unchanged lines longer than twice the context become gaps. */
export function withGaps(lines: readonly DiffLine[], context = 3): (DiffLine | { kind: 'gap'; from: number; count: number })[] {
  const near = lines.map(() => false)
  lines.forEach((line, index) => {
    if (line.kind === 'same') return
    for (let near_ = Math.max(0, index - context); near_ <= Math.min(lines.length - 1, index + context); near_ += 1) near[near_] = true
  })
  const shown: (DiffLine | { kind: 'gap'; from: number; count: number })[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]
    if (!line) continue
    if (near[index]) {
      shown.push(line)
      continue
    }
    let end = index
    while (end + 1 < lines.length && !near[end + 1]) end += 1
    // A gap of one line takes as much room as the line.
    if (end === index) shown.push(line)
    else shown.push({ kind: 'gap', from: index, count: end - index + 1 })
    index = end
  }
  return shown
}

function whole(text: string): DiffPart[] {
  return [{ text, changed: false }]
}

/** Myers' greedy algorithm, on what is left after the common beginning and end. */
function editScript(left: readonly string[], right: readonly string[], maxEdits: number): DiffKind[] {
  let head = 0
  while (head < left.length && head < right.length && left[head] === right[head]) head += 1
  let tail = 0
  while (tail < left.length - head && tail < right.length - head && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail += 1
  const a = left.slice(head, left.length - tail)
  const b = right.slice(head, right.length - tail)
  const same = (count: number): DiffKind[] => Array.from({ length: count }, () => 'same')
  return [...same(head), ...middle(a, b, maxEdits), ...same(tail)]
}

function middle(a: readonly string[], b: readonly string[], maxEdits: number): DiffKind[] {
  const replaced = (): DiffKind[] => [...a.map((): DiffKind => 'remove'), ...b.map((): DiffKind => 'add')]
  if (a.length === 0 || b.length === 0) return replaced()
  const limit = Math.min(a.length + b.length, maxEdits)
  const trace: Map<number, number>[] = []
  let reach = new Map<number, number>([[1, 0]])
  for (let edits = 0; edits <= limit; edits += 1) {
    trace.push(reach)
    const next = new Map(reach)
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1))
      let x = down ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1
      let y = x - k
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x += 1
        y += 1
      }
      next.set(k, x)
      if (x >= a.length && y >= b.length) return backtrack(trace, a.length, b.length)
    }
    // Only the diagonals of this round are needed by the next one.
    reach = new Map([...next].filter(([k]) => Math.abs(k) <= edits))
  }
  return replaced()
}

function backtrack(trace: readonly Map<number, number>[], endX: number, endY: number): DiffKind[] {
  const script: DiffKind[] = []
  let x = endX
  let y = endY
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const reach = trace[edits] ?? new Map<number, number>()
    const k = x - y
    const down = k === -edits || (k !== edits && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1))
    const previousK = down ? k + 1 : k - 1
    const previousX = reach.get(previousK) ?? 0
    const previousY = previousX - previousK
    while (x > previousX && y > previousY) {
      script.push('same')
      x -= 1
      y -= 1
    }
    if (edits > 0) script.push(down ? 'add' : 'remove')
    x = previousX
    y = previousY
  }
  return script.reverse()
}

/** A block of removed lines followed by as many added ones: each pair is compared word by word. */
export function markWords(lines: DiffLine[]): void {
  for (let index = 0; index < lines.length; ) {
    if (lines[index]?.kind !== 'remove') {
      index += 1
      continue
    }
    let middleAt = index
    while (lines[middleAt]?.kind === 'remove') middleAt += 1
    let end = middleAt
    while (lines[end]?.kind === 'add') end += 1
    const pairs = Math.min(middleAt - index, end - middleAt)
    for (let pair = 0; pair < pairs; pair += 1) compareWords(lines[index + pair], lines[middleAt + pair])
    index = Math.max(end, index + 1)
  }
}

function compareWords(removed: DiffLine | undefined, added: DiffLine | undefined): void {
  if (!removed || !added) return
  const before = removed.parts[0]?.text ?? ''
  const after = added.parts[0]?.text ?? ''
  if (before.length > MAX_LINE || after.length > MAX_LINE) return
  const left = words(before)
  const right = words(after)
  if (left.length === 0 || right.length === 0 || left.length > MAX_WORDS || right.length > MAX_WORDS) return
  const script = editScript(left, right, MAX_WORDS)
  const kept = script.filter((kind) => kind === 'same').length
  // Lines that have little in common read better whole.
  if (kept * 2 < Math.max(left.length, right.length) * 0.7) return
  removed.parts = gather(script, left, 'add')
  added.parts = gather(script, right, 'remove')
}

function gather(script: readonly DiffKind[], tokens: readonly string[], skipped: DiffKind): DiffPart[] {
  const parts: DiffPart[] = []
  let at = 0
  for (const kind of script) {
    if (kind === skipped) continue
    const changed = kind !== 'same'
    const last = parts.at(-1)
    const token = tokens[at] ?? ''
    if (last?.changed === changed) last.text += token
    else parts.push({ text: token, changed })
    at += 1
  }
  return parts
}

function words(text: string): string[] {
  return text.match(/\w+|\s+|[^\w\s]/g) ?? []
}
