// Score configs, scores held to them, queues, comments and LLM connections with @langfuse/client 5.
const { LangfuseClient } = require('@langfuse/client')

const story = JSON.parse(process.env.STORY)
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const { mark, trace, queue } = story

async function main() {
  const client = new LangfuseClient()
  const api = client.api
  const said = {}
  const numeric = await api.scoreConfigs.create({ name: `${mark.slice(-12)} quality`, dataType: 'NUMERIC', minValue: 0, maxValue: 5 })
  const categories = [{ label: 'good', value: 2 }, { label: 'bad', value: -1 }]
  const labels = await api.scoreConfigs.create({ name: `${mark.slice(-12)} tone`, dataType: 'CATEGORICAL', categories })
  said.config = [numeric.dataType, numeric.minValue, numeric.maxValue, numeric.isArchived]
  said.categories = (await api.scoreConfigs.getById(labels.id)).categories.map((c) => [c.label, c.value])
  const listed = (await api.scoreConfigs.get({ limit: 100 })).data.map((config) => config.id)
  said.configs = listed.includes(numeric.id) && listed.includes(labels.id)
  const changed = await api.scoreConfigs.update(numeric.id, { description: 'd' })
  said.updated = [changed.description, changed.isArchived, changed.maxValue]

  client.score.create({ id: `${mark}-quality`, name: numeric.name, value: 4, traceId: trace, configId: numeric.id })
  client.score.create({ id: `${mark}-tone`, name: labels.name, value: 'bad', traceId: trace, configId: labels.id })
  client.score.create({ id: `${mark}-beyond`, name: numeric.name, value: 6, traceId: trace, configId: numeric.id })
  await client.flush()
  let found = []
  for (let attempt = 0; attempt < 200 && found.length < 2; attempt++) {
    found = (await api.scores.getMany({ scoreIds: ['quality', 'tone', 'beyond'].map((name) => `${mark}-${name}`).join(',') })).data
    await sleep(50)
  }
  said.scores = found.map((score) => [score.id.replace(`${mark}-`, ''), score.stringValue ?? score.value]).sort()

  const made = await api.annotationQueues.createQueue({ name: `${mark} own`, scoreConfigIds: [numeric.id] })
  said.queue = [made.name === `${mark} own`, made.scoreConfigIds[0] === numeric.id, made.description]
  const assigned = await api.annotationQueues.createQueueAssignment(made.id, { userId: story.user_id })
  said.assigned = [assigned.userId === story.user_id, assigned.queueId === made.id, assigned.projectId === story.project]
  said.unassigned = (await api.annotationQueues.deleteQueueAssignment(made.id, { userId: story.user_id })).success
  said.queues = (await api.annotationQueues.listQueues({ limit: 100 })).data.some((one) => one.id === queue)
  said.queue_read = (await api.annotationQueues.getQueue(queue)).id === queue
  const item = await api.annotationQueues.createQueueItem(queue, { objectId: trace, objectType: 'TRACE' })
  said.item = [item.objectType, item.status, item.completedAt]
  const done = await api.annotationQueues.updateQueueItem(queue, item.id, { status: 'COMPLETED' })
  said.done = [done.status, done.completedAt !== null]
  said.items = (await api.annotationQueues.listQueueItems(queue, { status: 'COMPLETED' })).data.map((one) => one.objectId === trace)
  said.item_read = (await api.annotationQueues.getQueueItem(queue, item.id)).id === item.id
  said.item_deleted = (await api.annotationQueues.deleteQueueItem(queue, item.id)).success

  const comment = await api.comments.create({ projectId: story.project, objectType: 'TRACE', objectId: trace, content: 'Look.', authorUserId: story.user_id })
  const read = await api.comments.getById(comment.id)
  said.comment = [read.objectType, read.objectId === trace, read.content, read.authorUserId === story.user_id]
  said.comments = (await api.comments.get({ objectType: 'TRACE', objectId: trace })).data.map((one) => one.id === comment.id)

  const connection = await api.llmConnections.upsert({ provider: mark, adapter: 'anthropic', secretKey: 'sk-ant-0123456789abcd', baseURL: 'https://llm.example.com', customModels: ['m'], extraHeaders: { 'x-team': 't' } })
  said.connection = [connection.provider === mark, connection.adapter, connection.displaySecretKey, connection.baseURL, connection.customModels, connection.withDefaultModels, connection.extraHeaderKeys]
  said.connections = (await api.llmConnections.list({ limit: 100 })).data.some((one) => one.id === connection.id)
  said.connection_deleted = Boolean((await api.llmConnections.delete(connection.id)).message)
  console.log(JSON.stringify(said))
}

main()
