/** The records port: what the console keeps of `mail.events`, and answers from. */
import type { MailEvent, MessagePage, MessageRecord } from '@sallyport/contracts'

/** An event as it came from the bus. */
export interface RecordedEvent {
  readonly event: MailEvent
  /** Its JSON as it stood in the record, so that it need not be made again and unknown fields are kept. */
  readonly json: Uint8Array
  readonly partition: number
  readonly offset: number
}

export interface MessageQuery {
  readonly application?: string
  /** Only messages first seen at this time or later, ms since the epoch. */
  readonly since?: number
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor?: string
}

export interface Records {
  /**
   * Made at random with the store: who begins an empty one reads the events from the start, in a group of its own, so that
   * lost records are rebuilt as far as the log reaches.
   */
  readonly generation: string
  /**
   * Adds events in their order, each transaction together with the position that it brings its partitions to. An event is
   * unique by (message, kind, subject, attempt): a repeat changes nothing. Survives a crash when it resolves. Fails with
   * STORE_FULL or STORE_UNAVAILABLE; then a first part may be stored, and all may be repeated.
   */
  append(events: readonly RecordedEvent[]): Promise<void>
  /** The highest offset stored, by partition. */
  positions(): Promise<ReadonlyMap<number, number>>
  /** Everything known of a message; undefined where nothing is. */
  message(id: string): Promise<MessageRecord | undefined>
  /** The newest first. A cursor that none of our pages gave starts at the newest. */
  messages(query: MessageQuery): Promise<MessagePage>
  /** Forgets messages first seen longer ago than this. Resolves with how many. */
  prune(maxAgeMs: number): Promise<number>
  close(): Promise<void>
}
