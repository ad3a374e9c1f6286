// Fails when the first load (index.html and everything it names, plus the first page's chunks) passes 250 KB gzip.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const limit = 250 * 1024
const dist = new URL('../dist/', import.meta.url).pathname
const gzipSize = (file) => gzipSync(readFileSync(join(dist, file))).length

const html = readFileSync(join(dist, 'index.html'), 'utf8')
const entry = [...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map((match) => match[1])

/** Follows static imports, and the names that the traces list (the first page of a signed-in user) loads lazily. */
const seen = new Set(['index.html', ...entry])
const queue = [...seen]
const assets = readdirSync(join(dist, 'assets'))
const firstPage = assets.filter((name) => /^(TracesPage|Shell)-/.test(name)).map((name) => `assets/${name}`)
for (const name of firstPage) if (!seen.has(name)) (seen.add(name), queue.push(name))
while (queue.length > 0) {
  const file = queue.pop()
  if (!file.endsWith('.js')) continue
  const text = readFileSync(join(dist, file), 'utf8')
  for (const [, name] of text.matchAll(/(?:import|from)\s*["']\.\/([^"']+)["']/g)) {
    const path = `assets/${name}`
    if (!seen.has(path)) (seen.add(path), queue.push(path))
  }
}

const sizes = [...seen].map((file) => [file, gzipSize(file)]).sort((a, b) => b[1] - a[1])
const total = sizes.reduce((sum, [, size]) => sum + size, 0)
for (const [file, size] of sizes) console.log(`${(size / 1024).toFixed(1).padStart(7)} KB  ${file}`)
console.log(`${(total / 1024).toFixed(1).padStart(7)} KB  first load, gzip (limit ${limit / 1024} KB)`)
const all = assets.reduce((sum, name) => sum + gzipSize(`assets/${name}`), 0)
console.log(`${(all / 1024).toFixed(1).padStart(7)} KB  everything, gzip`)
if (total > limit) process.exit(1)
