// A dataset, its items and a run over them, with npm langfuse 3: traces linked by the item's own helper.
const { Langfuse } = require('langfuse')

const story = JSON.parse(process.env.STORY)
const { dataset: NAME, run: RUN, mark: MARK } = story

async function send() {
  const langfuse = new Langfuse()
  await langfuse.createDataset({ name: NAME, description: 'of a test', metadata: { kind: 'trial' } })
  for (const n of [0, 1, 2, 3]) {
    await langfuse.createDatasetItem({ datasetName: NAME, id: `${MARK}-${n}`, input: { n }, expectedOutput: n + 1, metadata: { easy: n < 2 } })
  }
  await langfuse.createDatasetItem({ datasetName: NAME, id: `${MARK}-3`, status: 'ARCHIVED' })
  const dataset = await langfuse.getDataset(NAME)
  const traces = []
  let run
  for (const item of dataset.items) {
    const trace = langfuse.trace({ name: 'try', input: item.input, output: item.input.n + 1 })
    const step = trace.span({ name: 'work', input: item.input }).end({ output: item.input.n + 1 })
    run = (await item.link(step, RUN, { description: 'a trial', metadata: { model: 'm' } })).datasetRunId
    trace.score({ name: 'right', value: 1 })
    traces.push(trace.id)
  }
  await langfuse.shutdownAsync()
  return { traces, run, scored: false, dataset: dataset.id, items: dataset.items.map((item) => item.id) }
}

async function read() {
  const langfuse = new Langfuse()
  const dataset = await langfuse.getDataset(NAME)
  const run = await langfuse.getDatasetRun({ datasetName: NAME, runName: RUN })
  return {
    description: dataset.description, metadata: dataset.metadata,
    inputs: dataset.items.map((item) => item.input.n), expected: dataset.items.map((item) => item.expectedOutput),
    archived: (await langfuse.getDatasetItem(`${MARK}-3`)).status,
    runs: (await langfuse.getDatasetRuns(NAME)).data.map((one) => one.name), run: run.id, about: [run.description, run.metadata],
    tries: run.datasetRunItems.map((one) => [one.datasetItemId, one.traceId]).sort(),
  }
}

;(process.argv[2] === 'send' ? send() : read()).then((answer) => console.log(JSON.stringify(answer)))
