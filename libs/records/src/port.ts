/** The records port: what the console keeps of `mail.events`, and answers from. */
import type { MailEvent, MessagePage, MessageRecord } from '@sallyport/contracts'
import type { ApplicationsSeen, EventPage, Identities, Readiness, RecordsState, Statistics, Violations } from './answers.ts'
import type {
  IdentitiesQuery,
  Keeping,
  MessageQuery,
  Period,
  ReadinessQuery,
  StatisticsQuery,
  ViolationsQuery,
} from './questions.ts'

/** An event as it came from the bus, or from a backup. */
export interface RecordedEvent {
  readonly event: MailEvent
  /** Its JSON as it stood in the record, so that it need not be made again and unknown fields are kept. */
  readonly json: Uint8Array
  /** Null: it came from a backup, and moves no position. */
  readonly partition: number | null
  readonly offset: number
}

export interface Records {
  /**
   * Made at random with the store: who begins an empty one reads the events from the start, in a group of its own, so that
   * lost records are rebuilt as far as the log reaches.
   */
  readonly generation: string
  /** What it runs on, as OpenTelemetry's conventions for databases name it. */
  readonly system: 'sqlite' | 'postgresql'
  /**
   * Adds events, each transaction together with the position that it brings its partitions to. An event is unique by (message,
   * kind, subject, attempt): a repeat changes nothing. What is stored in the end does not depend on order or repeats; roll-ups
   * count each message once, whatever is learned of it later. Events of messages that were forgotten already are not taken
   * again. Survives a crash when it resolves. Fails with STORE_FULL or STORE_UNAVAILABLE; then a first part may be stored, and
   * all may be repeated.
   */
  append(events: readonly RecordedEvent[]): Promise<void>
  /** The highest offset stored, by partition. */
  positions(): Promise<ReadonlyMap<number, number>>
  /** Everything known of a message; undefined where nothing is. */
  message(id: string): Promise<MessageRecord | undefined>
  /**
   * The newest first. A cursor that none of our pages gave starts at the newest. A page may be short, even empty, where little
   * of what was looked at fits: there is more as long as `next` is not null.
   */
  messages(query: MessageQuery): Promise<MessagePage>
  /** From roll-ups, which are kept longer than messages. */
  statistics(query: StatisticsQuery): Promise<Statistics>
  /** Every application that sent in the period, with its violations. From roll-ups. */
  applications(period: Period): Promise<ApplicationsSeen>
  /** What an application sends as. By whole days of UTC; forgotten with the messages. */
  identities(query: IdentitiesQuery): Promise<Identities>
  /** What enforcing would do. From roll-ups. Default period: the last 7 days. */
  readiness(query: ReadinessQuery): Promise<Readiness>
  /** What was found against applications: for digests, and to mend it. */
  violations(query: ViolationsQuery): Promise<Violations>
  /** What is kept, and how much room it takes. */
  state(): Promise<RecordsState>
  /** Every event that is kept, in pages of about `limit` (default 1,000): what `append` takes again. */
  events(page: { readonly after?: string | undefined; readonly limit?: number | undefined }): Promise<EventPage>
  /** Forgets what is too old. Resolves with how many messages, where the store counts them. */
  prune(keeping: Keeping): Promise<number>
  close(): Promise<void>
}
