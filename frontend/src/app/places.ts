// The pages of a project: for the navigation, the command palette, the keys after "g", and the window's title.
import { agentsLink, apiKeysLink, commandsLink, commitsLink, datasetsLink, githubLink, llmConnectionsLink, membersLink, modelsLink, organizationLink, projectSettingsLink, promptsLink, queuesLink, scoreConfigsLink, scoresLink, sessionsLink, tracesLink } from '../paths'
import type { IconName } from '../ui/Icon'

export interface Place {
  label: string
  icon: IconName
  /** Pressed after "g". */
  key?: string
  link: (projectId: string) => { to: string; params: { projectId: string } }
}

export const PLACES: { group: string | null; places: Place[] }[] = [
  { group: null, places: [
    { label: 'Traces', icon: 'traces', key: 't', link: tracesLink },
    { label: 'Sessions', icon: 'sessions', key: 's', link: sessionsLink },
  ] },
  { group: 'Coding agents', places: [
    { label: 'Agents', icon: 'agent', key: 'n', link: agentsLink },
    { label: 'Commands', icon: 'terminal', key: 'x', link: commandsLink },
    { label: 'Commits & PRs', icon: 'commit', key: 'h', link: commitsLink },
  ] },
  { group: 'Build', places: [
    { label: 'Prompts', icon: 'prompt', key: 'p', link: promptsLink },
    { label: 'Datasets', icon: 'dataset', key: 'd', link: datasetsLink },
  ] },
  { group: 'Evaluate', places: [
    { label: 'Scores', icon: 'score', key: 'c', link: scoresLink },
    { label: 'Annotation', icon: 'queue', key: 'q', link: queuesLink },
  ] },
  { group: 'Settings', places: [
    { label: 'API keys', icon: 'key', key: 'a', link: apiKeysLink },
    { label: 'Score configs', icon: 'evaluator', link: scoreConfigsLink },
    { label: 'Models and prices', icon: 'price', key: 'm', link: modelsLink },
    { label: 'LLM connections', icon: 'chain', link: llmConnectionsLink },
    { label: 'GitHub', icon: 'chain', link: githubLink },
    { label: 'Project', icon: 'settings', link: projectSettingsLink },
    { label: 'Members', icon: 'users', link: membersLink },
    { label: 'Organization', icon: 'building', link: organizationLink },
  ] },
]

export const ALL_PLACES = PLACES.flatMap((group) => group.places)

const TITLES: readonly [RegExp, string][] = [
  [/\/traces\/./, 'Trace'], [/\/traces$/, 'Traces'], [/\/sessions\/./, 'Session'], [/\/sessions$/, 'Sessions'],
  [/\/agents\/./, 'Agent session'], [/\/agents$/, 'Agents'], [/\/commands$/, 'Commands'], [/\/commits\/./, 'Commit'], [/\/commits$/, 'Commits & PRs'], [/\/pull-requests\/./, 'Pull request'],
  [/\/prompts\/new$/, 'New prompt'], [/\/prompts\/./, 'Prompt'], [/\/prompts$/, 'Prompts'],
  [/\/datasets\/.*\/compare$/, 'Compare runs'], [/\/datasets\/.*\/import$/, 'Import items'], [/\/datasets\/./, 'Dataset'], [/\/datasets$/, 'Datasets'],
  [/\/scores$/, 'Scores'], [/\/annotation-queues\/.*\/work$/, 'Annotate'], [/\/annotation-queues\/./, 'Annotation queue'], [/\/annotation-queues$/, 'Annotation queues'],
  [/api-keys$/, 'API keys'], [/score-configs$/, 'Score configs'], [/\/models$/, 'Models and prices'], [/llm-connections$/, 'LLM connections'], [/settings\/github$/, 'GitHub'],
  [/settings\/project$/, 'Project settings'], [/\/members$/, 'Members'], [/\/organization$/, 'Organization'],
]

export function titleOf(pathname: string): string {
  const name = TITLES.find(([pattern]) => pattern.test(pathname))?.[1]
  return name ? `${name} · AgentTrace` : 'AgentTrace'
}
