/** What a command is given. */
import type { ApiClient } from './api-client.ts'
import type { ExitCode } from './exit.ts'
import type { Print } from './print.ts'

export interface Call {
  readonly api: ApiClient
  readonly print: Print
  /** The words after the command's own, without flags. */
  readonly words: readonly string[]
  readonly flags: Flags
}

export interface Flags {
  readonly json: boolean
  readonly revisions: boolean
  readonly reason: string | undefined
  readonly application: string | undefined
  readonly 'if-revision': string | undefined
  readonly from: string | undefined
  readonly to: string | undefined
  readonly subject: string | undefined
  readonly server: string | undefined
}

export interface Command {
  /** As in `sallyport apply FILE`. */
  readonly usage: string
  readonly about: string
  /** How many words it takes. */
  readonly words: number
  readonly flags: readonly (keyof Flags)[]
  run(call: Call): Promise<ExitCode>
}
