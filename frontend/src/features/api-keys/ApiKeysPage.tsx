// To be written.
export function ApiKeysPage() { return null }
