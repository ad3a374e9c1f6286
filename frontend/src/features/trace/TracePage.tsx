// To be written.
export function TracePage() { return null }
