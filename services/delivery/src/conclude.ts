/**
 * Writes down what an attempt came to, in the order that loses nothing: what follows (next attempt, DSN), ledger, event,
 * and only then the record is settled (design §4.9).
 */
import type { Job, Order, RecipientResult } from '@sallyport/contracts'
import type { Ledger } from '@sallyport/ledger'
import type { RolePorts } from '@sallyport/runtime'
import { activeTraceparent, traceIdOf } from '@sallyport/tracing'
import type { WindowJob } from './attempt.ts'
import type { Bounces, ReportAction } from './bounce/bounces.ts'
import type { Claim, Claims } from './claims.ts'
import type { ContentCleanup } from './content-cleanup.ts'
import { recipientsOf } from './job-transaction.ts'
import { deferredRecord, previousAttempt } from './jobs.ts'
import type { DeliveryMetrics } from './metrics.ts'
import type { Persistence } from './persist.ts'
import { type RetrySchedule, tierAfter } from './retry-tiers.ts'

export interface IndexedResult {
  readonly index: number
  readonly result: RecipientResult['result']
  readonly reply: string
}

export interface Outcome {
  readonly results: readonly IndexedResult[]
  readonly nextHop: string
  readonly tls?: string
  readonly takesDsn: boolean
  readonly tookMs: number
  /** The order by which the recipients were dropped. */
  readonly order?: Order
}

export interface ConcludeOptions {
  readonly ports: Pick<RolePorts, 'bus' | 'clock' | 'events' | 'log'>
  readonly ledger: Ledger
  readonly claims: Claims
  readonly bounces: Bounces
  readonly cleanup: ContentCleanup
  readonly persist: Persistence
  readonly schedule: RetrySchedule
  readonly delayNoticeMs: number
  readonly metrics: DeliveryMetrics
}

/** Rejects with Stopping, or with a defect: then what it says of the attempt may be incomplete, and the message is to be held. */
export type Conclude = (entry: WindowJob, claim: Claim, outcome: Outcome) => Promise<void>

const ledgerTries = 3

export function concluder(options: ConcludeOptions): Conclude {
  const { ports, persist, bounces, metrics } = options

  return async (entry, claim, outcome) => {
    const { job, bytes } = entry
    const { results } = outcome
    const failed = results.filter(({ result }) => result === 'bounced' || result === 'expired')
    const deferred = results.filter(({ result }) => result === 'deferred')
    const nextJob = deferred.length > 0 ? next(job, deferred) : undefined
    let failure: Awaited<ReturnType<Bounces['report']>> | undefined
    if (failed.length > 0) failure = await report(entry, 'failed', failed, outcome.nextHop)
    if (nextJob) {
      const isDelayNoticeDue = !job.delayNotified && ports.clock.now() - job.acceptedAt >= options.delayNoticeMs
      if (isDelayNoticeDue) await report(entry, 'delayed', deferred, outcome.nextHop)
      const following = isDelayNoticeDue ? { ...nextJob, delayNotified: true } : nextJob
      const record = deferredRecord(following, bytes, tierAfter(job.attempt, options.schedule), headersAfter(job))
      await persist.until('deferring a message', () => ports.bus.publish(record, { durable: true }))
    }
    await reportSuccess(entry, outcome)
    await writeLedger(job, claim, results)
    await say(job, outcome, nextJob?.dueAt)
    if (failure) await persist.until('telling of a bounce', () => bounces.say(job, failure, failed))
    entry.delivered.settle()
    count(job, outcome)
    log(job, outcome, nextJob)
    if (job.content.kind === 'stored' && !nextJob) await options.cleanup.afterJob(job)
  }

  function next(job: Job, deferred: readonly IndexedResult[]): Job {
    const waitMs = options.schedule.tierMs[tierAfter(job.attempt, options.schedule)]
    return {
      ...job,
      remaining: deferred.map(({ index }) => index),
      attempt: job.attempt + 1,
      // Not beyond the expiry, so that the sender hears of it in time.
      dueAt: Math.min(ports.clock.now() + waitMs, Math.max(job.expiresAt, ports.clock.now())),
      lastReply: deferred[0]?.reply ?? '',
    }
  }

  async function report(entry: WindowJob, action: ReportAction, results: readonly IndexedResult[], nextHop: string) {
    let reported: Awaited<ReturnType<Bounces['report']>> = { dsnId: null, cause: '' }
    await persist.until('writing a notification', async () => {
      reported = await bounces.report({ job: entry.job, bytes: entry.bytes, action, results, nextHop })
    })
    return reported
  }

  /** The next hop that takes DSN parameters also takes the duty to notify (RFC 3461 §5.2.2). */
  async function reportSuccess(entry: WindowJob, outcome: Outcome): Promise<void> {
    if (outcome.takesDsn || entry.job.isDsn) return
    const asked = outcome.results.filter(
      ({ index, result }) => result === 'delivered' && recipientsOf(entry.job, [index])[0]?.notify?.includes('SUCCESS'),
    )
    if (asked.length > 0) await report(entry, outcome.nextHop === 'capture' ? 'delivered' : 'relayed', asked, outcome.nextHop)
  }

  /** Without the ledger a delivery is still a delivery: it is tried a few times, then said and counted. */
  async function writeLedger(job: Job, claim: Claim, results: readonly IndexedResult[]): Promise<void> {
    const finished = results.map(({ index, result }) => ({ recipient: index, attempt: job.attempt, outcome: result }))
    for (let tries = 1; ; tries++) {
      try {
        await options.ledger.finish(job.message.id, claim.owner, finished, true)
        return options.claims.forget(claim)
      } catch (error) {
        if (tries < ledgerTries) continue
        ports.log.error({ err: error, id: job.message.id }, 'the ledger did not take an outcome: a repeated job may be sent twice')
        return await options.claims.release(claim)
      }
    }
  }

  async function say(job: Job, outcome: Outcome, nextAttemptAt: number | undefined): Promise<void> {
    const { order } = outcome
    const head = { v: 1, id: job.message.id, application: job.message.application, traceparent: job.message.traceparent }
    const at = ports.clock.now()
    const recipients = outcome.results.map(({ index, result, reply }) => ({ index, address: addressOf(job, index), result, reply }))
    await persist.until('telling of an attempt', async () => {
      if (order) await ports.events.publish({ ...head, at, kind: 'dropped', cause: order.reason, by: order.by })
      await ports.events.publish({
        ...head,
        at,
        kind: 'attempted',
        attempt: job.attempt,
        destination: job.destination,
        nextHop: outcome.nextHop,
        recipients,
        tookMs: outcome.tookMs,
        ...(outcome.tls === undefined ? {} : { tls: outcome.tls }),
        ...(nextAttemptAt === undefined ? {} : { nextAttemptAt }),
      })
    })
  }

  function log({ message, destination, attempt }: Job, { results, nextHop, tookMs }: Outcome, nextJob: Job | undefined): void {
    if (!ports.log.isLevelEnabled('info')) return
    // Never the text of a reply: it names addresses.
    const recipients = results.map(({ index, result, reply }) => ({ index, result, reply: codesOf(reply) }))
    const facts = {
      application: message.application,
      destination,
      attempt,
      nextHop,
      recipients,
      tookMs,
      nextAttemptAt: nextJob?.dueAt,
    }
    ports.log.info({ id: message.id, trace_id: traceIdOf(message.traceparent), ...facts }, 'attempted')
  }

  function count(job: Job, { tookMs, results }: Outcome): void {
    metrics.attempted({
      destination: job.destination,
      traceparent: activeTraceparent() ?? job.message.traceparent,
      seconds: tookMs / 1000,
      results: results.map(({ result }) => result),
      queueSeconds: (ports.clock.now() - job.acceptedAt) / 1000,
    })
  }
}

/** `451 4.2.1` of a reply. */
const codesOf = (reply: string): string => /^\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?/.exec(reply)?.[0] ?? ''

/** So that the next attempt, hours later, links to this one. */
function headersAfter(job: Job): Record<string, string> {
  const { traceparent } = job.message
  const attempt = activeTraceparent()
  return attempt === undefined ? { traceparent } : { traceparent, [previousAttempt]: attempt }
}

const addressOf = (job: Job, index: number): string => recipientsOf(job, [index])[0]?.address ?? ''
