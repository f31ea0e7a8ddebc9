/** How the program ends. */
export const exitCodes = { ok: 0, failure: 1, usage: 2, refused: 3 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Ends the program with a message that says what to do. */
export class Stop extends Error {
  readonly exitCode: ExitCode
  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Stop'
    this.exitCode = exitCode
  }
}
