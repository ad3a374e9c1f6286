// A picture in a trace, sent by npm langfuse 3's own uploader, and read back by its own resolver.
const { Langfuse, LangfuseMedia } = require('langfuse')

const story = JSON.parse(process.env.STORY)

async function send() {
  const client = new Langfuse()
  // The SDK loads Node's crypto in the background; without it nothing is hashed.
  await new Promise((resolve) => setTimeout(resolve, 100))
  const picture = new LangfuseMedia({ base64DataUri: story.picture })
  const sound = new LangfuseMedia({ contentBytes: Buffer.from(story.sound, 'hex'), contentType: 'audio/wav' })
  const trace = client.trace({ name: story.name, input: { question: 'What is this?', picture, uri: story.picture }, metadata: { sound } })
  await client.shutdownAsync()
  return { trace: trace.id }
}

async function read(mediaId, reference) {
  const client = new Langfuse()
  const data = await client.fetchMedia(mediaId)
  const resolved = await client.resolveMediaReferences({ obj: { deep: [reference] }, resolveWith: 'base64DataUri' })
  return { id: data.mediaId, type: data.contentType, length: data.contentLength, resolved: resolved.deep[0] }
}

;(process.argv[2] === 'send' ? send() : read(...process.argv.slice(3))).then((answer) => console.log(JSON.stringify(answer)))
