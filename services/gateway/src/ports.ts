/** What the roles of this process run on, wherever it comes from: this machine, or the servers of a cluster. */
import type { Bus } from '@sallyport/bus'
import type { ContentStore } from '@sallyport/content'
import type { Ledger } from '@sallyport/ledger'
import type { Limiter } from '@sallyport/limiter'
import type { ReplyChannel } from '@sallyport/replies'
import type { Signer } from '@sallyport/runtime'
import type { Logger } from 'pino'

export interface GatewayPorts {
  readonly bus: Bus
  readonly content: ContentStore
  readonly ledger: Ledger
  readonly limiter: Limiter
  readonly replies: ReplyChannel
  readonly signer: Signer
  readonly log: Logger
  readonly instance: string
  /** Content up to this size travels inline in every record. */
  readonly maxInlineBytes: number
  /** Whether events have to be published durably not to be lost alone. */
  readonly durableEvents: boolean
  /** Below this much free disk no mail is accepted. */
  readonly minFreeBytes: number
}
