// Unit tests: pure logic in a plain Node process. Browser behaviour is covered by e2e/.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['src/**/*.test.ts', 'mock/**/*.test.ts'], environment: 'node', pool: 'threads', maxWorkers: 1 },
})
