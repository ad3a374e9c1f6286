// The exact lines that connect each agent to a project: docs/coding-agents.md, "What to send". Names of variables and keys are
// the agents' own.
import type { Keys } from '../snippets'

export interface ConnectSnippet {
  kind: string
  label: string
  /** Where the lines belong. */
  where: string
  text: string
}

export interface Connection {
  agent: string
  name: string
  /** What these lines alone tell of. */
  gives: string
  snippets: ConnectSnippet[]
}

const json = (value: unknown) => JSON.stringify(value, null, 2)

export function connections(origin: string, keys: Keys): Connection[] {
  const basic = keys.secretKey.includes('…') ? '<base64 of publicKey:secretKey>' : btoa(`${keys.publicKey}:${keys.secretKey}`)
  const header = `Authorization=Basic ${basic}`
  const exports = (variables: Record<string, string>) => Object.entries(variables).map(([name, value]) => `export ${name}="${value}"`).join('\n')
  const claude = {
    CLAUDE_CODE_ENABLE_TELEMETRY: '1',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_ENDPOINT: origin,
    OTEL_EXPORTER_OTLP_HEADERS: header,
    OTEL_LOG_USER_PROMPTS: '1',
    OTEL_LOG_TOOL_DETAILS: '1',
    OTEL_LOG_ASSISTANT_RESPONSES: '1',
  }
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: origin, OTEL_EXPORTER_OTLP_HEADERS: header }
  const otlp = (signal: string) => `{ otlp-http = { endpoint = "${origin}/v1/${signal}", protocol = "binary", headers = { "Authorization" = "Basic ${basic}" } } }`
  return [
    {
      agent: 'claude-code', name: 'Claude Code', gives: 'Prompts, answers, model calls with tokens and cost, tool calls, decisions. Exit codes and whole outputs come with the hooks that agenttrace init installs.',
      snippets: [
        { kind: 'shell', label: 'Shell', where: 'Before claude starts, or in ~/.zshrc or ~/.bashrc', text: exports(claude) },
        { kind: 'settings', label: 'settings.json', where: '~/.claude/settings.json, or .claude/settings.json of a repository', text: json({ env: claude }) },
      ],
    },
    {
      agent: 'codex', name: 'Codex', gives: 'Prompts, tool calls with arguments and output, exit codes, tokens. Codex tells no answers over OTLP: agenttrace init adds them from its transcripts.',
      snippets: [{ kind: 'toml', label: 'config.toml', where: '~/.codex/config.toml', text: ['[otel]', 'log_user_prompt = true', `exporter = ${otlp('logs')}`, `metrics_exporter = ${otlp('metrics')}`].join('\n') }],
    },
    {
      agent: 'gemini-cli', name: 'Gemini CLI', gives: 'Prompts, model calls with tokens, tool calls with decisions and exit codes.',
      snippets: [
        { kind: 'settings', label: 'settings.json', where: '~/.gemini/settings.json', text: json({ telemetry: { enabled: true, target: 'local', otlpProtocol: 'http', otlpEndpoint: origin, logPrompts: true } }) },
        { kind: 'shell', label: 'Shell', where: 'The key goes into the environment, beside settings.json', text: exports({ OTEL_EXPORTER_OTLP_HEADERS: header }) },
      ],
    },
    {
      agent: 'copilot-cli', name: 'Copilot CLI', gives: 'Model calls with tokens, tool calls, commands with exit codes, subagents.',
      snippets: [{ kind: 'shell', label: 'Shell', where: 'Before copilot starts, or in ~/.zshrc or ~/.bashrc', text: exports({ ...endpoint, OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' }) }],
    },
    {
      agent: 'opencode', name: 'OpenCode', gives: 'Prompts, model calls with tokens, tool calls, commands with exit codes.',
      snippets: [
        { kind: 'shell', label: 'Shell', where: 'Before opencode starts, or in ~/.zshrc or ~/.bashrc', text: exports(endpoint) },
        { kind: 'settings', label: 'opencode.json', where: '~/.config/opencode/opencode.json: content and tokens', text: json({ experimental: { openTelemetry: true } }) },
      ],
    },
    { agent: 'cursor', name: 'Cursor', gives: 'Cursor exports no telemetry: its hooks tell of prompts, commands and edits.', snippets: [commandLine(origin, keys, 'agenttrace init')] },
    { agent: 'aider', name: 'Aider', gives: 'Aider exports nothing: wrap records its commands, files and commits as it runs.', snippets: [commandLine(origin, keys, 'agenttrace wrap -- aider')] },
  ]
}

/** The way that fits every agent on the machine. */
export function commandLine(origin: string, keys: Keys, last = 'agenttrace init'): ConnectSnippet {
  return {
    kind: 'cli', label: 'Command line', where: 'In a terminal',
    text: [`AGENTTRACE_SECRET_KEY="${keys.secretKey}" agenttrace login --base-url "${origin}" --public-key "${keys.publicKey}"`, last].join('\n'),
  }
}
