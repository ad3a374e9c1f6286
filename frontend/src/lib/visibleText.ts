// Makes invisible characters visible. Trace texts come from anywhere; bidirectional overrides, zero-width characters, tag
// characters and control codes can make a text read other than it is, or hide instructions in it.

// Kept as they are: tab, newline, the zero-width joiners that emoji and Persian need, and variation selectors.
// eslint-disable-next-line no-control-regex
const INVISIBLE = /[\u0000-\u0008\u000B\u000C\u000D\u000E-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2028\u2029\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]|[\uD800-\uDFFF]/gu

/** The text with every invisible character replaced by a sign that names it. */
export function visibleText(text: string): string {
  if (!INVISIBLE.test(text)) return text
  INVISIBLE.lastIndex = 0
  return text.replace(/\r\n/g, '\n').replace(INVISIBLE, nameOf)
}

/** One line for table cells and titles. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(/[\n\t]+/g, ' ')
}

function nameOf(char: string): string {
  const code = char.codePointAt(0) ?? 0
  if (code === 0x1b) return '␛'
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  if (code === 0x7f) return '␡'
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
}
