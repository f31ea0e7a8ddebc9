/** One attempt of one job: orders, claim, duplicates, expiry, transaction. What it came to is written down by `conclude`. */
import type { DeliveredRecord } from '@sallyport/bus'
import type { ContentStore } from '@sallyport/content'
import { type Job, type Order, SallyportError } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'
import { inSpan, keepTrace, markFailed, type Span, SpanKind, traceEndedWell } from '@sallyport/tracing'
import type { Capture } from './capture.ts'
import { type Claim, type Claims, isDuplicate } from './claims.ts'
import type { Conclude, Outcome } from './conclude.ts'
import type { HoldForFault } from './hold-for-fault.ts'
import { recipientsOf, transactionOf } from './job-transaction.ts'
import { deferredRecord, previousAttempt } from './jobs.ts'
import type { LaneJob, LanePlace } from './lanes.ts'
import type { DeliveryMetrics } from './metrics.ts'
import type { NextHopClient, TransactionResult } from './next-hop/next-hop.ts'
import { type Orders, pauseWaitMs } from './orders.ts'
import { type Persistence, Stopping } from './persist.ts'
import { type RetrySchedule, tierForWait } from './retry-tiers.ts'
import type { Destinations } from './routes.ts'

/** A job in the window. */
export interface WindowJob extends LaneJob {
  readonly job: Job
  readonly bytes: Uint8Array
  readonly delivered: DeliveredRecord
}

export interface AttemptOptions {
  readonly ports: Pick<RolePorts, 'bus' | 'clock' | 'log'>
  readonly orders: Pick<Orders, 'match'>
  readonly claims: Claims
  readonly destinations: Destinations
  readonly client: NextHopClient
  readonly capture: Capture
  readonly content: ContentStore
  readonly conclude: Conclude
  readonly holdForFault: HoldForFault
  readonly persist: Persistence
  readonly schedule: RetrySchedule
  readonly metrics: DeliveryMetrics
  /** Gives the job back to the window after this wait: somebody else is at it, or a store is down. */
  readonly later: (entry: WindowJob, waitMs: number) => void
}

export type Attempt = (entry: WindowJob, place: LanePlace) => Promise<void>

const storeWaitMs = 5_000
/** Whoever is at it is done long before its claim ends, as a rule. */
const claimLookMs = 2_000

/** Never rejects. The record is settled when everything that follows is durable; else it stays and comes again. */
export function attempter(options: AttemptOptions): Attempt {
  const { ports, claims, metrics } = options

  return (entry, place) => {
    const { job, delivered } = entry
    const spanOptions = {
      kind: SpanKind.CLIENT,
      parent: delivered.headers.traceparent,
      links: [delivered.headers[previousAttempt]],
      attributes: {
        'mail.message.id': job.message.id,
        'mail.application': job.message.application,
        'mail.destination': job.destination,
        'mail.attempt': job.attempt,
        'mail.recipients': job.remaining.length,
      },
    }
    return inSpan('deliver', spanOptions, (span) => attempt(entry, place, span))
  }

  async function attempt(entry: WindowJob, place: LanePlace, span: Span): Promise<void> {
    let claim: Claim | undefined
    try {
      const { job } = entry
      const order = options.orders.match(job, ports.clock.now())
      if (order?.kind === 'pause' || order?.kind === 'suspend') return await putBack(entry, pauseWaitMs(order, ports.clock.now()))
      const taken = await claims.take(job.message.id, job.remaining)
      if (taken.kind === 'wait') return options.later(entry, Math.min(taken.forMs, claimLookMs))
      claim = taken.claim
      const open = job.remaining.filter((index) => !isDuplicate(taken.entries.get(index), job.attempt))
      if (open.length < job.remaining.length) metrics.duplicateSkipped()
      if (open.length === 0) {
        await claims.release(claim)
        return entry.delivered.settle()
      }
      const beganMs = ports.clock.elapsed()
      const outcome = await outcomeOf(entry, open, order, place)
      place.sent()
      describe(span, outcome)
      await options.conclude(entry, claim, { ...outcome, tookMs: ports.clock.elapsed() - beganMs })
      if (isAllDelivered(job, outcome)) traceEndedWell(span)
    } catch (error) {
      if (!(error instanceof Stopping)) markFailed(span, error)
      await afterFailure(entry, claim, error)
    }
  }

  async function outcomeOf(
    entry: WindowJob,
    open: readonly number[],
    order: Order | undefined,
    place: LanePlace,
  ): Promise<Omit<Outcome, 'tookMs'>> {
    const { job, bytes } = entry
    if (order?.kind === 'cancel') return ended(open, 'dropped', `${order.by}: ${order.reason}`, order)
    if (ports.clock.now() >= job.expiresAt) {
      const last = job.lastReply ? `; last reply: ${job.lastReply}` : ''
      return ended(open, 'expired', `554 5.4.7 not delivered in time, given up after ${job.attempt - 1} attempts${last}`)
    }
    const name = order?.kind === 're-route' && order.toRoute !== undefined ? order.toRoute : job.destination
    const destination = options.destinations.find(name)
    if (!destination)
      throw new SallyportError('NOT_FOUND', `there is no route ${name}: add it to the policy, then release the message`)
    const transaction = transactionOf(job, bytes, recipientsOf(job, open), options.content)
    const result: TransactionResult =
      destination.kind === 'capture'
        ? await options.capture.deliver(destination.folder, job, transaction)
        : await options.client.deliver(destination.target, transaction, place)
    return {
      results: result.recipients.map(({ index, outcome, reply }) => ({ index, result: outcome, reply })),
      nextHop: result.nextHop,
      takesDsn: result.takesDsn,
      ...(result.tls === undefined ? {} : { tls: result.tls }),
    }
  }

  /** Another look later; it does not count as an attempt. */
  async function putBack(entry: WindowJob, waitMs: number): Promise<void> {
    const job = { ...entry.job, dueAt: ports.clock.now() + waitMs }
    const record = deferredRecord(job, entry.bytes, tierForWait(waitMs, options.schedule), entry.delivered.headers)
    await options.persist.until('putting a paused message back', () => ports.bus.publish(record, { durable: true }))
    entry.delivered.settle()
  }

  async function afterFailure(entry: WindowJob, claim: Claim | undefined, error: unknown): Promise<void> {
    if (error instanceof Stopping) {
      if (claim) await claims.release(claim)
      return
    }
    if (error instanceof SallyportError && error.retriable) {
      ports.log.warn({ err: error, id: entry.job.message.id }, 'a message waits for its content')
      if (claim) await claims.release(claim)
      return options.later(entry, storeWaitMs)
    }
    if (await options.holdForFault(entry.job, entry.bytes, error)) entry.delivered.settle()
    if (claim) await claims.release(claim)
  }
}

/** Every recipient of the message, at the first attempt. */
const isAllDelivered = ({ attempt, message }: Job, { results }: Pick<Outcome, 'results'>): boolean =>
  attempt === 1 && results.length === message.recipients.length && results.every(({ result }) => result === 'delivered')

/** What was not delivered at once somebody will look at: before what follows is published, so that it carries on that it is sampled. */
function describe(span: Span, { results, nextHop, tls }: Omit<Outcome, 'tookMs'>): void {
  if (!span.isRecording()) return
  const kinds = [...new Set(results.map(({ result }) => result))].sort()
  const codes = [...new Set(results.map(({ reply }) => Number.parseInt(reply, 10)).filter((code) => code > 0))]
  span.setAttributes({ 'mail.dispositions': kinds, 'mail.reply.codes': codes, 'server.address': nextHop, 'tls.protocol.name': tls })
  const unusual = kinds.find((kind) => kind !== 'delivered')
  if (unusual !== undefined) keepTrace(span, unusual)
}

const ended = (open: readonly number[], result: 'dropped' | 'expired', reply: string, order?: Order): Omit<Outcome, 'tookMs'> => ({
  results: open.map((index) => ({ index, result, reply })),
  nextHop: '',
  takesDsn: false,
  ...(order ? { order } : {}),
})
