// A picture in a trace, sent by @langfuse/* 5's own uploader, and read back by its own resolver.
const { LangfuseClient, LangfuseMedia } = require('@langfuse/client')
const { LangfuseSpanProcessor } = require('@langfuse/otel')
const { startActiveObservation } = require('@langfuse/tracing')
const { NodeTracerProvider } = require('@opentelemetry/sdk-trace-node')

const story = JSON.parse(process.env.STORY)

async function send() {
  const provider = new NodeTracerProvider({ spanProcessors: [new LangfuseSpanProcessor()] })
  provider.register()
  const sound = `data:audio/wav;base64,${Buffer.from(story.sound, 'hex').toString('base64')}`
  const told = await startActiveObservation(story.name, async (root) => {
    root.update({ input: { question: 'What is this?', picture: story.picture, uri: story.picture }, metadata: { sound } })
    return { trace: root.traceId }
  })
  await provider.forceFlush()
  await provider.shutdown()
  return told
}

async function read(mediaId, reference) {
  const client = new LangfuseClient()
  const found = await client.api.media.get(mediaId)
  const resolved = await client.media.resolveReferences({ obj: { deep: [reference] }, resolveWith: 'base64DataUri' })
  return { id: found.mediaId, type: found.contentType, length: found.contentLength, resolved: resolved.deep[0] }
}

;(process.argv[2] === 'send' ? send() : read(...process.argv.slice(3))).then((answer) => console.log(JSON.stringify(answer)))
