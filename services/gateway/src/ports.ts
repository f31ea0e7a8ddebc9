/** What the roles of this process run on, wherever it comes from: this machine, or the servers of a cluster. */
import type { Bus } from '@sallyport/bus'
import type { ContentStore } from '@sallyport/content'
import type { Ledger } from '@sallyport/ledger'
import type { Limiter } from '@sallyport/limiter'
import type { ReplyChannel } from '@sallyport/replies'
import type { Signer } from '@sallyport/runtime'
import type { Logger } from 'pino'

/** Those that not every role needs (`needsOf`): a process opens only what its roles do. */
export interface OptionalPorts {
  readonly content: ContentStore
  readonly ledger: Ledger
  readonly limiter: Limiter
  readonly replies: ReplyChannel
}

export interface GatewayPorts extends Partial<OptionalPorts> {
  readonly bus: Bus
  /** Without the gateway's key it signs nothing and believes nothing. */
  readonly signer: Signer
  readonly log: Logger
  readonly instance: string
  /** Content up to this size travels inline in every record. */
  readonly maxInlineBytes: number
  /** Whether events have to be published durably not to be lost alone. */
  readonly durableEvents: boolean
  /** Below this much free disk no mail is accepted. */
  readonly minFreeBytes: number
  /** What of these is away now, in words for an operator. */
  troubles(): readonly string[]
}

/** A port that a role needs. Throws where `needsOf` does not name it. */
export function opened<T>(port: T | undefined): T {
  if (port === undefined) throw new Error('a port is not open: the needs of this role do not name it')
  return port
}
