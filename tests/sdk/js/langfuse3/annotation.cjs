// Scores held to a score config with npm langfuse 3, which knows no more of annotation.
const { Langfuse } = require('langfuse')

const story = JSON.parse(process.env.STORY)

async function main() {
  const client = new Langfuse()
  const { mark, trace, config } = story
  client.score({ id: `${mark}-quality`, name: 'any', value: 4, traceId: trace, configId: config })
  client.score({ id: `${mark}-beyond`, name: 'any', value: 6, traceId: trace, configId: config })
  await client.shutdownAsync()
  console.log(JSON.stringify({ sent: true }))
}

main()
