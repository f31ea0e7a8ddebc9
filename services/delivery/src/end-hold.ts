/** Ends holds: released, dropped or bounced, by a person or by time. A hold never ends silently. */
import type { ContentStore } from '@sallyport/content'
import { type Held, type Job, SallyportError } from '@sallyport/contracts'
import type { Ledger } from '@sallyport/ledger'
import type { RolePorts } from '@sallyport/runtime'
import type { Bounces } from './bounce/bounces.ts'
import { deleteHeldRow } from './hold.ts'
import { outboundRecord } from './jobs.ts'
import { connectionsOf, type Destinations } from './routes.ts'

export interface EndHoldOptions {
  readonly ports: Pick<RolePorts, 'bus' | 'clock' | 'policy' | 'log' | 'events'>
  readonly ledger: Ledger
  readonly content: ContentStore
  readonly destinations: Destinations
  readonly bounces: Bounces
}

export type HoldEnd = 'release' | 'drop' | 'bounce'

/** Idempotent: repeated after a crash in between, it ends the same way. Rejects with retriable errors, then nothing is lost. */
export type EndHold = (held: Held, end: HoldEnd, by: string, reason: string) => Promise<void>

const fiveDaysMs = 5 * 24 * 3_600_000

export function holdEnder(options: EndHoldOptions): EndHold {
  const { ports, ledger } = options

  return async (held, end, by, reason) => {
    const { id } = held.message
    // Where a job was held for a fault, some recipients may have ended since: they are not touched again.
    const entries = await ledger.entries(id, held.remaining)
    const open = held.remaining.filter((index) => (entries.get(index)?.outcome ?? 'deferred') === 'deferred')
    const attempt = 1 + Math.max(0, ...[...entries.values()].map((entry) => entry.attempt))
    if (open.length > 0) await act(held, end, open, attempt, reason)
    await deleteHeldRow(ports.bus, id)
    const kind = end === 'release' ? 'released' : 'dropped'
    await ports.events.publish({ ...head(held), kind, cause: end === 'bounce' ? `bounced: ${reason}` : reason, by })
    if (end !== 'release') await deleteContent(held)
  }

  async function act(held: Held, end: HoldEnd, open: readonly number[], attempt: number, reason: string): Promise<void> {
    switch (end) {
      case 'release':
        return await release(held, open, attempt)
      case 'drop':
        return await finish(held, open, attempt, 'dropped')
      case 'bounce': {
        const job = jobOf(held, 'default', open, attempt)
        const results = open.map((index) => ({ index, result: 'bounced' as const, reply: `550 5.7.1 ${reason}` }))
        const report = await options.bounces.report({ job, bytes: await headerBlock(held), action: 'failed', results, nextHop: '' })
        await finish(held, open, attempt, 'bounced')
        await options.bounces.say(job, report, results)
      }
    }
  }

  async function release(held: Held, open: readonly number[], attempt: number): Promise<void> {
    const route = ports.policy.current().application(held.message.application)?.route ?? 'default'
    const destination = options.destinations.find(route)
    if (!destination) throw new SallyportError('NOT_FOUND', `there is no route ${route}: add it to the policy and release again`)
    const sharding = { partitions: ports.bus.partitions('mail.outbound.normal'), connections: connectionsOf(destination) }
    const job = jobOf(held, destination.name, open, attempt)
    await ports.bus.publish(outboundRecord(job, await headerBlock(held), sharding), { durable: true })
  }

  /** The time to deliver begins at the release: the hold may have lasted longer than the application's expiry. */
  function jobOf(held: Held, destination: string, open: readonly number[], attempt: number): Job {
    const application = ports.policy.current().application(held.message.application)
    const now = ports.clock.now()
    return {
      v: 1,
      kind: 'job',
      message: held.message,
      content: held.content,
      verifiedSender: held.verifiedSender,
      class: application?.class ?? 'normal',
      destination,
      remaining: [...open],
      attempt,
      acceptedAt: now,
      expiresAt: now + (application?.expiryMs ?? fiveDaysMs),
    }
  }

  async function finish(held: Held, open: readonly number[], attempt: number, outcome: 'dropped' | 'bounced'): Promise<void> {
    await ledger.finish(
      held.message.id,
      'hold',
      open.map((recipient) => ({ recipient, attempt, outcome })),
    )
  }

  async function headerBlock(held: Held): Promise<Uint8Array> {
    if (held.content.kind === 'inline') return new Uint8Array(0)
    const wanted = held.content.headerBytes
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of options.content.read(held.content)) {
      chunks.push(chunk)
      bytes += chunk.byteLength
      if (bytes >= wanted) break
    }
    return Buffer.concat(chunks).subarray(0, wanted)
  }

  async function deleteContent(held: Held): Promise<void> {
    if (held.content.kind !== 'stored') return
    const indexes = held.message.recipients.map((recipient) => recipient.index)
    const entries = await ledger.entries(held.message.id, indexes)
    const isFinal = indexes.every((index) => (entries.get(index)?.outcome ?? 'deferred') !== 'deferred')
    if (isFinal) await options.content.delete(held.content.key)
  }

  function head({ message }: Held) {
    return { v: 1, id: message.id, application: message.application, traceparent: message.traceparent, at: ports.clock.now() }
  }
}
