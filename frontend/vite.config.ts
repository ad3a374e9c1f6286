// How the dashboard is served while developing and how it is built. Mode `mock` answers the API from seeded data
// (mock/), in `vite` and in `vite preview`; every other mode forwards the API to a running stack.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

import { mockApi } from './mock/plugin'

const stack = process.env.AGENTTRACE_URL ?? 'http://localhost:3000'

export default defineConfig(({ mode }) => ({
  plugins: [react(), ...(mode === 'mock' ? [mockApi()] : [])],
  server: mode === 'mock' ? {} : { proxy: { '/api': stack, '/v1': stack } },
  css: { modules: { localsConvention: 'camelCaseOnly' as const } },
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
}))
