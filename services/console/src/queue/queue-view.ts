/**
 * What was accepted and waits for delivery: read once from the bus, then kept by the events. An entry is a message for one
 * destination. What is held is no part of it.
 */
import type { Bus } from '@sallyport/bus'
import {
  type Decided,
  decidedCodec,
  type Job,
  jobCodec,
  type MailEvent,
  queueReaders,
  RecentIds,
  RenewedMap,
  topics,
} from '@sallyport/contracts'
import type { Ledger, LedgerEntry } from '@sallyport/ledger'
import type { Clock, PolicyView, RolePorts } from '@sallyport/runtime'

export interface Waiting {
  readonly id: string
  readonly application: string
  readonly destination: string
  readonly acceptedAt: number
  /** That remain. */
  readonly recipients: number
  readonly attempts: number
  /** What the next hop said last; empty before the first attempt. */
  readonly lastReply: string
  readonly lastReplyAt: number
  readonly nextAttemptAt: number | undefined
}

export interface QueueView {
  /** To be told of every event, in any order and as often as it comes. */
  see(event: MailEvent): void
  all(): IterableIterator<Waiting>
  readonly size: number
  /** Resolves when what waited at the start is known. */
  readonly loaded: Promise<void>
}

export interface QueueViewPorts {
  readonly bus: Bus
  readonly ledger: Pick<Ledger, 'entries'>
  readonly policy: PolicyView
  readonly clock: Clock
  readonly log: RolePorts['log']
}

const maxReplyChars = 300
/** Processes tell of a message one after the other, and are heard in another order, or twice: what has ended is remembered so long. */
const endedMs = 60_000
const mostEnded = 50_000

/** Reads what waits in the background. */
export function followQueue(ports: QueueViewPorts): QueueView {
  const waiting = new RenewedMap<string, Waiting>()
  /** What is heard of these later is old. */
  const ended = new RecentIds({ elapsed: () => ports.clock.elapsed(), keepMs: endedMs, most: mostEnded })
  /** The same of all that ended while the bus is read. */
  let endedInLoad: Set<string> | undefined = new Set()
  const texts = new Map<string, string>()

  /** A next hop says the same to thousands of messages. */
  function shared(text: string): string {
    const cut = text.slice(0, maxReplyChars)
    const known = texts.get(cut)
    if (known !== undefined) return known
    if (texts.size > 1_000) texts.clear()
    texts.set(cut, cut)
    return cut
  }

  function routeOf(application: string): string {
    try {
      return ports.policy.current().application(application)?.route ?? 'default'
    } catch {
      return 'default'
    }
  }

  function end(id: string): void {
    waiting.delete(id)
    ended.add(id)
    endedInLoad?.add(id)
  }

  const isOver = (id: string): boolean => ended.has(id) || endedInLoad?.has(id) === true

  function begin(id: string, application: string, acceptedAt: number, recipients: number): void {
    if (waiting.has(id)) return
    const destination = shared(routeOf(application))
    const fresh = { attempts: 0, lastReply: '', lastReplyAt: 0, nextAttemptAt: undefined }
    waiting.set(id, { id, application: shared(application), destination, acceptedAt, recipients, ...fresh })
  }

  function attempted(event: Extract<MailEvent, { kind: 'attempted' }>): void {
    const { id, attempt, nextAttemptAt, recipients, at } = event
    const before = waiting.get(id)
    if (before && before.attempts > attempt) return
    if (nextAttemptAt === undefined) {
      end(id)
      return
    }
    const deferred = recipients.filter(({ result }) => result === 'deferred')
    const counted = before?.attempts === attempt && event.part ? before.recipients : 0
    waiting.set(id, {
      id,
      application: shared(event.application),
      destination: shared(event.destination),
      acceptedAt: before?.acceptedAt ?? at,
      recipients: counted + deferred.length,
      attempts: attempt,
      lastReply: shared(deferred[0]?.reply ?? before?.lastReply ?? ''),
      lastReplyAt: at,
      nextAttemptAt,
    })
  }

  /** Records of what has ended stay among what is unread while one before them in their partition has not. */
  async function hasEnded(id: string, recipients: readonly number[]): Promise<boolean> {
    const entries = await ports.ledger.entries(id, recipients).catch(() => new Map<number, LedgerEntry>())
    return recipients.every((index) => (entries.get(index)?.outcome ?? 'deferred') !== 'deferred')
  }

  async function found(job: Job, publishedAt: number): Promise<void> {
    const { id } = job.message
    if (await hasEnded(id, job.remaining)) return
    if (isOver(id) || (waiting.get(id)?.attempts ?? -1) >= job.attempt - 1) return
    waiting.set(id, {
      id,
      application: shared(job.message.application),
      destination: shared(job.destination),
      acceptedAt: job.acceptedAt,
      recipients: job.remaining.length,
      attempts: job.attempt - 1,
      lastReply: shared(job.lastReply ?? ''),
      lastReplyAt: job.attempt > 1 ? publishedAt : 0,
      nextAttemptAt: job.dueAt,
    })
  }

  async function decided({ message, verdict, acceptedAt }: Decided): Promise<void> {
    const recipients = message.recipients.map(({ index }) => index)
    if (verdict.action === 'hold' || (await hasEnded(message.id, recipients)) || isOver(message.id)) return
    begin(message.id, message.application, acceptedAt, message.recipients.length)
  }

  async function load(): Promise<void> {
    const { bus, log } = ports
    try {
      for (const { group, topics: names } of queueReaders) {
        for await (const { topic, value, publishedAt } of bus.unread?.(group, names) ?? []) {
          if (value === null) continue
          if (topic === topics.decided.name) await decided(decidedCodec.decode(value).record)
          else await found(jobCodec.decode(value).record, publishedAt)
        }
      }
    } catch (err) {
      log.warn({ err }, 'the queue could not be read: it shows what happens from now on')
    }
    endedInLoad = undefined
  }

  return {
    see(event) {
      const { id } = event
      switch (event.kind) {
        case 'settled':
          if (event.accepted && event.outcome !== 'hold' && !isOver(id)) {
            begin(id, event.application, event.at, event.recipients.length)
          }
          break
        case 'attempted':
          attempted(event)
          break
        case 'held':
          end(id)
          break
        case 'released':
          ended.delete(id)
          endedInLoad?.delete(id)
          begin(id, event.application, event.at, 1)
          break
        case 'dropped':
          // A message that is cancelled is told of by its attempt, one that was held is no part of the queue.
          break
        case 'bounced':
          // A late reject is bounced without an attempt.
          if (waiting.get(id)?.attempts === 0) end(id)
          break
        case 'judged':
        case 'annotated':
          break
      }
    },
    all: () => waiting.values(),
    get size() {
      return waiting.size
    },
    loaded: load(),
  }
}
