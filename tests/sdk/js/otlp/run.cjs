// The story told with OpenTelemetry's own SDK and exporters: run.cjs json|protobuf none|gzip
const { SpanStatusCode, context, trace } = require('@opentelemetry/api')
const json = require('@opentelemetry/exporter-trace-otlp-http')
const protobuf = require('@opentelemetry/exporter-trace-otlp-proto')
const { resourceFromAttributes } = require('@opentelemetry/resources')
const { BatchSpanProcessor, NodeTracerProvider } = require('@opentelemetry/sdk-trace-node')

const story = JSON.parse(process.env.STORY)
const [format, compression] = process.argv.slice(2)
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function send() {
  const { OTLPTraceExporter } = format === 'json' ? json : protobuf
  const exporter = new OTLPTraceExporter({ url: process.env.ENDPOINT, headers: { Authorization: process.env.AUTHORIZATION }, compression })
  const resource = resourceFromAttributes({ 'service.name': 'story', 'service.version': story.version, 'deployment.environment.name': story.environment })
  const provider = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] })
  provider.register()
  const tracer = provider.getTracer('story', '1.0')
  const about = { 'user.id': story.user, 'session.id': story.session }
  const under = (span) => trace.setSpan(context.active(), span)

  const root = tracer.startSpan('answer', { attributes: { ...about, 'langfuse.trace.name': story.name, 'langfuse.trace.tags': story.tags, 'input.value': JSON.stringify(story.input), 'output.value': JSON.stringify(story.output), 'openinference.span.kind': 'AGENT' } })
  const search = tracer.startSpan('search', { attributes: { ...about, 'gen_ai.operation.name': 'execute_tool', 'input.value': JSON.stringify(story.search.input), 'output.value': JSON.stringify(story.search.output) } }, under(root))
  const draft = tracer.startSpan('draft', { attributes: { ...about, 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': story.model, 'gen_ai.request.temperature': 0.2, 'gen_ai.usage.input_tokens': 1500, 'gen_ai.usage.cache_read.input_tokens': 500, 'gen_ai.usage.output_tokens': 200, 'input.value': JSON.stringify(story.draft.input), 'output.value': JSON.stringify(story.draft.output) } }, under(search))
  await sleep(20)
  draft.end()
  search.setStatus({ code: SpanStatusCode.ERROR, message: 'slow' })
  search.end()
  root.end()
  await provider.forceFlush()
  await provider.shutdown()
  const ids = { answer: root, search, draft }
  return { trace: root.spanContext().traceId, steps: Object.fromEntries(Object.entries(ids).map(([name, span]) => [name, span.spanContext().spanId])) }
}

send().then((answer) => console.log(JSON.stringify(answer)))
