// The mock's way of answering: JSON, the API's error envelope, bodies, cookies.
import type { IncomingMessage, ServerResponse } from 'node:http'

export class HttpError extends Error {
  constructor(readonly status: number, readonly kind: string, message: string) {
    super(message)
  }
}

export const notFound = (what: string) => new HttpError(404, 'LangfuseNotFoundError', `${what} not found within the authorized project`)
export const invalid = (message: string) => new HttpError(400, 'InvalidRequestError', message)

export async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  if (text === '') return {}
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    throw invalid('the body is not JSON')
  }
}

export function send(response: ServerResponse, status: number, body?: unknown): void {
  response.statusCode = status
  response.setHeader('cache-control', 'no-store')
  if (body === undefined) response.end()
  else {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(body))
  }
}

export function readCookie(request: IncomingMessage, name: string): string | null {
  const pair = (request.headers.cookie ?? '').split(/;\s*/).find((entry) => entry.startsWith(`${name}=`))
  return pair ? pair.slice(name.length + 1) : null
}
