// Code that fills a dataset and runs an application over it, ready to paste.
import type { CodeSnippet } from '../../ui/Snippets'

const quote = (text: string) => JSON.stringify(text)

export function createDatasetSnippets(name: string): CodeSnippet[] {
  return [
    { kind: 'python', label: 'Python', text: ['from langfuse import get_client', '', 'langfuse = get_client()', `langfuse.create_dataset(name=${quote(name)})`, 'langfuse.create_dataset_item(', `    dataset_name=${quote(name)},`, '    input={"question": "What is the capital of France?"},', '    expected_output="Paris",', ')'].join('\n') },
    { kind: 'typescript', label: 'TypeScript', text: ["import { LangfuseClient } from '@langfuse/client'", '', 'const langfuse = new LangfuseClient()', `await langfuse.api.datasets.create({ name: ${quote(name)} })`, 'await langfuse.api.datasetItems.create({', `  datasetName: ${quote(name)},`, "  input: { question: 'What is the capital of France?' },", "  expectedOutput: 'Paris',", '})'].join('\n') },
  ]
}

export function runSnippets(name: string): CodeSnippet[] {
  return [
    { kind: 'python', label: 'Python', text: ['from langfuse import Evaluation, get_client', '', 'langfuse = get_client()', `dataset = langfuse.get_dataset(${quote(name)})`, '', 'def task(*, item, **kwargs):', '    return my_application(item.input)', '', 'def exact_match(*, output, expected_output, **kwargs):', '    return Evaluation(name="exact_match", value=1.0 if output == expected_output else 0.0)', '', 'dataset.run_experiment(name="baseline", task=task, evaluators=[exact_match])', 'langfuse.flush()'].join('\n') },
    { kind: 'typescript', label: 'TypeScript', text: ["import { LangfuseClient } from '@langfuse/client'", '', 'const langfuse = new LangfuseClient()', `const dataset = await langfuse.dataset.get(${quote(name)})`, '', 'await dataset.runExperiment({', "  name: 'baseline',", '  task: async (item) => await myApplication(item.input),', '  evaluators: [', "    async ({ output, expectedOutput }) => ({ name: 'exact_match', value: output === expectedOutput ? 1 : 0 }),", '  ],', '})'].join('\n') },
  ]
}
