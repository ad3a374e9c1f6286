// JSON that a person writes: parsed, with the place of the mistake when it is none.

export type ParsedJson = { ok: true; value: unknown } | { ok: false; message: string }

export function parseTyped(text: string): ParsedJson {
  try {
    return { ok: true, value: JSON.parse(text) as unknown }
  } catch {
    return { ok: false, message: explain(text) }
  }
}

/** Empty is allowed and means "none". */
export function parseOptional(text: string): ParsedJson {
  return text.trim() === '' ? { ok: true, value: undefined } : parseTyped(text)
}

/** A value as a person would like to edit it; nothing at all is an empty field. */
export function editable(value: unknown): string {
  return value == null ? '' : JSON.stringify(value, null, 2)
}

/** Browsers word their messages differently and seldom say where, so the place is looked for here. */
function explain(text: string): string {
  const at = mistakeAt(text)
  if (at == null) return 'Not JSON'
  if (at >= text.trimEnd().length) return 'Not JSON: it ends too early'
  const before = text.slice(0, at).split('\n')
  return `Not JSON: line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

class Mistake extends Error {
  constructor(readonly at: number) {
    super()
  }
}

// eslint-disable-next-line no-control-regex
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
const BLANK = /[ \t\r\n]*/y
const MAX_DEPTH = 500

/** Where a text stops being JSON; null when that cannot be told. */
function mistakeAt(text: string): number | null {
  let at = 0
  const eat = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (!found) return false
    at += found[0].length
    return true
  }
  const expect = (char: string) => {
    eat(BLANK)
    if (text.charAt(at) !== char) throw new Mistake(at)
    at += 1
  }
  const list = (end: string, depth: number, entry: () => void) => {
    if (depth > MAX_DEPTH) throw new Mistake(-1)
    at += 1
    eat(BLANK)
    if (text.charAt(at) === end) {
      at += 1
      return
    }
    for (;;) {
      entry()
      eat(BLANK)
      if (text.charAt(at) !== ',') break
      at += 1
    }
    expect(end)
  }
  const value = (depth: number): void => {
    eat(BLANK)
    const first = text.charAt(at)
    if (first === '[') list(']', depth, () => value(depth + 1))
    else if (first === '{') {
      list('}', depth, () => {
        eat(BLANK)
        if (!eat(STRING)) throw new Mistake(at)
        expect(':')
        value(depth + 1)
      })
    } else if (!eat(STRING) && !eat(SCALAR)) throw new Mistake(at)
  }
  try {
    value(0)
    eat(BLANK)
    return at < text.length ? at : null
  } catch (error) {
    return error instanceof Mistake && error.at >= 0 ? error.at : null
  }
}
