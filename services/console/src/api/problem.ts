/** Errors of the API as RFC 9457 problems: each says what happened and what to do. */
import { type Problem, SallyportError } from '@sallyport/contracts'
import type { FastifyError, FastifyReply } from 'fastify'

const statuses = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  POLICY_FILE_IS_SOURCE: 409,
  POLICY_CONFLICT: 412,
  TOO_LARGE: 413,
  UNSUPPORTED_TYPE: 415,
  POLICY_INVALID: 422,
  IF_MATCH_MISSING: 428,
  INTERNAL: 500,
  UNAVAILABLE: 503,
} as const
export type ProblemCode = keyof typeof statuses

const titles: Readonly<Record<ProblemCode, string>> = {
  BAD_REQUEST: 'The request cannot be understood',
  UNAUTHORIZED: 'A valid token is needed',
  FORBIDDEN: 'The token does not allow this',
  NOT_FOUND: 'Not found',
  METHOD_NOT_ALLOWED: 'The method is not allowed here',
  POLICY_FILE_IS_SOURCE: 'The policy comes from a file',
  POLICY_CONFLICT: 'The policy has changed meanwhile',
  TOO_LARGE: 'The request is too large',
  UNSUPPORTED_TYPE: 'The request has the wrong type',
  POLICY_INVALID: 'The policy has faults',
  IF_MATCH_MISSING: 'If-Match is needed',
  INTERNAL: 'The console failed',
  UNAVAILABLE: 'The gateway cannot do this now',
}

export function problem(
  code: ProblemCode,
  detail: string,
  more: Partial<Pick<Problem, 'faults' | 'warnings' | 'currentRevision'>> = {},
): Problem {
  return { type: `urn:sallyport:problem:${code}`, title: titles[code], status: statuses[code], detail, code, ...more }
}

export function sendProblem(reply: FastifyReply, body: Problem): FastifyReply {
  return reply.code(body.status).type('application/problem+json').send(JSON.stringify(body))
}

/** The problem that a thrown error is. What is no fault of the caller is told in general words only. */
export function problemOf(error: FastifyError | Error): Problem {
  if (error instanceof SallyportError) {
    if (error.code === 'NOT_FOUND') return problem('NOT_FOUND', error.message)
    return error.retriable ? problem('UNAVAILABLE', `${error.message}: try again`) : problem('INTERNAL', error.message)
  }
  const status = 'statusCode' in error ? error.statusCode : undefined
  if (status === 413) return problem('TOO_LARGE', error.message)
  if (status === 415) return problem('UNSUPPORTED_TYPE', `${error.message}: send application/json, or a policy as application/yaml`)
  if (status !== undefined && status >= 400 && status < 500) return problem('BAD_REQUEST', error.message)
  return problem('INTERNAL', 'an unexpected error: the log of the console has it')
}
