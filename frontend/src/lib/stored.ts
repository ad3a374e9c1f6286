// Preferences in localStorage. Reading checks the shape, because older versions and other tabs write there too; when storage
// is blocked everything works with defaults.

const PREFIX = 'agenttrace.'

export function readStored<T>(key: string, parse: (value: unknown) => T | null): T | null {
  try {
    const text = localStorage.getItem(PREFIX + key)
    return text == null ? null : parse(JSON.parse(text) as unknown)
  } catch {
    return null
  }
}

export function writeStored(key: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value))
  } catch {
    // Storage is blocked or full: the preference lasts as long as the page.
  }
}
