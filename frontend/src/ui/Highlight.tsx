// Marks every occurrence of the searched words (taken as one phrase, case ignored) in a text.
export function Highlight({ text, words }: { text: string; words: string }) {
  const needle = words.trim().toLowerCase()
  if (needle === '') return text
  const lower = text.toLowerCase()
  // Lower-casing can change a text's length (İ); then positions would not fit.
  if (lower.length !== text.length) return text
  const parts = []
  let from = 0
  for (let at = lower.indexOf(needle); at >= 0 && parts.length < 400; at = lower.indexOf(needle, from)) {
    if (at > from) parts.push(text.slice(from, at))
    parts.push(<mark key={at}>{text.slice(at, at + needle.length)}</mark>)
    from = at + needle.length
  }
  return [...parts, text.slice(from)]
}
