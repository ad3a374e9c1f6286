// The story told with @langfuse/* 5: OpenTelemetry spans as JSON, scores by the batch API.
const { LangfuseClient } = require('@langfuse/client')
const { LangfuseSpanProcessor } = require('@langfuse/otel')
const { propagateAttributes, startActiveObservation, startObservation } = require('@langfuse/tracing')
const { NodeTracerProvider } = require('@opentelemetry/sdk-trace-node')

const story = JSON.parse(process.env.STORY)
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const names = (items) => items.map((item) => item.name).sort()

async function send() {
  const processor = new LangfuseSpanProcessor({ environment: story.environment, release: story.release })
  const provider = new NodeTracerProvider({ spanProcessors: [processor] })
  provider.register()
  const client = new LangfuseClient()
  const about = { traceName: story.name, userId: story.user, sessionId: story.session, tags: story.tags, version: story.version, metadata: { text: story.metadata.text } }
  const told = await propagateAttributes(about, () =>
    startActiveObservation('answer', async (root) => {
      root.update({ input: story.input })
      root.setTraceIO({ input: story.input, output: story.output })
      const search = root.startObservation('search', { input: story.search.input, level: 'WARNING', statusMessage: 'slow' }, { asType: 'tool' })
      const draft = search.startObservation('draft', { model: story.model, modelParameters: story.parameters, input: story.draft.input, metadata: story.metadata }, { asType: 'generation' })
      await sleep(20)
      draft.update({ completionStartTime: new Date(), output: story.draft.output, usageDetails: story.usage }).end()
      search.update({ output: story.search.output }).end()
      const note = root.startObservation('note', { input: { seen: true } }, { asType: 'event' })
      root.update({ output: story.output })
      client.score.trace(root, { id: `${story.mark}-quality`, name: 'quality', value: 0.9, comment: 'good' })
      client.score.observation(draft, { id: `${story.mark}-tone`, name: 'tone', value: 'friendly', dataType: 'CATEGORICAL' })
      client.score.trace(root, { id: `${story.mark}-done`, name: 'done', value: 1, dataType: 'BOOLEAN' })
      return { trace: root.traceId, steps: { answer: root.id, search: search.id, draft: draft.id, note: note.id } }
    }, { asType: 'agent' }))
  await provider.forceFlush()
  await client.flush()
  await provider.shutdown()
  return told
}

/** What the trace counts, used and cost, by the metrics query. */
async function sums(resource) {
  const query = {
    view: 'observations',
    metrics: [
      { measure: 'count', aggregation: 'count' },
      { measure: 'totalTokens', aggregation: 'sum' },
      { measure: 'totalCost', aggregation: 'sum' },
    ],
    filters: [{ column: 'traceName', type: 'string', operator: '=', value: story.name }],
    fromTimestamp: '2025-01-01T00:00:00Z',
    toTimestamp: '2035-01-01T00:00:00Z',
  }
  return (await resource.metrics({ query: JSON.stringify(query) })).data[0]
}

async function read(traceId) {
  const client = new LangfuseClient()
  const trace = await client.api.trace.get(traceId)
  const draft = trace.observations.find((step) => step.name === 'draft')
  return {
    name: trace.name, user: trace.userId, session: trace.sessionId, cost: trace.totalCost,
    steps: names(trace.observations), scores: names(trace.scores),
    listed: (await client.api.trace.list({ sessionId: story.session })).data.map((found) => found.id),
    observations: names((await client.api.observations.getMany({ traceId, fields: 'core,basic,io,usage' })).data),
    draft: (await client.api.legacy.observationsV1.get(draft.id)).output,
    sessions: (await client.api.sessions.list({ limit: 100 })).data.some((session) => session.id === story.session),
    session_traces: (await client.api.sessions.get(story.session)).traces.map((found) => found.id),
    scores_listed: names((await client.api.scores.getMany({ traceId })).data),
    sums: await sums(client.api.metrics),
    sums_v1: await sums(client.api.legacy.metricsV1),
    projects: (await client.api.projects.get()).data.map((project) => project.id),
    url: await client.getTraceUrl(traceId),
  }
}

;(process.argv[2] === 'send' ? send() : read(process.argv[3])).then((answer) => console.log(JSON.stringify(answer)))
