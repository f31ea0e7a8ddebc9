/**
 * A message that was accepted undecided (design §4.7): ask again, append the decision to its own partition, and act upon the
 * first decision that comes back in offset order, so that any number of verdict processes and restarts agree on one.
 */

import {
  annotationCodec,
  type Decided,
  decidedCodec,
  type Received,
  receivedCodec,
  topics,
  type Verdict,
} from '@sallyport/contracts'
import { verifiedSender } from '@sallyport/policy'
import { type Join, settleRecords } from './join.ts'
import type { Room } from './room.ts'

/** Asks the checks that have not judged, once more, and gives them the late window. An old `unavailable` no longer counts. */
export function askAgain(room: Room, join: Join): void {
  const { accepted } = join
  if (accepted === undefined) return
  const { message, content, checks } = accepted.undecided
  join.hasAskedAgain = true
  join.annotations = join.annotations.filter(({ outcome }) => outcome !== 'unavailable')
  room.joins.setDeadline(join, room.ports.clock.elapsed() + room.settings.lateWindowMs)
  const received: Received = {
    v: 1,
    kind: 'received',
    message,
    content,
    checks: checks.filter((check) => !join.annotations.some((annotation) => annotation.check === check)),
    budgetMs: room.settings.lateWindowMs,
    annotateTo: { topic: topics.annotations.name, partition: join.partition },
    again: true,
  }
  void publish(
    room,
    join,
    'collecting',
    'ask the checks again',
    topics.received.name,
    receivedCodec.encode(received, accepted.headerBlock),
  )
}

/** Appends the decision; it takes effect when it, or an earlier one, is read back. */
export function appendVerdict(room: Room, join: Join, verdict: Verdict): void {
  const record = room.ports.signer.sign({ v: 1, kind: 'verdict' as const, id: join.id, verdict })
  void publish(room, join, 'decided', 'append the verdict', topics.annotations.name, annotationCodec.encode(record), join.partition)
}

/** Acts upon the decision: `mail.decided`, durably, and only then may the watermark pass `undecided`. */
export async function act(room: Room, join: Join, verdict: Verdict): Promise<void> {
  const { accepted } = join
  if (accepted === undefined) return
  const { clock } = room.ports
  const { message, content, acceptedAt } = accepted.undecided
  join.phase = 'acting'
  room.joins.clearDeadline(join)
  const decided: Decided = {
    v: 1,
    kind: 'decided',
    message,
    content,
    verdict,
    verifiedSender: verifiedSender(verdict),
    acceptedAt,
    ...(verdict.action === 'relay' && verdict.waitMs ? { notBefore: clock.now() + Math.ceil(verdict.waitMs) } : {}),
    origin: 'verdict',
  }
  const value = decidedCodec.encode(decided, accepted.headerBlock)
  const isDone = await publish(room, join, 'acting', 'publish the decision', topics.decided.name, value)
  if (!isDone) return
  const { application, traceparent } = message
  room.joins.end(join)
  room.remembered.set(join.id, { application, traceparent, verdict, incomplete: undefined, isActedUpon: true }, clock.elapsed())
  settleRecords(join)
}

/** Publishes durably, for ever, while the join is in `phase`. Resolves with true when it is done and the join is still there. */
async function publish(
  room: Room,
  join: Join,
  phase: Join['phase'],
  what: string,
  topic: string,
  value: Uint8Array,
  partition?: number,
): Promise<boolean> {
  const record = { topic, key: join.id, value, ...(partition === undefined ? {} : { partition }), headers: traceHeaders(join) }
  const isWanted = (): boolean => join.phase === phase
  const outcome = await room.pending.persist({ what, id: join.id, atAnyPrice: true, isWanted }, () =>
    room.ports.bus.publish(record, { durable: true }),
  )
  return outcome === 'done' && isWanted()
}

const traceHeaders = (join: Join): Record<string, string> => {
  const traceparent = join.accepted?.undecided.message.traceparent ?? join.opened?.traceparent
  return traceparent === undefined ? {} : { traceparent }
}
