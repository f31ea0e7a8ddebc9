/** What the records answer beside messages. Times are ms since the epoch; of counts, the start of the hour or day (UTC). */
import type { Mode } from '@sallyport/contracts'

export interface Counted {
  readonly messages: number
  /** Messages without repeats: what a client sends again counts once. */
  readonly distinct: number
}

/** What a check stands for, or would if it were enforced, in messages without repeats. */
export interface Suffered {
  readonly wouldReject: number
  readonly wouldHold: number
  readonly wouldDefer: number
}

/** Of messages only. */
export interface Volume {
  /** Answered 250. */
  readonly accepted: number
  /** Were to leave, and with every check enforced they would not have. */
  readonly wouldRefuse: number
  readonly recipients: number
  /** Recipients. */
  readonly delivered: number
  /** Recipients that bounced, expired or were dropped. */
  readonly failed: number
  readonly contentBytes: number
}

/** The keys that were asked for, and the counts; those of messages only where messages are counted. */
export interface StatisticsRow extends Counted, Partial<Volume> {
  /** Start of the step; missing where no step was asked for. */
  readonly at?: number
  readonly application?: string
  readonly check?: string
  readonly mode?: Mode
  /** pass, fail or unavailable. */
  readonly outcome?: string
  readonly action?: string
  readonly verdict?: string
}

export interface Statistics {
  /** In the order of step, application, check, mode, outcome, action and verdict; what has nothing to count is missing. */
  readonly rows: readonly StatisticsRow[]
}

export interface ApplicationSeen extends Counted, Volume {
  readonly application: string
  /** Answered 4xx or 5xx. */
  readonly refused: number
  /** The verdict was hold. */
  readonly held: number
  readonly firstAt: number
  readonly lastAt: number
  readonly violations: readonly (Counted & { readonly check: string; readonly mode: Mode })[]
}

export interface ApplicationsSeen {
  /** By volume, the largest first. */
  readonly applications: readonly ApplicationSeen[]
}

export interface Identity {
  /** In lower case; what varies from message to message (VERP) is a `*`. Empty: the null sender. */
  readonly address: string
  readonly messages: number
  /** The last day. */
  readonly lastAt: number
}

/** Each the most frequent first. */
export interface Identities {
  /** Of the envelope. */
  readonly senders: readonly Identity[]
  /** Of the From header field. */
  readonly from: readonly Identity[]
  readonly senderDomains: readonly Identity[]
  readonly fromDomains: readonly Identity[]
}

export interface Violation extends Counted, Suffered {
  readonly application: string
  readonly check: string
  readonly rule: string
  /** The envelope sender, as identities are named; null where rows are by rule. */
  readonly identity: string | null
  /** Of `messages`, those for which the check was enforced. */
  readonly enforced: number
  readonly firstAt: number
  readonly lastAt: number
  /** Ids of some, the newest first; their traces may be forgotten already. */
  readonly samples: readonly string[]
  /** What the newest of them that is still kept was told; null where none is. */
  readonly told: {
    readonly text: string
    readonly fix: string | null
    readonly from: readonly string[]
    readonly subject: string | null
  } | null
}

export interface Violations {
  /** The most frequent first. */
  readonly violations: readonly Violation[]
  /** There are more than were asked for. */
  readonly more: boolean
}

/** What one check would do to one application if it were enforced. */
export interface CheckReadiness extends Counted, Suffered {
  readonly check: string
  /** Days of UTC of the period on which the check judged a message. */
  readonly watchedDays: number
  /** The first hour of the period in which it judged. */
  readonly watchedSince: number | null
  /** Messages. */
  readonly pass: number
  readonly fail: number
  /** Messages that it could not judge. */
  readonly unavailable: number
  readonly byDay: readonly (Counted & Suffered & { readonly day: number })[]
  /** By rule and sender, the most frequent first. */
  readonly violations: readonly Violation[]
  readonly moreViolations: boolean
}

export interface Readiness {
  readonly application: string
  readonly since: number
  readonly until: number
  /** Those that judged anything, by name. */
  readonly checks: readonly CheckReadiness[]
}

export interface RecordsState {
  readonly store: 'sqlite' | 'postgresql'
  /** Messages that are kept, by the counts of their hours: at most an hour's too many. */
  readonly messages: number
  /** On disk. */
  readonly bytes: number
  /** Of the oldest and newest message that is kept. */
  readonly oldestAt: number | null
  readonly newestAt: number | null
}

/** A part of everything that is kept, for a backup. */
export interface EventPage {
  /** Each the JSON of an event, by message, the oldest first. */
  readonly events: readonly string[]
  /** Where the next page begins; null at the end. */
  readonly next: string | null
}
