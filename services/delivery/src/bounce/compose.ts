/** Writes the gateway's own messages: DSNs (RFC 3464) and digests for owners. */
import type { Job } from '@sallyport/contracts'
import type { ReportAction } from './dsn-rule.ts'
import type { DigestEntry } from './owner-digest.ts'
import type { OwnMessage } from './publish-own.ts'

export interface BouncedRecipient {
  readonly index: number
  readonly address: string
  readonly originalRecipient?: string
  readonly reply: string
}

export interface DsnRequest {
  readonly job: Job
  readonly bytes: Uint8Array
  readonly action: ReportAction
  readonly recipients: readonly BouncedRecipient[]
  readonly nextHop: string
}

export interface NotificationComposer {
  dsn(request: DsnRequest): OwnMessage
  digest(owner: string, entries: readonly DigestEntry[], unlisted: number): OwnMessage
}
