/** Errors across threads: code and message survive, so that retrying and dead letters work there as here. */
import { type ErrorCode, errorTable, SallyportError } from '@sallyport/contracts'
import type { Failure } from './worker-protocol.ts'

export function toFailure(error: unknown): Failure {
  return {
    code: error instanceof SallyportError ? error.code : undefined,
    message: error instanceof Error ? error.message : String(error),
  }
}

export function fromFailure({ code, message }: Failure): Error {
  return code !== undefined && code in errorTable ? new SallyportError(code as ErrorCode, message) : new Error(message)
}
