// To be written.
export function SessionsPage() { return null }
