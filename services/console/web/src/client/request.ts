/** Asks the console's API, each operation by its name. The one place where an answer is taken for what the contract says it is. */
import type { Answered, Given, Operation, operations, Problem } from '@sallyport/contracts'
import { problemOf, unreachable } from './problem-of.ts'

type Operations = typeof operations
type RouteOf<O> = O extends Operation ? `${O['method']} ${O['path']}` : never

/** Those that the page asks. A method or path that the contract does not have is an error of types. */
const routes = {
  getSession: 'GET /api/session',
  getOverview: 'GET /api/overview',
  getRoles: 'GET /api/roles',
  listMessages: 'GET /api/messages',
  getMessage: 'GET /api/messages/{id}',
  getContent: 'GET /api/messages/{id}/content',
  getStatistics: 'GET /api/statistics',
  listApplications: 'GET /api/applications',
  getApplication: 'GET /api/applications/{name}',
  getReadiness: 'GET /api/applications/{name}/readiness',
  switchCheck: 'POST /api/applications/{name}/checks/{check}',
  listQuarantine: 'GET /api/quarantine',
  releaseHeld: 'POST /api/quarantine/{id}/release',
  dropHeld: 'POST /api/quarantine/{id}/drop',
  bulkQuarantine: 'POST /api/quarantine/bulk',
  getQueue: 'GET /api/queue',
  listQueued: 'GET /api/queue/messages',
  pauseQueue: 'POST /api/queue/pause',
  resumeQueue: 'POST /api/queue/resume',
  retryQueue: 'POST /api/queue/retry',
  cancelQueue: 'POST /api/queue/cancel',
  getPolicy: 'GET /api/policy',
  putPolicy: 'PUT /api/policy',
  checkPolicy: 'POST /api/policy/check',
  getPolicySchema: 'GET /api/policy/schema',
  listRevisions: 'GET /api/policy/revisions',
  getRevision: 'GET /api/policy/revisions/{revision}',
  diffRevisions: 'GET /api/policy/diff',
  rollbackPolicy: 'POST /api/policy/rollback',
  listAudit: 'GET /api/audit',
} as const satisfies { readonly [N in keyof Operations]?: RouteOf<Operations[N]> }

export type Asked = keyof typeof routes

/** What the API answered instead of what was asked for, or why no answer came. */
export class ApiError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

/** `text`: of an operation that takes YAML. */
export type Question<N extends Asked> = Partial<Given<Operations[N]>> & {
  readonly text?: string
  readonly accept?: string
  readonly ifMatch?: string
  readonly signal?: AbortSignal
}

export interface Answer<N extends Asked> {
  readonly body: Answered<Operations[N]>
  /** For If-Match. */
  readonly etag: string | undefined
}

export interface Client {
  /** Fails with ApiError, and with nothing else unless it is aborted. */
  ask<N extends Asked>(name: N, question?: Question<N>): Promise<Answer<N>>
  /** The text of an answer that is no JSON; fails as `ask`. */
  text<N extends Asked>(name: N, question?: Question<N>): Promise<{ readonly text: string; readonly etag: string | undefined }>
  /** The live stream, as it comes; fails as `ask`. */
  stream(signal: AbortSignal): Promise<ReadableStream<Uint8Array>>
}

/** `onRefused`: the token is not, or no longer, good. */
export function createClient(token: string, onRefused: () => void): Client {
  async function send(path: string, init: RequestInit): Promise<Response> {
    const headers = { authorization: `Bearer ${token}`, ...init.headers }
    const response = await fetch(path, { ...init, headers, credentials: 'omit', cache: 'no-store' }).catch((error: unknown) => {
      if (init.signal?.aborted) throw error
      throw new ApiError(unreachable)
    })
    if (response.ok) return response
    if (response.status === 401) onRefused()
    throw new ApiError(problemOf(response.status, await response.text()))
  }

  const asked = <N extends Asked>(name: N, question: Question<N>): Promise<Response> => send(...requestOf(routes[name], question))

  return {
    async ask(name, question = {}) {
      const response = await asked(name, question)
      return { body: await response.json(), etag: etagOf(response) }
    },
    async text(name, question = {}) {
      const response = await asked(name, question)
      return { text: await response.text(), etag: etagOf(response) }
    },
    async stream(signal) {
      const { body } = await send('/api/events', { headers: { accept: 'text/event-stream' }, signal })
      if (!body) throw new ApiError(unreachable)
      return body
    },
  }
}

const etagOf = (response: Response): string | undefined => response.headers.get('etag') ?? undefined

interface Parts {
  readonly params?: unknown
  readonly query?: unknown
  readonly body?: unknown
  readonly text?: string
  readonly accept?: string
  readonly ifMatch?: string
  readonly signal?: AbortSignal
}

/** What `fetch` is given for a question. Values of the query that are undefined or empty are left out. */
export function requestOf(route: string, parts: Parts): readonly [string, RequestInit] {
  const [method = 'GET', template = ''] = route.split(' ')
  const params = new Map(Object.entries(parts.params ?? {}))
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params.get(name))))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parts.query ?? {})) {
    if (value !== undefined && value !== '') query.set(name, String(value))
  }
  const search = query.size === 0 ? '' : `?${query}`
  const isText = parts.text !== undefined
  const body = isText ? parts.text : parts.body === undefined ? undefined : JSON.stringify(parts.body)
  return [
    `${path}${search}`,
    {
      method,
      headers: {
        accept: parts.accept ?? 'application/json',
        ...(body === undefined ? {} : { 'content-type': isText ? 'application/yaml' : 'application/json' }),
        ...(parts.ifMatch === undefined ? {} : { 'if-match': parts.ifMatch }),
      },
      ...(body === undefined ? {} : { body }),
      ...(parts.signal ? { signal: parts.signal } : {}),
    },
  ]
}
