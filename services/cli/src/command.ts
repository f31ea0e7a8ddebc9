/** What a command is given. */
import type { ApiClient } from './api-client.ts'
import type { ExitCode } from './exit.ts'
import type { FlagName, Flags } from './flags.ts'
import type { Print } from './print.ts'

export interface Call {
  readonly api: ApiClient
  /** host:port of the gateway's SMTP, where no flag names another. */
  readonly server: string
  readonly print: Print
  /** The words after the command's own, without flags. */
  readonly words: readonly string[]
  readonly flags: Flags
}

export interface Command {
  /** As in `sallyport apply FILE`. */
  readonly usage: string
  readonly about: string
  /** How many words it takes. */
  readonly words: number
  readonly flags: readonly FlagName[]
  run(call: Call): Promise<ExitCode>
}
