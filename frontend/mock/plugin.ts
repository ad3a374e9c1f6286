// Serves the mock API inside Vite, for development (`npm run dev:mock`) and for the end-to-end tests, where it also sends the
// headers that production sends. Never part of the bundle.
import type { Plugin } from 'vite'

import { handleApi } from './handlers'
import { createStore } from './store'

/** What the edge sends with every page: keep equal to the deployed one. */
export const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
}

export function mockApi(): Plugin {
  const store = createStore(Date.now())
  return {
    name: 'agenttrace-mock-api',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (request.url?.startsWith('/api/')) void handleApi(store, request, response)
        else next()
      })
    },
    configurePreviewServer(server) {
      server.middlewares.use((request, response, next) => {
        if (request.url?.startsWith('/api/')) void handleApi(store, request, response)
        else {
          for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value)
          next()
        }
      })
    },
  }
}
