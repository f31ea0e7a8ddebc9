/** What each record of `mail.annotations` does to the joins. */
import type { DeliveredRecord } from '@sallyport/bus'
import {
  type Annotation,
  annotationCodec,
  maxAnnotationBytes,
  type Opened,
  shortenedAnnotation,
  type Undecided,
  type VerdictRecord,
} from '@sallyport/contracts'
import { afterAcceptance } from './after-acceptance.ts'
import { closeEarly } from './deadline-passed.ts'
import { guarded } from './fault.ts'
import { addAnnotation, isComplete, type Join, unjudgedChecks } from './join.ts'
import { judge, say } from './judge.ts'
import { act, appendVerdict } from './late-decision.ts'
import type { Room } from './room.ts'

/** The share of the budget after which verdict decides with what it has, so that the reply still finds the client. */
export const closeAtShare = 0.8

/**
 * Handles one record: synchronously, since everything that takes time goes on in `room.pending`. The record is settled when
 * its join is over, or at once where it has none. Throws UNPARSABLE_RECORD.
 */
export function readRecord(room: Room, delivered: DeliveredRecord, forged: (kind: string, id: string) => void): void {
  if (delivered.value === null) {
    delivered.settle()
    return
  }
  const { record, bytes } = annotationCodec.decode(delivered.value)
  if (record.kind === 'annotation') {
    // A checker of others may say more than is kept.
    const isLong = delivered.value.byteLength > maxAnnotationBytes
    onAnnotation(room, delivered, isLong ? shortenedAnnotation(record) : record)
    return
  }
  if (!room.ports.signer.verify(record)) {
    forged(record.kind, record.id)
    delivered.settle()
    return
  }
  switch (record.kind) {
    case 'opened':
      onOpened(room, delivered, record)
      return
    case 'undecided':
      onUndecided(room, delivered, record, bytes)
      return
    case 'verdict':
      onVerdict(room, delivered, record)
      return
  }
}

function onAnnotation(room: Room, delivered: DeliveredRecord, annotation: Annotation): void {
  const { clock, log } = room.ports
  const open = room.joins.get(annotation.id)
  const remembered = open ? undefined : room.remembered.get(annotation.id, clock.elapsed())
  if (remembered) {
    room.metrics.lateAnnotation()
    const { application, traceparent } = remembered
    const head = { v: 1, id: annotation.id, application, traceparent, at: clock.now() }
    log.debug({ id: annotation.id, check: annotation.check }, 'an annotation came after its verdict')
    void say(room, { ...head, kind: 'annotated', annotation }).then((isSaid) => isSaid && delivered.settle())
    return
  }
  const join = open ?? openJoin(room, annotation.id, delivered.partition)
  join.unsettled.push(delivered)
  if (join.phase !== 'collecting' && join.phase !== 'awaiting-policy') return
  addAnnotation(join, annotation)
  if (join.phase === 'collecting' && isComplete(join)) guarded(room, join, () => completed(room, join))
}

/** After acceptance there is time: a check that was unavailable is asked once more before the policy does without it. */
function completed(room: Room, join: Join): void {
  if (join.accepted && !join.hasAskedAgain && unjudgedChecks(join).length > 0) {
    room.joins.setDeadline(join, room.ports.clock.elapsed())
    return
  }
  judge(room, join)
}

function onOpened(room: Room, delivered: DeliveredRecord, opened: Opened): void {
  if (room.remembered.get(opened.id, room.ports.clock.elapsed())) {
    delivered.settle()
    return
  }
  const join = room.joins.get(opened.id) ?? openJoin(room, opened.id, delivered.partition)
  join.unsettled.push(delivered)
  if (join.opened || join.accepted || join.phase !== 'collecting') return
  join.opened = opened
  if (isComplete(join)) {
    guarded(room, join, () => judge(room, join))
    return
  }
  room.joins.setDeadline(join, join.firstSeenMs + closeAtShare * opened.budgetMs)
}

function onUndecided(room: Room, delivered: DeliveredRecord, undecided: Undecided, headerBlock: Uint8Array): void {
  const open = room.joins.get(undecided.id)
  // A repeat of the publish: the first record holds the watermark until the message is decided.
  if (open?.accepted) {
    delivered.settle()
    return
  }
  const nowMs = room.ports.clock.elapsed()
  const remembered = open ? undefined : room.remembered.get(undecided.id, nowMs)
  if (remembered?.isActedUpon) {
    delivered.settle()
    return
  }
  const join = open ?? openJoin(room, undecided.id, delivered.partition)
  join.unsettled.push(delivered)
  join.accepted = { undecided, headerBlock }
  if (remembered && !remembered.incomplete) {
    join.phase = 'decided'
    room.joins.clearDeadline(join)
    room.metrics.lateVerdict('remembered')
    appendVerdict(room, join, afterAcceptance(remembered.verdict))
    return
  }
  for (const annotation of remembered?.incomplete ?? []) addAnnotation(join, annotation)
  if (isComplete(join)) {
    guarded(room, join, () => completed(room, join))
    return
  }
  // Without `opened` nobody was asked as far as this process knows: ask at the next tick. Not at once, since after a restart
  // the decision of an earlier run may be among the next records.
  if (!join.opened) room.joins.setDeadline(join, nowMs)
}

function onVerdict(room: Room, delivered: DeliveredRecord, { id, verdict }: VerdictRecord): void {
  const join = room.joins.get(id)
  // Without its `undecided`, which stands before it in this partition, it was acted upon before a restart. A second one is void.
  if (!join?.accepted || join.phase === 'acting') {
    delivered.settle()
    return
  }
  join.unsettled.push(delivered)
  act(room, join, verdict).catch((err: unknown) => {
    room.ports.log.error({ err, id }, 'a decision cannot be carried out: its records stay, and come again after a restart')
  })
}

function openJoin(room: Room, id: string, partition: number): Join {
  const { joins, settings, ports } = room
  if (joins.size >= settings.maxOpenJoins) closeEarly(room)
  const nowMs = ports.clock.elapsed()
  return joins.open(id, partition, nowMs, nowMs + closeAtShare * settings.budgetMs)
}
