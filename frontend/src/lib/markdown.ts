// A safe subset of Markdown, read into plain data that ui/Markdown turns into React elements. HTML is text, images are
// never loaded, and only http and https links are links. Parsing is a single pass per line and per inline run: no regular
// expression here can backtrack over more than one line's worth of text.

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'em' | 'strike'; children: Inline[] }
  | { kind: 'link'; href: string; children: Inline[] }
  | { kind: 'image'; alt: string; href: string }

export type Block =
  | { kind: 'paragraph'; lines: Inline[][] }
  | { kind: 'heading'; level: number; children: Inline[] }
  | { kind: 'code'; language: string; text: string }
  | { kind: 'quote'; text: string }
  | { kind: 'list'; ordered: boolean; start: number; items: { depth: number; checked: boolean | null; children: Inline[] }[] }
  | { kind: 'table'; header: Inline[][]; rows: Inline[][][] }
  | { kind: 'rule' }

const LIST_ITEM = /^( {0,12})([-*+]|\d{1,9}[.)])[ \t]+(.*)$/

export function parseMarkdown(text: string): Block[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const blocks: Block[] = []
  let index = 0
  while (index < lines.length) {
    const line = lines[index] ?? ''
    if (line.trim() === '') {
      index += 1
      continue
    }
    const fence = /^ {0,3}(`{3,}|~{3,})[ \t]*([^`\s]{0,40})/.exec(line)
    if (fence?.[1]) {
      const [body, next] = readFence(lines, index + 1, fence[1])
      blocks.push({ kind: 'code', language: (fence[2] ?? '').toLowerCase(), text: body })
      index = next
      continue
    }
    const heading = /^ {0,3}(#{1,6})[ \t]+(.*)$/.exec(line)
    if (heading?.[1]) {
      blocks.push({ kind: 'heading', level: heading[1].length, children: parseInline((heading[2] ?? '').replace(/[ \t]+#+[ \t]*$/, '')) })
      index += 1
      continue
    }
    if (/^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/.test(line)) {
      blocks.push({ kind: 'rule' })
      index += 1
      continue
    }
    if (/^ {0,3}>/.test(line)) {
      const start = index
      while (index < lines.length && /^ {0,3}>/.test(lines[index] ?? '')) index += 1
      blocks.push({ kind: 'quote', text: lines.slice(start, index).map((entry) => entry.replace(/^ {0,3}> ?/, '')).join('\n') })
      continue
    }
    if (LIST_ITEM.test(line)) {
      const [list, next] = readList(lines, index)
      blocks.push(list)
      index = next
      continue
    }
    const table = readTable(lines, index)
    if (table) {
      blocks.push(table[0])
      index = table[1]
      continue
    }
    const start = index
    index += 1
    while (index < lines.length && !endsParagraph(lines[index] ?? '')) index += 1
    blocks.push({ kind: 'paragraph', lines: lines.slice(start, index).map((entry) => parseInline(entry)) })
  }
  return blocks
}

function endsParagraph(line: string): boolean {
  return line.trim() === '' || /^ {0,3}(?:`{3}|~{3}|#{1,6}[ \t]|>)/.test(line) || LIST_ITEM.test(line)
}

function readFence(lines: string[], start: number, mark: string): [string, number] {
  for (let index = start; index < lines.length; index += 1) {
    const line = (lines[index] ?? '').trim()
    if (line.length >= mark.length && line.startsWith(mark) && line === mark.charAt(0).repeat(line.length)) {
      return [lines.slice(start, index).join('\n'), index + 1]
    }
  }
  return [lines.slice(start).join('\n'), lines.length]
}

function readList(lines: string[], start: number): [Block, number] {
  const items: { depth: number; checked: boolean | null; children: Inline[] }[] = []
  const first = LIST_ITEM.exec(lines[start] ?? '')
  const ordered = /^\d/.test(first?.[2] ?? '')
  const raw: { depth: number; checked: boolean | null; text: string }[] = []
  let index = start
  while (index < lines.length) {
    const line = lines[index] ?? ''
    const match = LIST_ITEM.exec(line)
    if (match) {
      const depth = Math.min(4, Math.floor((match[1] ?? '').length / 2))
      if (depth === 0 && /^\d/.test(match[2] ?? '') !== ordered) break
      const box = /^\[([ xX])\][ \t]+/.exec(match[3] ?? '')
      raw.push({ depth, checked: box ? box[1] !== ' ' : null, text: (match[3] ?? '').slice(box?.[0].length ?? 0) })
    } else {
      const last = raw.at(-1)
      if (!last || line.trim() === '' || !/^ {2,}\S/.test(line) || /^ *(`{3}|~{3})/.test(line)) break
      last.text += ` ${line.trim()}`
    }
    index += 1
  }
  for (const { text, ...item } of raw) items.push({ ...item, children: parseInline(text) })
  return [{ kind: 'list', ordered, start: Number.parseInt(first?.[2] ?? '1', 10) || 1, items }, index]
}

function readTable(lines: string[], start: number): [Block, number] | null {
  const head = lines[start] ?? ''
  const rule = lines[start + 1] ?? ''
  if (!head.includes('|') || !rule.includes('-') || !/^[ \t|:-]+$/.test(rule) || !rule.includes('|')) return null
  let index = start + 2
  while (index < lines.length && (lines[index] ?? '').includes('|')) index += 1
  const cells = (line: string) => line.trim().replace(/^\|/, '').replace(/\|$/, '').split('|').map((cell) => parseInline(cell.trim()))
  return [{ kind: 'table', header: cells(head), rows: lines.slice(start + 2, index).map(cells) }, index]
}

/** Bold, italic, strike, code, links, images, bare addresses. Unclosed marks are text. */
export function parseInline(text: string, depth = 0): Inline[] {
  const out: Inline[] = []
  let plain = ''
  const flush = () => {
    if (plain) out.push({ kind: 'text', text: plain })
    plain = ''
  }
  let index = 0
  // A mark without a partner is looked for once only: this keeps `******…` linear.
  const unclosed = new Set<string>()
  while (index < text.length) {
    const found = depth > 4 ? null : readInlineAt(text, index, depth, unclosed)
    if (found) {
      flush()
      out.push(found.node)
      index = found.next
    } else if (text.charAt(index) === '\\' && /[!-/:-@[-`{-~]/.test(text.charAt(index + 1))) {
      plain += text.charAt(index + 1)
      index += 2
    } else {
      plain += text.charAt(index)
      index += 1
    }
  }
  flush()
  return out
}

function readInlineAt(text: string, at: number, depth: number, unclosed: Set<string>): { node: Inline; next: number } | null {
  const char = text.charAt(at)
  if (char === '`') {
    let size = 1
    while (text.charAt(at + size) === '`') size += 1
    const mark = '`'.repeat(size)
    const end = close(text, mark, at + size, unclosed)
    return end < 0 ? null : { node: { kind: 'code', text: text.slice(at + size, end) }, next: end + size }
  }
  if (char === '*' || char === '_' || char === '~') return readEmphasis(text, at, char, depth, unclosed)
  if (char === '[' || (char === '!' && text.charAt(at + 1) === '[')) return readLink(text, at, depth, unclosed)
  if (char === 'h' && (text.startsWith('http://', at) || text.startsWith('https://', at)) && !/\w/.test(text.charAt(at - 1))) {
    const raw = /^[^\s<>"'`]{1,2048}/.exec(text.slice(at, at + 2048))?.[0].replace(/[.,;:!?)\]}*_]+$/, '') ?? ''
    const href = safeHref(raw)
    return href == null ? null : { node: { kind: 'link', href, children: [{ kind: 'text', text: raw }] }, next: at + raw.length }
  }
  return null
}

function readEmphasis(text: string, at: number, char: string, depth: number, unclosed: Set<string>): { node: Inline; next: number } | null {
  const double = text.charAt(at + 1) === char
  if (char === '~' && !double) return null
  const mark = double ? char + char : char
  const inner = at + mark.length
  if (inner >= text.length || /\s/.test(text.charAt(inner))) return null
  if (char === '_' && /\w/.test(text.charAt(at - 1))) return null
  const end = close(text, mark, inner, unclosed)
  if (end <= inner || /\s/.test(text.charAt(end - 1)) || (char === '_' && /\w/.test(text.charAt(end + mark.length)))) return null
  const kind = char === '~' ? 'strike' : double ? 'strong' : 'em'
  return { node: { kind, children: parseInline(text.slice(inner, end), depth + 1) }, next: end + mark.length }
}

function readLink(text: string, at: number, depth: number, unclosed: Set<string>): { node: Inline; next: number } | null {
  const image = text.charAt(at) === '!'
  const open = at + (image ? 2 : 1)
  const middle = close(text, '](', open, unclosed)
  if (middle < 0 || middle - open > 1000) return null
  const end = close(text, ')', middle + 2, unclosed)
  if (end < 0 || end - middle > 2048) return null
  const label = text.slice(open, middle)
  const target = text.slice(middle + 2, end).trim().split(/\s/)[0] ?? ''
  if (image) return { node: { kind: 'image', alt: label, href: target }, next: end + 1 }
  const href = safeHref(target)
  if (href == null) return { node: { kind: 'text', text: text.slice(at, end + 1) }, next: end + 1 }
  return { node: { kind: 'link', href, children: parseInline(label, depth + 1) }, next: end + 1 }
}

function close(text: string, mark: string, from: number, unclosed: Set<string>): number {
  if (unclosed.has(mark)) return -1
  const end = text.indexOf(mark, from)
  if (end < 0) unclosed.add(mark)
  return end
}

/** The address if it is an absolute http or https one without credentials, else null. */
export function safeHref(target: string): string | null {
  if (!/^https?:\/\//i.test(target)) return null
  try {
    const url = new URL(target)
    return (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '' ? url.href : null
  } catch {
    return null
  }
}
