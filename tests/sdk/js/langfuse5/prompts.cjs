// Prompts as a program uses them, with @langfuse/client 5: make, read, compile, move a label, fall back, list, delete.
const { LangfuseClient } = require('@langfuse/client')

const story = JSON.parse(process.env.STORY)
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const [name, chat, parent] = [`folder one/${story.mark}`, `folder one/${story.mark} chat`, `${story.mark} parent`]
const client = new LangfuseClient()

/** The production version past the SDK's own cache, once it is this one. */
async function fresh(version) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const found = await client.prompt.get(name, { cacheTtlSeconds: 0 })
    if (found.version === version) return found
    await sleep(50)
  }
  throw new Error('production stays where it was')
}

async function main() {
  const said = {}
  const made = [
    await client.prompt.create({ name, prompt: 'Hello {{who}} of v1', labels: ['production'], tags: ['t'], config: { model: 'x', n: 1.5 } }),
    await client.prompt.create({ name, prompt: 'Hello {{who}} of v2', labels: ['staging'] }),
  ]
  said.versions = made.map((prompt) => prompt.version)
  const found = await client.prompt.get(name)
  Object.assign(said, { text: found.compile({ who: 'Ann' }), config: found.config, tags: found.tags, labels: [...found.labels].sort() })
  said.staging = (await client.prompt.get(name, { label: 'staging' })).version
  said.by_version = (await client.prompt.get(name, { version: 2 })).prompt
  said.latest = (await client.prompt.get(name, { label: 'latest' })).version

  const updated = await client.prompt.update({ name, version: 2, newLabels: ['production'] })
  said.updated = [...updated.labels].sort()
  said.after = (await fresh(2)).compile({ who: 'Ann' })
  await client.prompt.get(name)
  await new LangfuseClient().prompt.update({ name, version: 1, newLabels: ['other'] })
  said.cached = (await client.prompt.get(name)).version

  await client.prompt.create({
    name: chat, type: 'chat', labels: ['production'],
    prompt: [{ role: 'system', content: 'You are {{who}}' }, { type: 'placeholder', name: 'history' }, { role: 'user', content: '{{question}}' }],
  })
  const compiled = (await client.prompt.get(chat, { type: 'chat' })).compile({ who: 'Ann', question: 'Why?' }, { history: [{ role: 'assistant', content: 'Hm.' }] })
  said.chat = compiled.map((message) => [message.role, message.content])

  await client.prompt.create({ name: parent, prompt: `<@@@langfusePrompt:name=${name}|version=1@@@>`, labels: ['production'] })
  said.resolved = (await client.prompt.get(parent)).compile({ who: 'Ann' })

  const fallback = await client.prompt.get(`${name} none`, { fallback: 'Fallback for {{who}}', maxRetries: 0 })
  said.fallback = [fallback.compile({ who: 'Ann' }), fallback.isFallback]
  said.missing = await client.prompt.get(`${name} none`, { maxRetries: 0 }).then(() => 'found', (error) => (/not found/i.test(`${error} ${JSON.stringify(error)}`) ? 'not found' : String(error)))

  const listed = await client.api.prompts.list({ name })
  said.listed = listed.data.map((row) => [row.name, row.versions, [...row.labels].sort(), row.tags])
  said.total = listed.meta.totalItems
  await client.prompt.delete(parent)
  await client.prompt.delete(name, { version: 1 })
  said.deleted = (await client.api.prompts.list({ name })).data.map((row) => row.versions)
  return said
}

main().then((said) => console.log(JSON.stringify(said)))
