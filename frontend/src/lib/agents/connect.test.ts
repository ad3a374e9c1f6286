import { describe, expect, it } from 'vitest'

import { PLACEHOLDER_KEYS } from '../snippets'
import { commandLine, connections } from './connect'

const keys = { publicKey: 'pk-at-1', secretKey: 'sk-at-2' }
const origin = 'https://trace.example.com'
const textOf = (agent: string, kind: string) => connections(origin, keys).find((entry) => entry.agent === agent)?.snippets.find((snippet) => snippet.kind === kind)?.text ?? ''
const basic = btoa('pk-at-1:sk-at-2')

describe('lines to paste', () => {
  it('hold the address and the key', () => {
    for (const connection of connections(origin, keys)) {
      const all = connection.snippets.map((snippet) => snippet.text).join('\n')
      expect(all, connection.agent).toContain(origin)
      expect(all.includes(basic) || all.includes('sk-at-2'), connection.agent).toBe(true)
    }
  })

  it('are what each agent reads', () => {
    expect(textOf('claude-code', 'shell')).toContain(`export OTEL_EXPORTER_OTLP_HEADERS="Authorization=Basic ${basic}"`)
    expect(JSON.parse(textOf('claude-code', 'settings'))).toMatchObject({ env: { CLAUDE_CODE_ENABLE_TELEMETRY: '1', OTEL_EXPORTER_OTLP_ENDPOINT: origin } })
    expect(textOf('codex', 'toml')).toContain(`exporter = { otlp-http = { endpoint = "${origin}/v1/logs", protocol = "binary", headers = { "Authorization" = "Basic ${basic}" } } }`)
    expect(JSON.parse(textOf('gemini-cli', 'settings'))).toMatchObject({ telemetry: { enabled: true, otlpProtocol: 'http', otlpEndpoint: origin } })
    expect(commandLine(origin, keys).text.split('\n').at(-1)).toBe('agenttrace init')
  })

  it('say what is to be filled in while there is no key', () => {
    expect(connections(origin, PLACEHOLDER_KEYS)[0]?.snippets[0]?.text).toContain('<base64 of publicKey:secretKey>')
  })
})
