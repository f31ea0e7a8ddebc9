/** The one table of errors: every code is unique, greppable, and says whether waiting can help. */
export const errorTable = {
  UNPARSABLE_RECORD: { retriable: false },
  BUS_CLOSED: { retriable: false },
  BUS_UNAVAILABLE: { retriable: true },
  STORE_UNAVAILABLE: { retriable: true },
  STORE_FULL: { retriable: true },
  DATA_FOLDER_IN_USE: { retriable: false },
  DATA_FOLDER_UNUSABLE: { retriable: false },
  DATA_FOLDER_CORRUPT: { retriable: false },
  CONTENT_MISSING: { retriable: false },
  CONTENT_DAMAGED: { retriable: false },
  LEDGER_UNAVAILABLE: { retriable: true },
  LIMITER_UNAVAILABLE: { retriable: true },
  REPLIES_UNAVAILABLE: { retriable: true },
  ENGINE_UNAVAILABLE: { retriable: true },
  POLICY_INVALID: { retriable: false },
  POLICY_CONFLICT: { retriable: false },
  CONFIG_INVALID: { retriable: false },
  SECRET_MISSING: { retriable: false },
  PORT_IN_USE: { retriable: false },
  NOT_FOUND: { retriable: false },
  MODEL_UNUSABLE: { retriable: false },
  DIRECTORY_INVALID: { retriable: false },
} as const

export type ErrorCode = keyof typeof errorTable

/** An error of ours. `message` says what happened and what to do; `retriable` says whether waiting can help. */
export class SallyportError extends Error {
  readonly code: ErrorCode
  readonly retriable: boolean
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SallyportError'
    this.code = code
    this.retriable = errorTable[code].retriable
  }
}
