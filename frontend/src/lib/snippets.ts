// Ready-to-paste settings for a key pair. Names of variables are those that the SDKs and exporters read themselves.

export interface Keys {
  publicKey: string
  secretKey: string
}

export const PLACEHOLDER_KEYS: Keys = { publicKey: 'pk-at-…', secretKey: 'sk-at-…' }

export type SnippetKind = 'python' | 'typescript' | 'otlp' | 'env'

export interface Snippet {
  kind: SnippetKind
  label: string
  language: string
  text: string
}

export function snippets(origin: string, keys: Keys): Snippet[] {
  const basic = keys.secretKey.includes('…') ? '<base64 of publicKey:secretKey>' : btoa(`${keys.publicKey}:${keys.secretKey}`)
  const variables = [`LANGFUSE_PUBLIC_KEY="${keys.publicKey}"`, `LANGFUSE_SECRET_KEY="${keys.secretKey}"`, `LANGFUSE_BASE_URL="${origin}"`, `LANGFUSE_HOST="${origin}"`]
  return [
    {
      kind: 'python', label: 'Python', language: 'python',
      text: [
        '# pip install langfuse',
        'import os',
        `os.environ["LANGFUSE_PUBLIC_KEY"] = "${keys.publicKey}"`,
        `os.environ["LANGFUSE_SECRET_KEY"] = "${keys.secretKey}"`,
        `os.environ["LANGFUSE_BASE_URL"] = "${origin}"`,
        `os.environ["LANGFUSE_HOST"] = "${origin}"  # SDK 3 and older`,
        '',
        'from langfuse import get_client, observe',
        '',
        '@observe()',
        'def hello(name: str) -> str:',
        '    return f"Hello, {name}"',
        '',
        'hello("AgentTrace")',
        'get_client().flush()',
      ].join('\n'),
    },
    {
      kind: 'typescript', label: 'TypeScript', language: 'typescript',
      text: [
        '// npm install @langfuse/tracing @langfuse/otel @opentelemetry/sdk-node',
        "import { NodeSDK } from '@opentelemetry/sdk-node'",
        "import { LangfuseSpanProcessor } from '@langfuse/otel'",
        "import { startActiveObservation } from '@langfuse/tracing'",
        '',
        'const sdk = new NodeSDK({',
        '  spanProcessors: [new LangfuseSpanProcessor({',
        `    baseUrl: '${origin}',`,
        `    publicKey: '${keys.publicKey}',`,
        `    secretKey: '${keys.secretKey}',`,
        '  })],',
        '})',
        'sdk.start()',
        '',
        "await startActiveObservation('hello', (span) => span.update({ input: 'Hello', output: 'World' }))",
        'await sdk.shutdown()',
      ].join('\n'),
    },
    {
      kind: 'otlp', label: 'OpenTelemetry', language: 'shell',
      text: [`export OTEL_EXPORTER_OTLP_ENDPOINT="${origin}"`, 'export OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf"', `export OTEL_EXPORTER_OTLP_HEADERS="Authorization=Basic ${basic}"`].join('\n'),
    },
    { kind: 'env', label: '.env', language: 'dotenv', text: variables.join('\n') },
  ]
}
