/** Asks the console's API. The one place where an answer is taken for what the contract says it is. */
import type { Problem } from '@sallyport/contracts'

/** What the API answered instead of what was asked for, or why no answer came. */
export class ApiError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** An object is sent as JSON, a string as YAML. */
  readonly body?: object | string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

export type QueryValues = Readonly<Record<string, string | number | boolean | undefined>>

/** A path with those values that say something. */
export function withQuery(path: string, values: QueryValues): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') query.set(name, String(value))
  }
  const text = query.toString()
  return text === '' ? path : `${path}?${text}`
}

export interface Answer<T> {
  readonly body: T
  readonly etag: string | undefined
}

/** Fails with ApiError, and with nothing else unless it is aborted. */
export async function ask<T>(path: string, options: RequestOptions = {}): Promise<Answer<T>> {
  const { method = 'GET', body, headers = {}, signal } = options
  const isText = typeof body === 'string'
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      // No form or link of another page can send it: what cookies alone would let through is refused without it.
      'x-sallyport-request': 'page',
      ...(body === undefined ? {} : { 'content-type': isText ? 'application/yaml' : 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error
    throw new ApiError(unreachable)
  })
  const text = await response.text()
  if (!response.ok) throw new ApiError(problemOf(response.status, text))
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  return { body: (isJson ? JSON.parse(text) : text) as T, etag: response.headers.get('etag') ?? undefined }
}

export const unreachable: Problem = {
  type: 'urn:sallyport:problem:UNREACHABLE',
  title: 'The console does not answer',
  status: 0,
  detail: 'See whether the gateway runs and whether this machine reaches it. The page asks again by itself.',
  code: 'UNREACHABLE',
}

/** An answer that is no problem document comes from something in between: a proxy, most often. */
export function problemOf(status: number, text: string): Problem {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && 'detail' in parsed && 'code' in parsed) return parsed as Problem
  } catch {}
  return {
    type: 'about:blank',
    title: `The answer was ${status}`,
    status,
    detail: 'It does not come from the console itself. See what stands between this page and the gateway.',
    code: 'UNEXPECTED_ANSWER',
  }
}
