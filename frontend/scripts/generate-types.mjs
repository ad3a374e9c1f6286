// Writes src/api/generated/schema.ts from shared/api/openapi.json; with --check, fails when the committed file is stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import openapiTypescript, { astToString } from 'openapi-typescript'

const source = new URL('../../shared/api/openapi.json', import.meta.url)
const target = new URL('../src/api/generated/schema.ts', import.meta.url)

if (!existsSync(source)) {
  console.error('shared/api/openapi.json is not there: build it first')
  process.exit(1)
}
const header = '// Generated from shared/api/openapi.json by `npm run generate`. Do not edit.\n\n'
const text = header + astToString(await openapiTypescript(source))

if (process.argv.includes('--check')) {
  const current = existsSync(target) ? readFileSync(target, 'utf8') : ''
  if (current !== text) {
    console.error('src/api/generated/schema.ts is stale: run `npm run generate`')
    process.exit(1)
  }
} else {
  mkdirSync(new URL('.', target), { recursive: true })
  writeFileSync(target, text)
}
