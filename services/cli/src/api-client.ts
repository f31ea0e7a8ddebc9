/** Asks the console's API, and turns what goes wrong into words that say what to do. */
import { type Problem, problemSchema } from '@sallyport/contracts'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { exitCodes, Stop } from './exit.ts'

export interface ApiClient {
  /** The address of the console, as it was given. */
  readonly url: string
  /** Asks; a refusal whose status is in `expected` comes back, any other throws `Stop`. */
  ask(question: Question, expected?: readonly number[]): Promise<Answer>
  /** The answer, checked. Throws `Stop` for whatever is no such answer. */
  json<S extends TSchema>(schema: S, question: Question): Promise<Static<S>>
  /** The body of an answer as it comes, however long that takes. Throws `Stop`. */
  stream(question: Question): Promise<ReadableStream<Uint8Array>>
  /** The text of an answer, parsed and checked. Throws `Stop`. */
  parse<S extends TSchema>(schema: S, text: string): Static<S>
}

export interface Question {
  readonly method?: 'GET' | 'PUT' | 'POST'
  /** Below the URL of the console, with its query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export type Answer =
  | { readonly ok: true; readonly text: string; readonly etag: string | null }
  | { readonly ok: false; readonly problem: Problem }

export interface ApiOptions {
  readonly url: string
  readonly token: string | undefined
  readonly author: string
}

const timeoutMs = 30_000

export function apiClient(options: ApiOptions): ApiClient {
  async function ask(question: Question, expected: readonly number[] = []): Promise<Answer> {
    const response = await send(options, question)
    const text = await response.text().catch((cause: unknown) => {
      throw new Stop(exitCodes.failure, `the answer of ${options.url} broke off: try again`, { cause })
    })
    if (response.ok) return { ok: true, text, etag: response.headers.get('etag') }
    const problem = problemIn(text) ?? unknownProblem(options.url, response.status)
    if (expected.includes(response.status)) return { ok: false, problem }
    throw stopFor(problem, options)
  }

  function parse<S extends TSchema>(schema: S, text: string): Static<S> {
    const body = parseJson(text)
    if (Value.Check(schema, body)) return body
    throw new Stop(exitCodes.failure, `${options.url} answered something unknown: is it a Sallyport console, and of this version?`)
  }

  return {
    url: options.url.replace(/\/+$/, ''),
    ask,
    parse,
    async stream(question) {
      const response = await send(options, question, Number.POSITIVE_INFINITY)
      if (response.ok && response.body) return response.body
      throw stopFor(problemIn(await response.text()) ?? unknownProblem(options.url, response.status), options)
    },
    async json(schema, question) {
      const answer = await ask(question)
      if (answer.ok) return parse(schema, answer.text)
      throw stopFor(answer.problem, options)
    },
  }
}

async function send(
  { url, token, author }: ApiOptions,
  { method = 'GET', path, headers, body }: Question,
  withinMs = timeoutMs,
): Promise<Response> {
  if (!token) {
    throw new Stop(
      exitCodes.failure,
      'SALLYPORT_TOKEN is not set: set it to console.token, or to what stands in the file console-token of the data folder',
    )
  }
  // Before fetch says so, since its message would show the token.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new Stop(exitCodes.failure, 'SALLYPORT_TOKEN is no token: it is one word of visible ASCII characters')
  }
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new Stop(exitCodes.failure, `SALLYPORT_URL is "${url}", which is no address of a console: write http://127.0.0.1:8080`)
  }
  try {
    return await fetch(`${url.replace(/\/+$/, '')}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'x-author': author.replace(/[^\x21-\x7e]/g, '?'), ...headers },
      ...(Number.isFinite(withinMs) ? { signal: AbortSignal.timeout(withinMs) } : {}),
      ...(body === undefined ? {} : { body }),
    })
  } catch (cause) {
    throw new Stop(
      exitCodes.failure,
      `${url} does not answer (${reasonOf(cause)}): is the gateway running, and is SALLYPORT_URL the address of its console?`,
      { cause },
    )
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error ? ('code' in cause && cause.code ? String(cause.code) : cause.message) : error.message
}

function stopFor(problem: Problem, { url }: ApiOptions): Stop {
  if (problem.status === 401) {
    return new Stop(
      exitCodes.failure,
      `${url} does not accept the token: set SALLYPORT_TOKEN to console.token, or to what stands in the file console-token`,
    )
  }
  const isRefused = [409, 412, 422, 428].includes(problem.status)
  return new Stop(isRefused ? exitCodes.refused : exitCodes.failure, `${problem.title}: ${problem.detail}`)
}

function problemIn(text: string): Problem | undefined {
  const body = parseJson(text)
  return Value.Check(problemSchema, body) ? body : undefined
}

const unknownProblem = (url: string, status: number): Problem => ({
  type: 'about:blank',
  title: 'An unexpected answer',
  status,
  detail: `${url} answered ${status}: is it a Sallyport console?`,
  code: 'UNKNOWN',
})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
