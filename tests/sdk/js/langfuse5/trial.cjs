// A dataset, its items and an experiment over them, with @langfuse/* 5: told by posted run items and by spans.
const { LangfuseClient } = require('@langfuse/client')
const { LangfuseSpanProcessor } = require('@langfuse/otel')
const { startActiveObservation } = require('@langfuse/tracing')
const { NodeTracerProvider } = require('@opentelemetry/sdk-trace-node')

const story = JSON.parse(process.env.STORY)
const { dataset: NAME, run: RUN, mark: MARK } = story
const SINCE = '2026-01-01T00:00:00Z'

async function send() {
  const provider = new NodeTracerProvider({ spanProcessors: [new LangfuseSpanProcessor()] })
  provider.register()
  const langfuse = new LangfuseClient()
  await langfuse.api.datasets.create({ name: NAME, description: 'of a test', metadata: { kind: 'trial' } })
  for (const n of [0, 1, 2, 3]) {
    await langfuse.dataset.createItem({ datasetName: NAME, id: `${MARK}-${n}`, input: { n }, expectedOutput: n + 1, metadata: { easy: n < 2 } })
  }
  await langfuse.api.datasetItems.create({ datasetName: NAME, id: `${MARK}-3`, status: 'ARCHIVED' })
  const dataset = await langfuse.dataset.get(NAME)
  const result = await dataset.runExperiment({
    name: 'trial', runName: RUN, description: 'a trial', metadata: { model: 'm' },
    task: (item) => startActiveObservation('inner', async (inner) => { inner.update({ output: 'inside' }); return item.input.n + 1 }),
    evaluators: [async ({ output, expectedOutput }) => ({ name: 'right', value: output === expectedOutput ? 1 : 0 })],
    runEvaluators: [async ({ itemResults }) => ({ name: 'mean', value: itemResults.length / 3 })],
  })
  await provider.forceFlush()
  await langfuse.flush()
  await provider.shutdown()
  return { traces: result.itemResults.map((one) => one.traceId), run: result.experimentId, scored: true, dataset: dataset.id, items: dataset.items.map((item) => item.id) }
}

async function read() {
  const langfuse = new LangfuseClient()
  const dataset = await langfuse.dataset.get(NAME)
  const run = await langfuse.api.datasets.getRun(NAME, RUN)
  const asked = { fromStartTime: SINCE, datasetId: dataset.id }
  const experiments = await langfuse.api.experiments.list({ ...asked, fields: 'core,metadata,scores' })
  const items = await langfuse.api.experiments.listItems({ ...asked, fields: 'core,dataset,io,metadata,itemMetadata,experimentMetadata,scores' })
  const names = (scores) => scores.map((score) => score.name)
  return {
    description: dataset.description, metadata: dataset.metadata,
    inputs: dataset.items.map((item) => item.input.n), expected: dataset.items.map((item) => item.expectedOutput),
    archived: (await langfuse.api.datasetItems.get(`${MARK}-3`)).status,
    runs: (await langfuse.api.datasets.getRuns(NAME)).data.map((one) => one.name), run: run.id, about: [run.description, run.metadata],
    tries: run.datasetRunItems.map((one) => [one.datasetItemId, one.traceId]).sort(),
    experiments: experiments.data.map((one) => [one.id, one.name, one.itemCount, one.metadata, names(one.scores)]),
    experiment_items: items.data.map((one) => [one.experimentItemId, one.traceId, one.input, one.output, one.expectedOutput, names(one.scores)]).sort(),
  }
}

async function remove() {
  return { message: (await new LangfuseClient().api.datasets.deleteRun(NAME, RUN)).message }
}

;({ send, read, delete: remove })[process.argv[2]]().then((answer) => console.log(JSON.stringify(answer)))
