// How a program gets this version, and which prompts include it.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { messageOf } from '../../api/client'
import type { PromptVersionRow } from '../../api/types'
import { readContent, variablesOf } from '../../lib/prompt'
import { promptLink } from '../../paths'
import { Hostile } from '../../ui/Badge'
import { InlineError, LoadingState, Notice } from '../../ui/Feedback'
import { Section } from '../../ui/Page'
import { CodeSnippets } from '../../ui/Snippets'
import { Table, tableStyles } from '../../ui/Table'
import styles from './prompts.module.css'
import { promptDependentsQuery, promptVersionQuery } from './queries'
import { promptSnippets } from './snippets'

export function PromptUse({ projectId, name, type, row }: { projectId: string; name: string; type: string; row: PromptVersionRow }) {
  const version = useQuery(promptVersionQuery(projectId, name, row.version))
  const dependents = useQuery(promptDependentsQuery(projectId, name))
  const label = row.labels.includes('production') ? 'production' : (row.labels.find((entry) => entry !== 'latest') ?? null)
  const variables = version.data ? variablesOf(readContent(version.data.prompt)) : []
  return (
    <>
      <Section title="In a program">
        {label == null ? <Notice>This version has no label, so the code asks for it by number. Put a label on it to change versions without a release.</Notice> : null}
        <CodeSnippets key={row.version} snippets={promptSnippets(name, type, label, row.version, variables)} />
      </Section>
      <Section title="In another prompt">
        <p className={styles.faint}>Paste this into another prompt to include it there:</p>
        <CodeSnippets label="Reference" copyLabel="Copy reference" snippets={[
          ...(label != null ? [{ kind: 'label', label: 'By label', text: `@@@langfusePrompt:name=${name}|label=${label}@@@` }] : []),
          { kind: 'version', label: 'By version', text: `@@@langfusePrompt:name=${name}|version=${row.version}@@@` },
        ]} />
        {dependents.isPending ? <LoadingState /> : dependents.isError ? <InlineError>{messageOf(dependents.error)}</InlineError>
        : dependents.data.data.length === 0 ? <p className={styles.faint}>No other prompt includes it.</p>
        : (
          <Table label="Prompts that include it" head={['Included by', { label: 'Version', align: 'end' }, 'Asks for']}>
            {dependents.data.data.map((entry) => (
              <tr key={`${entry.name} ${entry.version}`}>
                <td className={tableStyles.name}>
                  <Link {...promptLink(projectId, entry.name, { version: String(entry.version) })}>
                    <Hostile text={entry.name} />
                  </Link>
                </td>
                <td className={tableStyles.end}>{entry.version}</td>
                <td>{entry.referencedVersion != null ? `version ${entry.referencedVersion}` : <Hostile text={`label ${entry.referencedLabel ?? 'production'}`} />}</td>
              </tr>
            ))}
          </Table>
        )}
      </Section>
    </>
  )
}
