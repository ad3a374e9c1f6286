// GitHub's own words for the events of a webhook, as its settings page lists them.
const WORDS: Record<string, string> = { push: 'Pushes', pull_request: 'Pull requests', workflow_run: 'Workflow runs', workflow_job: 'Workflow jobs', ping: 'Ping' }

/** An event as GitHub's settings page calls it; one that is not known by its own name. */
export const eventLabel = (event: string): string => WORDS[event] ?? event
