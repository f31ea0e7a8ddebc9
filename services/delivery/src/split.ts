/** Splits an accepted message: jobs for its destination, a wait until its time, or a hold. The first decision of an id wins. */
import type { Bus } from '@sallyport/bus'
import { type Decided, type Job, SallyportError } from '@sallyport/contracts'
import type { Ledger } from '@sallyport/ledger'
import type { CompiledApplication } from '@sallyport/policy'
import type { RolePorts } from '@sallyport/runtime'
import type { Bounces } from './bounce/bounces.ts'
import type { Hold } from './hold.ts'
import { deferredRecord, outboundRecord } from './jobs.ts'
import type { DeliveryMetrics } from './metrics.ts'
import { type RetrySchedule, tierForWait } from './retry-tiers.ts'
import { connectionsOf, type Destinations } from './routes.ts'

export interface SplitOptions {
  readonly ports: Pick<RolePorts, 'bus' | 'clock' | 'policy' | 'log'>
  readonly ledger: Ledger
  readonly destinations: Destinations
  readonly hold: Hold
  readonly bounces: Bounces
  readonly schedule: RetrySchedule
  readonly metrics: DeliveryMetrics
}

export type Split = (decided: Decided, bytes: Uint8Array) => Promise<void>

const fiveDaysMs = 5 * 24 * 3_600_000

/** Resolves when what follows is durable. Rejects with retriable errors only: anything else holds the message. */
export function splitter(options: SplitOptions): Split {
  const { ports, ledger, metrics } = options

  return async (decided, bytes) => {
    if (await wasSplitBefore(decided.message.id)) return metrics.split('repeat')
    try {
      await split(decided, bytes)
    } catch (error) {
      if (error instanceof SallyportError && error.retriable) throw error
      ports.log.error({ err: error, id: decided.message.id }, 'an accepted message cannot be split and is held')
      metrics.fault()
      await holdAll(decided, bytes, 'fault', error instanceof Error ? error.message : String(error))
    }
    await markSplit(decided.message.id)
  }

  async function split(decided: Decided, bytes: Uint8Array): Promise<void> {
    const { verdict } = decided
    switch (verdict.action) {
      case 'relay':
      case 'defer':
        await relay(decided, bytes)
        return metrics.split('relay')
      case 'hold':
        return verdict.fault === undefined
          ? await holdAll(decided, bytes, 'verdict', explain(decided))
          : await holdAll(decided, bytes, 'fault', verdict.fault)
      case 'reject':
        return await rejectLate(decided, bytes)
    }
  }

  async function relay(decided: Decided, bytes: Uint8Array): Promise<void> {
    const application = applicationOf(decided)
    const destination = options.destinations.find(application?.route ?? 'default')
    if (!destination)
      throw new SallyportError('NOT_FOUND', `there is no route ${application?.route ?? 'default'}: add it to the policy`)
    const job = jobOf(decided, application, destination.name)
    const now = ports.clock.now()
    const dueAt = dueTime(decided, now, options.schedule)
    if (dueAt > now) {
      const waiting = { ...job, dueAt, expiresAt: Math.max(job.expiresAt, dueAt + (job.expiresAt - job.acceptedAt)) }
      await publish(ports.bus, deferredRecord(waiting, bytes, tierForWait(dueAt - now, options.schedule)))
    } else {
      const sharding = { partitions: ports.bus.partitions('mail.outbound.normal'), connections: connectionsOf(destination) }
      // `mail.decided` stays unsettled until then, so that the message is on disk in the one record or the other.
      await ports.bus.publish(outboundRecord(job, bytes, sharding), { durable: 'or-settled' })
    }
  }

  /** After a 250 a message is never thrown away: it is held, or bounced where the policy says so. */
  async function rejectLate(decided: Decided, bytes: Uint8Array): Promise<void> {
    const application = applicationOf(decided)
    const reply = `550 5.7.1 ${explain(decided)}`
    const indexes = decided.message.recipients.map((recipient) => recipient.index)
    const results = decided.message.recipients.map(({ index }) => ({ index, result: 'bounced' as const, reply }))
    if (application?.lateReject !== 'bounce') {
      // The owner is told of it by its event.
      return await holdAll(decided, bytes, 'late-reject', explain(decided))
    }
    const job = jobOf(decided, application, application.route)
    const report = await options.bounces.report({ job, bytes, action: 'failed', results, nextHop: '' })
    await ledger.finish(
      decided.message.id,
      'split',
      indexes.map((recipient) => ({ recipient, attempt: 1, outcome: 'bounced' })),
    )
    await options.bounces.say(job, report, results)
  }

  async function holdAll(decided: Decided, bytes: Uint8Array, cause: 'verdict' | 'late-reject' | 'fault', explanation: string) {
    const { message, content, verdict, verifiedSender } = decided
    const remaining = message.recipients.map((recipient) => recipient.index)
    await options.hold({ message, content, bytes, cause, explanation, verdict, verifiedSender, remaining })
    metrics.split('hold')
  }

  /** The revision that ingress pinned names the route; an application that is gone since is still delivered. */
  function applicationOf(decided: Decided): CompiledApplication | undefined {
    const { application, policyRevision } = decided.message
    return ports.policy.current().application(application) ?? ports.policy.at(policyRevision)?.application(application)
  }

  async function wasSplitBefore(messageId: string): Promise<boolean> {
    try {
      return await ledger.wasSplit(messageId)
    } catch (error) {
      // Jobs that come twice then fall to the ledger when they are sent.
      ports.log.warn({ err: error, id: messageId }, 'the ledger is down: the message is split without asking it')
      return false
    }
  }

  async function markSplit(messageId: string): Promise<void> {
    try {
      await ledger.markSplit(messageId)
    } catch (error) {
      ports.log.warn({ err: error, id: messageId }, 'the ledger is down: a repeat of this message will be split again')
    }
  }
}

const publish = (bus: Bus, record: Parameters<Bus['publish']>[0]) => bus.publish(record, { durable: true })

function jobOf(decided: Decided, application: CompiledApplication | undefined, destination: string): Job {
  const { message, content, verifiedSender, acceptedAt } = decided
  return {
    v: 1,
    kind: 'job',
    message,
    content,
    verifiedSender,
    class: application?.class ?? 'normal',
    destination,
    remaining: message.recipients.map((recipient) => recipient.index),
    attempt: 1,
    acceptedAt,
    expiresAt: acceptedAt + (application?.expiryMs ?? fiveDaysMs),
    ...(decided.origin === 'delivery' ? { isDsn: true } : {}),
  }
}

/** `defer` after acceptance is a wait: as long as the throttle said, else the shortest tier. */
function dueTime(decided: Decided, now: number, schedule: RetrySchedule): number {
  if (decided.notBefore !== undefined) return decided.notBefore
  if (decided.verdict.action !== 'defer') return now
  return decided.acceptedAt + (decided.verdict.waitMs ?? schedule.tierMs['1m'])
}

function explain(decided: Decided): string {
  const { verdict } = decided
  const text = verdict.contributions.find(
    (contribution) => verdict.decidedBy.includes(contribution.check) && contribution.text,
  )?.text
  return text ?? (verdict.decidedBy.length > 0 ? `decided by ${verdict.decidedBy.join(', ')}` : 'decided by the policy')
}
