// Remembers the last list's order of traces, so that a trace's page can step to the next and the previous one.
let last: { projectId: string; ids: string[] } = { projectId: '', ids: [] }

export function rememberOrder(projectId: string, ids: string[]): void {
  last = { projectId, ids }
}

export function neighboursOf(projectId: string, id: string): { previous: string | null; next: string | null } {
  const at = last.projectId === projectId ? last.ids.indexOf(id) : -1
  return { previous: at > 0 ? (last.ids[at - 1] ?? null) : null, next: at >= 0 ? (last.ids[at + 1] ?? null) : null }
}
