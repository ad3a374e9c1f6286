// To be written.
export function SessionPage() { return null }
