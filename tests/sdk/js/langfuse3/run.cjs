// The story told with npm langfuse 3: explicit objects, the batch API, updates after the fact.
const { Langfuse } = require('langfuse')

const story = JSON.parse(process.env.STORY)
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const names = (items) => items.map((item) => item.name).sort()

async function send() {
  const client = new Langfuse({ environment: story.environment, release: story.release })
  const trace = client.trace({ name: 'to be renamed', userId: story.user, sessionId: story.session, tags: story.tags.slice(0, 1), version: story.version, input: story.input, metadata: story.metadata })
  const root = trace.span({ name: 'answer', input: story.input })
  const search = root.span({ name: 'search', input: story.search.input, level: 'WARNING', statusMessage: 'slow' })
  const draft = search.generation({ name: 'draft', model: story.model, modelParameters: story.parameters, input: story.draft.input, metadata: story.metadata })
  await sleep(20)
  draft.update({ completionStartTime: new Date(), usageDetails: story.usage })
  draft.end({ output: story.draft.output })
  const note = root.event({ name: 'note', input: { seen: true } })
  search.end({ output: story.search.output })
  root.end({ output: story.output })
  trace.update({ name: story.name, tags: story.tags.slice(1), output: story.output })
  trace.score({ id: `${story.mark}-quality`, name: 'quality', value: 0.9, comment: 'good' })
  draft.score({ id: `${story.mark}-tone`, name: 'tone', value: 'friendly', dataType: 'CATEGORICAL' })
  trace.score({ id: `${story.mark}-done`, name: 'done', value: 1, dataType: 'BOOLEAN' })
  await client.shutdownAsync()
  return { trace: trace.id, steps: { answer: root.id, search: search.id, draft: draft.id, note: note.id } }
}

async function read(traceId) {
  const client = new Langfuse()
  const { data: trace } = await client.fetchTrace(traceId)
  const draft = trace.observations.find((step) => step.name === 'draft')
  return {
    name: trace.name, user: trace.userId, session: trace.sessionId, cost: trace.totalCost,
    steps: names(trace.observations), scores: names(trace.scores),
    listed: (await client.fetchTraces({ sessionId: story.session })).data.map((found) => found.id),
    observations: names((await client.fetchObservations({ traceId })).data),
    draft: (await client.fetchObservation(draft.id)).data.output,
    sessions: (await client.fetchSessions({ limit: 100 })).data.some((session) => session.id === story.session),
  }
}

;(process.argv[2] === 'send' ? send() : read(process.argv[3])).then((answer) => console.log(JSON.stringify(answer)))
