/** What verdict knows of one message until it is decided. */
import type { DeliveredRecord } from '@sallyport/bus'
import type { Annotation, Opened, Undecided } from '@sallyport/contracts'
import type { Timed } from './deadlines.ts'

/**
 * collecting       annotations are awaited
 * awaiting-policy  ready to be judged, but the pinned revision has not appeared here yet
 * decided          accepted undecided and judged: its `verdict` record is being appended or read back
 * acting           its first `verdict` record was read: `mail.decided` is being published
 * over             judged, acted upon or given to another member; nothing may be done for it any more
 */
export type JoinPhase = 'collecting' | 'awaiting-policy' | 'decided' | 'acting' | 'over'

/** An `undecided` record and the header block beside it. */
export interface AcceptedMessage {
  readonly undecided: Undecided
  readonly headerBlock: Uint8Array
}

export interface Join extends Timed {
  readonly id: string
  /** Of `mail.annotations`: where its annotations come and its `verdict` goes. */
  readonly partition: number
  /** Monotonic ms. */
  readonly firstSeenMs: number
  phase: JoinPhase
  opened: Opened | undefined
  accepted: AcceptedMessage | undefined
  /** At most one per check: the one that counts so far. */
  annotations: Annotation[]
  hasAskedAgain: boolean
  /** Settled when the join is over, so that a restart sees them again. */
  readonly unsettled: DeliveredRecord[]
}

/** No policy has so many checks: what comes beyond is a checker gone wild. */
const maxAnnotations = 64

/** Counts the first annotation per check that is not `unavailable`; until one comes, the first `unavailable`. */
export function addAnnotation(join: Join, annotation: Annotation): void {
  // It answers the question of the session that is over: the one that was asked again has all the time it needs.
  if (join.hasAskedAgain && isTooLate(annotation)) return
  const at = join.annotations.findIndex(({ check }) => check === annotation.check)
  if (at < 0) {
    if (join.annotations.length < maxAnnotations) join.annotations.push(annotation)
  } else if (join.annotations[at]?.outcome === 'unavailable' && annotation.outcome !== 'unavailable') {
    join.annotations[at] = annotation
  }
}

/** The checks that are awaited; undefined until a record named them. */
export function awaitedChecks(join: Join): readonly string[] | undefined {
  return join.accepted?.undecided.checks ?? join.opened?.checks
}

/** The awaited checks that did not answer, not even with `unavailable`. */
export function unansweredChecks(join: Join): readonly string[] {
  return (awaitedChecks(join) ?? []).filter((check) => !join.annotations.some((annotation) => annotation.check === check))
}

/** The awaited checks that did not judge: without an answer, or with `unavailable`. */
export function unjudgedChecks(join: Join): readonly string[] {
  return (awaitedChecks(join) ?? []).filter(
    (check) => !join.annotations.some((annotation) => annotation.check === check && annotation.outcome !== 'unavailable'),
  )
}

const isTooLate = ({ check, outcome, reasons }: Annotation): boolean =>
  outcome === 'unavailable' && reasons.some(({ rule }) => rule === `${check}.late`)

export function isComplete(join: Join): boolean {
  return awaitedChecks(join) !== undefined && unansweredChecks(join).length === 0
}

export function settleRecords(join: Join): void {
  for (const record of join.unsettled) record.settle()
  join.unsettled.length = 0
}
