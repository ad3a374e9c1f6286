// Which project "/" opens.
import { readStored, writeStored } from '../lib/stored'

export function readLastProject(): string | null {
  return readStored('lastProject', (value) => (typeof value === 'string' ? value : null))
}

export function writeLastProject(projectId: string): void {
  writeStored('lastProject', projectId)
}
