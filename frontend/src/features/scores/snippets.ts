// Code that sends a score, ready to paste.
import type { CodeSnippet } from '../../ui/Snippets'

export const SCORE_SNIPPETS: readonly CodeSnippet[] = [
  { kind: 'python', label: 'Python', text: ['from langfuse import get_client', '', 'langfuse = get_client()', 'langfuse.create_score(', '    trace_id="…",', '    name="helpfulness",', '    value=0.8,', '    comment="Answered the question, but slowly",', ')', 'langfuse.flush()'].join('\n') },
  { kind: 'typescript', label: 'TypeScript', text: ["import { LangfuseClient } from '@langfuse/client'", '', 'const langfuse = new LangfuseClient()', 'langfuse.score.create({', "  traceId: '…',", "  name: 'helpfulness',", '  value: 0.8,', '})', 'await langfuse.flush()'].join('\n') },
]
