// Code that uses a prompt, ready to paste, for the SDKs that know prompts.
import type { CodeSnippet } from '../../ui/Snippets'

/** Text inside a string literal of Python and TypeScript; names are typed by people. */
const quote = (text: string) => JSON.stringify(text)

export function promptSnippets(name: string, type: string, label: string | null, version: number, variables: readonly string[]): CodeSnippet[] {
  const picked = label == null ? `, version=${version}` : label === 'production' ? '' : `, label=${quote(label)}`
  const chat = type === 'chat'
  const options = [...(chat ? ["type: 'chat'"] : []), ...(label == null ? [`version: ${version}`] : label === 'production' ? [] : [`label: ${quote(label)}`])]
  const shown = variables.slice(0, 6)
  return [
    {
      kind: 'python', label: 'Python',
      text: [
        'from langfuse import get_client',
        '',
        'langfuse = get_client()',
        `prompt = langfuse.get_prompt(${quote(name)}${chat ? ', type="chat"' : ''}${picked})`,
        shown.length > 0 ? `${chat ? 'messages' : 'text'} = prompt.compile(${shown.map((variable) => (/^[A-Za-z_]\w*$/.test(variable) ? `${variable}="…"` : `**{${quote(variable)}: "…"}`)).join(', ')})` : `${chat ? 'messages' : 'text'} = prompt.compile()`,
        '',
        '# Link generations to the version, so that cost and scores are told apart by it:',
        'with langfuse.start_as_current_observation(as_type="generation", name="answer", prompt=prompt):',
        '    ...',
      ].join('\n'),
    },
    {
      kind: 'typescript', label: 'TypeScript',
      text: [
        "import { LangfuseClient } from '@langfuse/client'",
        "import { startActiveObservation } from '@langfuse/tracing'",
        '',
        'const langfuse = new LangfuseClient()',
        `const prompt = await langfuse.prompt.get(${quote(name)}${options.length > 0 ? `, { ${options.join(', ')} }` : ''})`,
        shown.length > 0 ? `const ${chat ? 'messages' : 'text'} = prompt.compile({ ${shown.map((variable) => `${/^[A-Za-z_$][\w$]*$/.test(variable) ? variable : quote(variable)}: '…'`).join(', ')} })` : `const ${chat ? 'messages' : 'text'} = prompt.compile()`,
        '',
        '// Link generations to the version:',
        "await startActiveObservation('answer', (generation) => generation.update({ prompt }), { asType: 'generation' })",
      ].join('\n'),
    },
    {
      kind: 'http', label: 'HTTP',
      text: [`curl -u "$LANGFUSE_PUBLIC_KEY:$LANGFUSE_SECRET_KEY" \\`, `  "${location.origin}/api/public/v2/prompts/${encodeURIComponent(name)}${label == null ? `?version=${version}` : label === 'production' ? '' : `?label=${encodeURIComponent(label)}`}"`].join('\n'),
    },
  ]
}

export const CREATE_SNIPPETS: readonly CodeSnippet[] = [
  {
    kind: 'python', label: 'Python',
    text: ['from langfuse import get_client', '', 'get_client().create_prompt(', '    name="support/greeting",', '    type="text",', '    prompt="Greet {{customer}} and ask how we can help.",', '    labels=["production"],', ')'].join('\n'),
  },
  {
    kind: 'typescript', label: 'TypeScript',
    text: ["import { LangfuseClient } from '@langfuse/client'", '', 'await new LangfuseClient().prompt.create({', "  name: 'support/greeting',", "  type: 'text',", "  prompt: 'Greet {{customer}} and ask how we can help.',", "  labels: ['production'],", '})'].join('\n'),
  },
]
