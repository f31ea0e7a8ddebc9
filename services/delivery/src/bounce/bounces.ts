/** Tells senders and owners what became of their mail. Everything told is a message of our own with a derived id. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ContentStore } from '@sallyport/content'
import type { Job, RecipientResult } from '@sallyport/contracts'
import type { Ledger } from '@sallyport/ledger'
import { type OwnMessage, publishOwn, type RolePorts } from '@sallyport/runtime'
import { isAsciiText, recipientsOf } from '../job-transaction.ts'
import type { DeliveryMetrics } from '../metrics.ts'
import type { BouncedRecipient, NotificationComposer } from './compose.ts'
import { audience, isBeyondAsciiRefused, isWanted, type ReportAction } from './dsn-rule.ts'

export type { ReportAction } from './dsn-rule.ts'

export interface ReportRequest {
  readonly job: Job
  /** What travels beside the job: the content, or its header block. */
  readonly bytes: Uint8Array
  readonly action: ReportAction
  readonly results: readonly { readonly index: number; readonly result: RecipientResult['result']; readonly reply: string }[]
  /** host:port that refused; empty where none did. */
  readonly nextHop: string
}

export interface Report {
  readonly dsnId: string | null
  /** Why a DSN was sent, or why none may be. */
  readonly cause: string
  /** The owner of the application is to be told instead. */
  readonly tellOwner?: true
}

type Results = ReportRequest['results']

export interface Bounces {
  /** Durable when it resolves. A repeat is the same message. Rejects with what the bus fails with. */
  report(request: ReportRequest): Promise<Report>
  /** The `bounced` event of a failure. */
  say(job: Job, report: Report, results: Results): Promise<void>
}

export interface BouncesOptions {
  readonly ports: Pick<RolePorts, 'bus' | 'clock' | 'events' | 'policy' | 'log'> & { readonly content: ContentStore }
  readonly ledger: Ledger
  readonly composer: NotificationComposer
  readonly metrics: DeliveryMetrics
  /** A next hop may refuse a message before its verdict is known, where nobody waited for that. */
  readonly verdictWaitMs: number
}

const lookMs = 100

export function bounces(options: BouncesOptions): Bounces {
  const { ports, ledger, metrics } = options

  async function report(request: ReportRequest): Promise<Report> {
    const { job, action } = request
    const results = request.results.filter(({ index }) => isWanted(recipientsOf(job, [index])[0], action))
    if (results.length === 0) return none('NOTIFY does not ask for it')
    const told = audience(job, await isVerified(job), action)
    switch (told.kind) {
      case 'nobody':
        return none(told.cause)
      case 'owner':
        return toOwner(told.cause)
      case 'sender':
        return await toSender({ ...request, results })
    }
  }

  async function toSender(request: ReportRequest): Promise<Report> {
    const { job, action } = request
    const isOutOfReach = !isAsciiText(job.message.sender) && request.results.some(({ reply }) => isBeyondAsciiRefused(reply))
    if (isOutOfReach) return toOwner('its sender has an address that the next hop does not take')
    const dsn = compose(request)
    if (!dsn) return toOwner('the notification could not be written')
    const { bouncesPerHour } = ports.policy.current()
    if (!(await mayCount(job, dsn.message.id, bouncesPerHour))) {
      const cause = `its sender got ${bouncesPerHour} notifications within an hour`
      return action === 'failed' ? toOwner(cause) : none(cause)
    }
    await publishOwn(ports, dsn)
    metrics.bounced('dsn')
    return { dsnId: dsn.message.id, cause: action }
  }

  /** A defect in writing it must not hold up what it is about for ever. */
  function compose(request: ReportRequest): OwnMessage | undefined {
    const { job, results } = request
    try {
      return options.composer.dsn({ ...request, recipients: results.map((result) => bouncedRecipient(job, result)) })
    } catch (error) {
      ports.log.error({ err: error, id: job.message.id }, 'a notification could not be written')
      return undefined
    }
  }

  /** The console reads it in the event, and tells the owner with the next digest. */
  function toOwner(cause: string): Report {
    metrics.bounced('digest')
    return { dsnId: null, cause, tellOwner: true }
  }

  function none(cause: string): Report {
    metrics.bounced('none')
    return { dsnId: null, cause }
  }

  async function isVerified(job: Job): Promise<boolean> {
    if (job.verifiedSender !== 'unknown') return job.verifiedSender === 'yes'
    try {
      return await foundVerified(job.message.id)
    } catch (error) {
      ports.log.warn({ err: error, id: job.message.id }, 'the ledger is down: the sender counts as not verified')
      return false
    }
  }

  async function foundVerified(messageId: string): Promise<boolean> {
    const untilMs = ports.clock.elapsed() + options.verdictWaitMs
    for (;;) {
      const found = await ledger.verifiedSender(messageId)
      if (found !== undefined || ports.clock.elapsed() >= untilMs) return found === true
      await sleep(lookMs)
    }
  }

  async function mayCount(job: Job, dsnId: string, perHour: number): Promise<boolean> {
    try {
      return await ledger.countDsn(job.message.application, job.message.sender, dsnId, perHour)
    } catch (error) {
      ports.log.warn({ err: error, id: job.message.id }, 'the ledger is down: no notification is sent without counting it')
      return false
    }
  }

  return {
    report,
    async say(job, { dsnId, cause, tellOwner }, results) {
      await ports.events.publish({
        v: 1,
        kind: 'bounced',
        id: job.message.id,
        application: job.message.application,
        traceparent: job.message.traceparent,
        at: ports.clock.now(),
        attempt: job.attempt,
        dsnId,
        cause,
        ...(tellOwner ? { tellOwner } : {}),
        recipients: results.map((result) => ({ ...result, address: recipientsOf(job, [result.index])[0]?.address ?? '' })),
      })
    },
  }
}

function bouncedRecipient(job: Job, { index, reply }: Results[number]): BouncedRecipient {
  const recipient = recipientsOf(job, [index])[0]
  return {
    index,
    address: recipient?.address ?? '',
    reply,
    ...(recipient?.originalRecipient === undefined ? {} : { originalRecipient: recipient.originalRecipient }),
  }
}
