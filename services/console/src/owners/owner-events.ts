/** What of the events owners have to be told: kept in the book before the events count as read. */
import type { MailEvent } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'
import { type OwnerBook, toldKey } from './owner-book.ts'

/** Events of longer ago come from a log that is read again. */
const freshMs = 7 * 86_400_000
/** An owner is told at once of the first refusal, then by the daily digest until a day without any has passed. */
const quietMs = 86_400_000
/** Events may come late. */
const againMs = 3_600_000
const maxKept = 10_000

/** Idempotent. Rejects as the bus does. */
export type KeepForOwners = (event: MailEvent) => Promise<void>

export function ownerEvents(book: OwnerBook, { clock, policy }: Pick<RolePorts, 'clock' | 'policy'>): KeepForOwners {
  return async (event) => {
    if (clock.now() - event.at > freshMs) return
    switch (event.kind) {
      case 'bounced':
        if (event.tellOwner) await failure(event, event.attempt, event.recipients, event.cause)
        break
      case 'held':
        if (event.cause.startsWith('late-reject:'))
          await failure(event, 0, [], `rejected after acceptance, and held: ${event.cause}`)
        break
      case 'settled':
        if (!event.accepted && event.outcome === 'reject') await refusal(event)
        break
      case 'judged':
      case 'annotated':
      case 'attempted':
      case 'released':
      case 'dropped':
        break
    }
  }

  /** A log that is read again says what was told long ago. */
  function wasTold(application: string, at: number): boolean {
    const owner = policy.current().application(application)?.owner ?? ''
    return at < (book.toldUntil('failures', owner) ?? 0) - againMs
  }

  async function failure(
    { id, application, at }: MailEvent,
    attempt: number,
    recipients: readonly { readonly address: string; readonly reply: string }[],
    cause: string,
  ): Promise<void> {
    const key = `failure/${id}/${attempt}/${recipients[0]?.address ?? ''}`
    if (book.failures().has(key) || book.failures().size >= maxKept || wasTold(application, at)) return
    await book.put(key, {
      v: 1,
      kind: 'failure',
      application,
      at,
      id,
      sender: '',
      recipients: recipients.map(({ address }) => address).slice(0, 20),
      reply: recipients[0]?.reply ?? '',
      cause,
    })
  }

  async function refusal({ id, application, at, reply }: Extract<MailEvent, { kind: 'settled' }>): Promise<void> {
    const lastAt = book.toldUntil('refusal', application)
    if (lastAt !== undefined && at <= lastAt) return
    const key = `refusal/${application}`
    if (book.refusals().has(key)) return
    if (lastAt !== undefined && at - lastAt < quietMs) {
      // The quiet day begins anew, written down now and then only.
      if (at - lastAt > quietMs / 24) {
        await book.put(toldKey('refusal', application), { v: 1, kind: 'told', application, at: clock.now(), until: at })
      }
      return
    }
    await book.put(key, { v: 1, kind: 'refusal', application, at, id, reply })
  }
}
