// Prompts as a program uses them, with npm langfuse 3: make, read, compile, move a label, fall back.
const { Langfuse } = require('langfuse')

const story = JSON.parse(process.env.STORY)
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const [name, chat, parent] = [`folder one/${story.mark}`, `folder one/${story.mark} chat`, `${story.mark} parent`]
const client = new Langfuse()

/** The production version past the SDK's own cache, once it is this one. */
async function fresh(version) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const found = await client.getPrompt(name, undefined, { cacheTtlSeconds: 0 })
    if (found.version === version) return found
    await sleep(50)
  }
  throw new Error('production stays where it was')
}

async function main() {
  const said = {}
  const made = [
    await client.createPrompt({ name, prompt: 'Hello {{who}} of v1', labels: ['production'], tags: ['t'], config: { model: 'x', n: 1.5 } }),
    await client.createPrompt({ name, prompt: 'Hello {{who}} of v2', labels: ['staging'] }),
  ]
  said.versions = made.map((prompt) => prompt.version)
  const found = await client.getPrompt(name)
  Object.assign(said, { text: found.compile({ who: 'Ann' }), config: found.config, tags: found.tags, labels: [...found.labels].sort() })
  said.staging = (await client.getPrompt(name, undefined, { label: 'staging' })).version
  said.by_version = (await client.getPrompt(name, 2)).prompt
  said.latest = (await client.getPrompt(name, undefined, { label: 'latest' })).version

  const updated = await client.updatePrompt({ name, version: 2, newLabels: ['production'] })
  said.updated = [...updated.labels].sort()
  said.after = (await fresh(2)).compile({ who: 'Ann' })
  await client.getPrompt(name)
  await new Langfuse().updatePrompt({ name, version: 1, newLabels: ['other'] })
  said.cached = (await client.getPrompt(name)).version

  await client.createPrompt({
    name: chat, type: 'chat', labels: ['production'],
    prompt: [{ role: 'system', content: 'You are {{who}}' }, { type: 'placeholder', name: 'history' }, { role: 'user', content: '{{question}}' }],
  })
  const compiled = (await client.getPrompt(chat, undefined, { type: 'chat' })).compile({ who: 'Ann', question: 'Why?' }, { history: [{ role: 'assistant', content: 'Hm.' }] })
  said.chat = compiled.map((message) => [message.role, message.content])

  await client.createPrompt({ name: parent, prompt: `<@@@langfusePrompt:name=${name}|version=1@@@>`, labels: ['production'] })
  said.resolved = (await client.getPrompt(parent)).compile({ who: 'Ann' })

  const fallback = await client.getPrompt(`${name} none`, undefined, { fallback: 'Fallback for {{who}}', maxRetries: 0 })
  said.fallback = [fallback.compile({ who: 'Ann' }), fallback.isFallback]
  said.missing = await client.getPrompt(`${name} none`, undefined, { maxRetries: 0 }).then(() => 'found', (error) => (/not found/i.test(`${error} ${JSON.stringify(error)}`) ? 'not found' : String(error)))
  await client.shutdownAsync()
  return said
}

main().then((said) => console.log(JSON.stringify(said)))
