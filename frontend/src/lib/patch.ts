// Reads unified diffs as agents and git write them: with line numbers or without, with git's headers, or in the form of
// `apply_patch`. The result is what a viewer draws: hunks, lines with their words marked, pairs for the split view.
import { markWords, type DiffLine } from './diff'

export interface PatchHunk {
  /** What stands behind the second `@@`: usually the function. */
  section: string
  /** Lines left out before this hunk, when the numbers tell. */
  skipped: number | null
  lines: DiffLine[]
}

export interface Patch {
  hunks: PatchHunk[]
  added: number
  removed: number
  /** Git says only that the files differ. */
  binary: boolean
}

export type PatchLayout = 'unified' | 'split'

export type PatchRow =
  | { kind: 'hunk'; section: string; skipped: number | null }
  | { kind: 'fold'; id: string; count: number }
  | { kind: 'line'; line: DiffLine }
  | { kind: 'pair'; left: DiffLine | null; right: DiffLine | null }

const HUNK = /^@@+(?: -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@)?(.*)$/
const FILE_HEADER = /^(?:diff --git |diff --cc |index [0-9a-f]|similarity index |rename (?:from|to) |copy (?:from|to) |(?:old|new|deleted file|new file) mode |\*\*\* |Index: |={20,}$)/

/** `created`: lines without numbers begin at 1, because the file had none before. */
export function parsePatch(text: string, created = false): Patch {
  const patch: Patch = { hunks: [], added: 0, removed: 0, binary: false }
  const all = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n')
  let hunk: PatchHunk | null = null
  let before: number | null = null
  let after: number | null = null
  /** What the hunk's header promises; null when it promises nothing. */
  let left: { before: number; after: number } | null = null
  let lastBefore = 0

  const begin = (section: string, skipped: number | null): PatchHunk => {
    const next: PatchHunk = { section, skipped, lines: [] }
    patch.hunks.push(next)
    return next
  }

  for (let index = 0; index < all.length; index += 1) {
    const raw = all[index] ?? ''
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    const full: boolean = left != null && left.before <= 0 && left.after <= 0
    const inside: boolean = hunk != null && !full
    const counted: boolean = left != null && !full
    if (!counted) {
      if (/^(?:Binary files .* differ|GIT binary patch)$/.test(line)) {
        patch.binary = true
        hunk = null
        continue
      }
      if (FILE_HEADER.test(line)) {
        hunk = null
        left = null
        continue
      }
      if (line.startsWith('--- ') && (all[index + 1] ?? '').startsWith('+++ ')) {
        hunk = null
        left = null
        lastBefore = 0
        index += 1
        continue
      }
    }
    const head: RegExpExecArray | null = !counted && line.startsWith('@@') ? HUNK.exec(line) : null
    if (head) {
      before = head[1] == null ? (created ? 1 : null) : Number(head[1])
      after = head[3] == null ? (created ? 1 : null) : Number(head[3])
      left = head[1] == null ? null : { before: Number(head[2] ?? 1), after: Number(head[4] ?? 1) }
      hunk = begin((head[5] ?? '').trim(), head[1] == null || before == null ? null : Math.max(0, before - lastBefore - 1))
      continue
    }
    if (line.startsWith('\\')) continue
    const sign = line.charAt(0)
    if (!inside) {
      if (full || (sign !== '+' && sign !== '-' && sign !== ' ')) continue
      before = after = created ? 1 : null
      left = null
      hunk = begin('', null)
    }
    if (!hunk) continue
    const parts = [{ text: line.slice(1), changed: false }]
    if (sign === '+') {
      hunk.lines.push({ kind: 'add', before: null, after, parts })
      patch.added += 1
    } else if (sign === '-') {
      hunk.lines.push({ kind: 'remove', before, after: null, parts })
      patch.removed += 1
    } else hunk.lines.push({ kind: 'same', before, after, parts: sign === ' ' ? parts : [{ text: line, changed: false }] })
    if (sign !== '+') {
      if (before != null) lastBefore = before
      before = before == null ? null : before + 1
      if (left) left.before -= 1
    }
    if (sign !== '-') {
      after = after == null ? null : after + 1
      if (left) left.after -= 1
    }
  }
  patch.hunks = patch.hunks.filter((entry) => entry.lines.length > 0)
  for (const entry of patch.hunks) markWords(entry.lines)
  return patch
}

/** Removed lines beside the added ones that took their place. */
export function pairLines(lines: readonly DiffLine[]): { left: DiffLine | null; right: DiffLine | null }[] {
  const pairs: { left: DiffLine | null; right: DiffLine | null }[] = []
  for (let index = 0; index < lines.length; ) {
    const line = lines[index]
    if (!line) break
    if (line.kind === 'same') {
      pairs.push({ left: line, right: line })
      index += 1
      continue
    }
    const gone: DiffLine[] = []
    const come: DiffLine[] = []
    for (let next = lines[index]; next?.kind === 'remove'; index += 1, next = lines[index]) gone.push(next)
    for (let next = lines[index]; next?.kind === 'add'; index += 1, next = lines[index]) come.push(next)
    for (let at = 0; at < Math.max(gone.length, come.length); at += 1) pairs.push({ left: gone[at] ?? null, right: come[at] ?? null })
  }
  return pairs
}

const CONTEXT = 3

/** The rows a viewer draws. Long stretches of unchanged lines are folded unless `opened` names them. */
export function patchRows(patch: Patch, layout: PatchLayout, opened: ReadonlySet<string>): PatchRow[] {
  const rows: PatchRow[] = []
  patch.hunks.forEach((hunk, at) => {
    if (hunk.section !== '' || (hunk.skipped ?? 0) > 0 || (at > 0 && hunk.skipped == null)) rows.push({ kind: 'hunk', section: hunk.section, skipped: hunk.skipped })
    for (const piece of folded(hunk.lines)) {
      const id = `${at}.${piece.from}`
      if (piece.fold && !opened.has(id)) {
        rows.push({ kind: 'fold', id, count: piece.lines.length })
        continue
      }
      if (layout === 'unified') for (const line of piece.lines) rows.push({ kind: 'line', line })
      else for (const pair of pairLines(piece.lines)) rows.push({ kind: 'pair', ...pair })
    }
  })
  return rows
}

/** Cuts lines into changed stretches with their surroundings, and unchanged ones that are worth folding. */
function folded(lines: readonly DiffLine[]): { from: number; fold: boolean; lines: DiffLine[] }[] {
  const near = new Uint8Array(lines.length)
  lines.forEach((line, index) => {
    if (line.kind !== 'same') near.fill(1, Math.max(0, index - CONTEXT), Math.min(lines.length, index + CONTEXT + 1))
  })
  const pieces: { from: number; fold: boolean; lines: DiffLine[] }[] = []
  for (let from = 0; from < lines.length; ) {
    let end = from + 1
    while (end < lines.length && near[end] === near[from]) end += 1
    pieces.push({ from, fold: near[from] === 0 && end - from > 2, lines: lines.slice(from, end) })
    from = end
  }
  return pieces
}
