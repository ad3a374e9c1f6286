// End-to-end tests: the built site, served by the mock API with production's headers, in the system's Chromium.
import { execFileSync } from 'node:child_process'

import { defineConfig } from '@playwright/test'

// Chosen once, by the process that starts the workers: a port that is free, so that two checkouts can be tested at once.
process.env.E2E_PORT ??= execFileSync(process.execPath, ['-e', "const s = require('node:net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close() })"], { encoding: 'utf8' }).trim()
const port = Number(process.env.E2E_PORT)

export default defineConfig({
  testDir: 'e2e',
  // Waiting for a condition costs nothing where the machine is quick, and a busy machine is not a broken product.
  timeout: 90_000,
  expect: { timeout: 15_000 },
  fullyParallel: true,
  workers: 2,
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
  webServer: { command: `npx vite preview --mode mock --host 127.0.0.1 --port ${port} --strictPort`, url: `http://127.0.0.1:${port}/`, reuseExistingServer: false },
})
