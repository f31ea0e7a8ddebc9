/** Ends the collecting of a join: decides, answers who waits, and says what was found (design §4.5). */
import { type Annotation, type MailEvent, maxAnnotationBytes, shortenedAnnotation, type Verdict } from '@sallyport/contracts'
import { type CompiledPolicy, decide, verifiedSender } from '@sallyport/policy'
import { inSpan, keepTrace, type Span, SpanKind, traceIdOf } from '@sallyport/tracing'
import { afterAcceptance } from './after-acceptance.ts'
import { guarded } from './fault.ts'
import { awaitedChecks, type Join, settleRecords, unansweredChecks } from './join.ts'
import { appendVerdict } from './late-decision.ts'
import type { Room } from './room.ts'

/** A record takes 256 KiB. */
const maxEventAnnotationBytes = 160 * 1024

/** What both `opened` and the message of `undecided` say. */
interface Subject {
  readonly application: string
  readonly policyRevision: number
  readonly traceparent: string
}

const subjectOf = (join: Join): Subject | undefined => join.accepted?.undecided.message ?? join.opened

/** Judges by the pinned revision; where that is not known here (yet), the join waits for it, at most `policyWaitMs`. */
export function judge(room: Room, join: Join): void {
  const subject = subjectOf(join)
  if (subject === undefined) return
  const pinned = room.ports.policy.at(subject.policyRevision)
  if (pinned) {
    inSpan('verdict', { parent: subject.traceparent }, (span) => conclude(room, join, subject, pinned, join.annotations, span))
    return
  }
  if (join.phase !== 'awaiting-policy') awaitPolicy(room, join)
}

/**
 * Judges a join whose pinned revision did not appear: nobody can say what its findings mean, so every check counts as
 * unavailable, under the current policy.
 */
export function judgeWithoutPinnedRevision(room: Room, join: Join): void {
  const subject = subjectOf(join)
  const current = currentPolicy(room)
  if (subject === undefined) return
  if (room.ports.policy.at(subject.policyRevision)) {
    judge(room, join)
    return
  }
  if (current === undefined) {
    awaitPolicy(room, join)
    return
  }
  const { policyRevision } = subject
  room.metrics.unknownRevision()
  room.ports.log.warn(
    { id: join.id, policyRevision, currentRevision: current.revision },
    'the pinned policy revision is not known here: every check counts as unavailable under the current one',
  )
  inSpan('verdict', { parent: subject.traceparent }, (span) => conclude(room, join, subject, current, [], span))
}

function awaitPolicy(room: Room, join: Join): void {
  join.phase = 'awaiting-policy'
  room.joins.setDeadline(join, room.ports.clock.elapsed() + room.settings.policyWaitMs)
}

function currentPolicy(room: Room): CompiledPolicy | undefined {
  try {
    return room.ports.policy.current()
  } catch {
    return undefined
  }
}

function conclude(
  room: Room,
  join: Join,
  subject: Subject,
  policy: CompiledPolicy,
  counted: readonly Annotation[],
  span: Span,
): void {
  const { clock } = room.ports
  const { application, traceparent } = subject
  const verdict = decide(policy, { application, checks: awaitedChecks(join) ?? [], annotations: counted })
  const tookMs = clock.elapsed() - join.firstSeenMs
  const late = join.accepted !== undefined
  const replyTo = late ? undefined : join.opened?.replyTo
  room.metrics.judged(subject, verdict, tookMs)
  span.setAttributes({
    'mail.message.id': join.id,
    'mail.application': application,
    'mail.verdict': verdict.action,
    'mail.verdict.checks': [...verdict.decidedBy],
    'mail.verdict.would_be': verdict.wouldBe.action,
    'mail.policy.revision': verdict.policyRevision,
  })
  if (verdict.action !== 'relay') keepTrace(span, verdict.action)
  const at = clock.now()
  const missing = [...unansweredChecks(join)]
  // Made when the client has its reply: it takes longer than everything before.
  const event = (): MailEvent => ({
    v: 1,
    id: join.id,
    application,
    traceparent,
    at,
    kind: 'judged',
    annotations: forOneRecord(join.annotations),
    missing,
    verdict: late ? { ...verdict, late } : verdict,
    replied: Boolean(replyTo),
    late,
    tookMs: Math.round(tookMs * 1000) / 1000,
  })
  if (late) {
    room.joins.clearDeadline(join)
    join.phase = 'decided'
    room.metrics.lateVerdict(join.hasAskedAgain ? 'asked' : 'joined')
    logVerdict(room, join, subject, verdict, tookMs)
    void say(room, event()).then((isSaid) => {
      if (isSaid) guarded(room, join, () => appendVerdict(room, join, afterAcceptance(verdict)))
    })
    return
  }
  const incomplete = missing.length > 0 || counted.length === 0 ? join.annotations : undefined
  room.joins.end(join)
  room.remembered.set(join.id, { application, traceparent, verdict, incomplete, isActedUpon: false }, clock.elapsed())
  if (replyTo) reply(room, replyTo.channel, join.id, verdict)
  logVerdict(room, join, subject, verdict, tookMs)
  void settleWhenSaid(room, join, event(), replyTo ? undefined : verdict)
}

function logVerdict(
  { ports }: Room,
  { id, accepted }: Join,
  { application, traceparent }: Subject,
  verdict: Verdict,
  tookMs: number,
): void {
  if (!ports.log.isLevelEnabled('info')) return
  const { action, decidedBy, wouldBe, policyRevision } = verdict
  const facts = { action, decidedBy, wouldBe: wouldBe.action, policyRevision, late: accepted !== undefined, tookMs }
  ports.log.info({ id, trace_id: traceIdOf(traceparent), application, ...facts }, 'judged')
}

function reply(room: Room, channel: string, id: string, verdict: Verdict): void {
  const { replies, signer, log } = room.ports
  const sent = inSpan('send the reply', { kind: SpanKind.PRODUCER }, () =>
    replies.send(channel, signer.sign({ v: 1, id, verdict })),
  )
  sent.catch((err: unknown) => {
    log.warn({ err, id }, 'could not send the verdict: ingress accepts or refuses the message when its budget ends')
  })
}

/** `unheard`: the verdict that no ingress hears; delivery then asks the ledger whether the sender was verified. */
async function settleWhenSaid(room: Room, join: Join, event: MailEvent, unheard: Verdict | undefined): Promise<void> {
  const saying = say(room, event)
  const verified = unheard === undefined ? 'unknown' : verifiedSender(unheard)
  const isRecorded =
    verified === 'unknown' ||
    (await room.pending.persist({ what: 'record the verified sender', id: join.id }, () =>
      room.ports.ledger.recordVerifiedSender(join.id, verified === 'yes'),
    )) !== 'stopped'
  if ((await saying) && isRecorded) settleRecords(join)
}

/** All of them stand in one event; where they are too long for a record they keep what matters. */
function forOneRecord(annotations: readonly Annotation[]): Annotation[] {
  // Each is at most so long: few need not be measured.
  if (annotations.length * maxAnnotationBytes <= maxEventAnnotationBytes) return [...annotations]
  const bytes = annotations.reduce((sum, annotation) => sum + Buffer.byteLength(JSON.stringify(annotation)), 0)
  return bytes <= maxEventAnnotationBytes ? [...annotations] : annotations.map((annotation) => shortenedAnnotation(annotation, 1))
}

/** Resolves with false where the role stopped before the event was published. */
export async function say(room: Room, event: MailEvent): Promise<boolean> {
  const task = { what: `publish the event "${event.kind}"`, id: event.id }
  return (await room.pending.persist(task, () => room.ports.events.publish(event))) !== 'stopped'
}
