/** What the records are asked. Times are ms since the epoch, those that message ids carry. */
import type { MessageStatus, MessageVerdict } from '@sallyport/contracts'

/** From `since` on, before `until`; default all that is kept. Where counts are asked for it is widened to whole hours. */
export interface Period {
  readonly since?: number | undefined
  readonly until?: number | undefined
}

/** All that is given must hold. */
export interface MessageQuery extends Period {
  readonly application?: string | undefined
  /** Of the envelope or the From header field, in any case: a whole address, `@domain`, or empty for the null sender. */
  readonly sender?: string | undefined
  /** Of the envelope, in any case: a whole address, or `@domain`. */
  readonly recipient?: string | undefined
  /** A check that did not pass; `outcome` says which way. */
  readonly check?: string | undefined
  /** Of `check`: it found a violation (default), or could not judge. */
  readonly outcome?: 'fail' | 'unavailable' | undefined
  /** `would-refuse`: it was to leave, and with every check enforced it would not have. */
  readonly verdict?: MessageVerdict | 'would-refuse' | undefined
  readonly status?: MessageStatus | undefined
  /** The id begins so. */
  readonly id?: string | undefined
  /** The Message-ID header field. */
  readonly messageId?: string | undefined
  /** Default 50. */
  readonly limit?: number | undefined
  /** `next` of the page before. */
  readonly cursor?: string | undefined
}

export type StatisticsKey = 'application' | 'check' | 'mode' | 'outcome' | 'action' | 'verdict'

export interface StatisticsQuery extends Period {
  /** Messages can be counted by application and verdict, findings of checks by all but verdict. */
  readonly of: 'messages' | 'checks'
  readonly by: readonly StatisticsKey[]
  readonly application?: string | undefined
  /** Of findings: only this check's. */
  readonly check?: string | undefined
  /** A day is one of UTC. Default: one row for the whole period. */
  readonly step?: 'hour' | 'day' | undefined
}

export interface IdentitiesQuery extends Period {
  readonly application: string
  /** Of each kind. Default 50. */
  readonly limit?: number | undefined
}

export interface ReadinessQuery extends Period {
  readonly application: string
  /** Default every check that judged something. */
  readonly check?: string | undefined
  /** How many violations are told of each check. Default 20. */
  readonly violations?: number | undefined
}

export interface ViolationsQuery extends Period {
  /** Default all. */
  readonly applications?: readonly string[] | undefined
  readonly check?: string | undefined
  /** `rule`: one row for each rule; `identity` (default): one for each rule and sender. */
  readonly by?: 'rule' | 'identity' | undefined
  /** Default 100. */
  readonly limit?: number | undefined
}

export interface Keeping {
  /** Messages are forgotten after this. */
  readonly messagesMs: number
  /** Roll-ups after this, by whole days of UTC; never before the messages. */
  readonly rollupsMs: number
}
