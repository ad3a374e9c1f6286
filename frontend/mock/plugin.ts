// Serves the mock API inside Vite, for development (`npm run dev:mock`) and for the end-to-end tests, where it also sends the
// headers that production sends. Never part of the bundle.
import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Plugin } from 'vite'

import { handleApi } from './handlers'
import { Worlds } from './worlds'

/** What the edge sends with every page: keep equal to the deployed one. */
export const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
}

/** Files that traces refer to; on a deployed stack they come from the media bucket. */
function serveMedia(path: string, response: ServerResponse): void {
  const files: Record<string, [string, Buffer]> = {
    'image.png': ['image/png', Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC', 'base64')],
    'evil.svg': ['image/svg+xml', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>window.__hit=1</script></svg>')],
    'tone.wav': ['audio/wav', Buffer.concat([Buffer.from('RIFF\u0024\0\0\0WAVEfmt \u0010\0\0\0\u0001\0\u0001\0', 'latin1'), Buffer.from([0x40, 0x1f, 0, 0, 0x40, 0x1f, 0, 0, 1, 0, 8, 0]), Buffer.from('data\0\0\0\0', 'latin1')])],
  }
  const [type, body] = files[path] ?? ['text/plain', Buffer.from('')]
  response.setHeader('content-type', type)
  response.end(body)
}

/** Up to so many milliseconds pass before an answer, to see what a page does meanwhile. */
const LATENCY = Number(process.env.MOCK_LATENCY_MS ?? 0)

export function mockApi(): Plugin {
  const worlds = new Worlds(Date.now())
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (LATENCY > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * LATENCY))
    await handleApi(worlds.of(request), request, response)
  }
  return {
    name: 'agenttrace-mock-api',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (request.url?.startsWith('/api/')) void answer(request, response)
        else if (request.url?.startsWith('/mock-media/')) serveMedia(request.url.slice('/mock-media/'.length), response)
        else next()
      })
    },
    configurePreviewServer(server) {
      server.middlewares.use((request, response, next) => {
        if (request.url?.startsWith('/api/')) void answer(request, response)
        else if (request.url?.startsWith('/mock-media/')) serveMedia(request.url.slice('/mock-media/'.length), response)
        else {
          for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value)
          next()
        }
      })
    },
  }
}
