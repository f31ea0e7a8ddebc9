/**
 * Tells owners of applications: at once of the first refusal, hourly of mail that failed and whose sender may not be told, daily of
 * violations. Only owners that the policy names, so that nobody else ever hears of it. Each mail has an id that is derived from what
 * it is about, so that what is sent again after a kill is the same message.
 */
import { messageIdTimeMs, type OwnerFailure, withMessageIdTime } from '@sallyport/contracts'
import { derivedMessageId, ownerDigest } from '@sallyport/mail'
import type { Records } from '@sallyport/records'
import { type Clock, explanationLink, explanationTokens, type OwnRoad, type PolicyView, type RolePorts } from '@sallyport/runtime'
import { dailyText, type NoticeContext, refusalText } from './notice-texts.ts'
import { type OwnMail, ownMail } from './own-mail.ts'
import { type OwnerBook, toldKey } from './owner-book.ts'

export interface OwnerNoticesOptions {
  readonly ports: Pick<RolePorts, 'policy' | 'clock' | 'log' | 'signer'> & OwnRoad
  readonly records: Pick<Records, 'message' | 'readiness'>
  readonly book: OwnerBook
  readonly publicUrl: string | undefined
  /** An owner is told of failures at most this often. */
  readonly digestEveryMs: number
  /** Hour of the day (UTC) after which the daily digest goes. */
  readonly digestHour: number
}

export interface OwnerNotices {
  /** Sends what is due. Never throws: what fails is tried again with the next. */
  tick(): Promise<void>
}

const day = 86_400_000
/** The first failures often come together; and the verdict of a refusal a moment after it. */
const gatherMs = 60_000
const refusalWaitMs = 3_000
const maxListed = 200

export function ownerNotices(options: OwnerNoticesOptions): OwnerNotices {
  const { ports, records, book, publicUrl } = options
  const { policy, clock, log } = ports
  const mail: OwnMail = ownMail(ports, policy)
  const tokens = publicUrl === undefined ? undefined : explanationTokens(ports.signer)

  async function tellRefusals(): Promise<void> {
    for (const [key, { application, id, at, reply }] of [...book.refusals()]) {
      if (clock.now() - at < refusalWaitMs) continue
      const owner = ownerOf(policy, application)
      if (owner) {
        const text = refusalText(application, id, reply, await records.message(id), context())
        const ownId = derivedMessageId(id, 'refusal', owner)
        await mail.send({ id: ownId, application, to: owner, at: clock.now() }, text)
      }
      await book.put(toldKey('refusal', application), { v: 1, kind: 'told', application, at: clock.now(), until: at })
      await book.remove(key)
    }
  }

  async function tellFailures(): Promise<void> {
    const byOwner = Map.groupBy(book.failures(), ([, { application }]) => ownerOf(policy, application) ?? '')
    for (const [owner, entries] of byOwner) {
      const rows = entries.map(([, row]) => row).sort((left, right) => left.at - right.at)
      const [first] = rows
      if (!first || !isDue(first, owner)) continue
      if (owner === '') log.warn({ application: first.application }, 'mail failed, and nobody may be told')
      else await sendFailures(owner, rows)
      for (const [key] of entries) await book.remove(key)
    }
  }

  function isDue({ at }: OwnerFailure, owner: string): boolean {
    const now = clock.now()
    const told = book.toldUntil('failures', owner)
    return now - at >= Math.min(gatherMs, options.digestEveryMs) && (told === undefined || now - told >= options.digestEveryMs)
  }

  async function sendFailures(owner: string, rows: readonly OwnerFailure[]): Promise<void> {
    const [first] = rows
    if (!first) return
    const id = derivedMessageId(first.id, 'failures', owner, ...rows.map(({ id, cause }) => `${id} ${cause}`))
    const listed = rows.slice(0, maxListed)
    const senders = await Promise.all(listed.map(async ({ id }) => (await records.message(id))?.envelope?.sender ?? ''))
    const made = ownerDigest({
      id,
      date: clock.now(),
      from: policy.current().bounceFrom,
      owner,
      application: [...new Set(rows.map(({ application }) => application))].join(', '),
      gateway: policy.current().document.organization.name,
      total: rows.length,
      messages: listed.map(({ id, recipients, reply, cause }, index) => ({
        id,
        sender: senders[index] ?? '',
        recipients,
        reply: reply === '' ? cause : `${reply} (${cause})`,
        date: messageIdTimeMs(id),
      })),
    })
    await mail.sendMade({ id, application: first.application, to: owner, at: clock.now() }, made)
    const now = clock.now()
    await book.put(toldKey('failures', owner), { v: 1, kind: 'told', application: first.application, at: now, until: now })
  }

  async function tellDaily(): Promise<void> {
    const until = lastDigestTime(clock, options.digestHour)
    const byOwner = Map.groupBy(policy.current().document.applications, ({ owner }) => owner)
    for (const [owner, applications] of byOwner) {
      const told = book.toldUntil('daily', owner)
      if (told !== undefined && told >= until) continue
      // An owner that is new is told from now on.
      if (told !== undefined)
        await sendDaily(
          owner,
          applications.map(({ name }) => name),
          Math.max(told, until - 7 * day),
          until,
        )
      const application = applications[0]?.name ?? ''
      await book.put(toldKey('daily', owner), { v: 1, kind: 'told', application, at: clock.now(), until })
    }
  }

  async function sendDaily(owner: string, names: readonly string[], since: number, until: number): Promise<void> {
    const parts = await Promise.all(
      names.map(async (application) => ({
        application,
        checks: (await records.readiness({ application, since, until, violations: 100 })).checks,
        modeOf: (check: string) => policy.current().application(application)?.mode(check) ?? 'off',
      })),
    )
    const text = dailyText(parts, since, until, context())
    if (!text) return
    const id = derivedMessageId(idAt(until), 'daily', owner)
    await mail.send({ id, application: names[0] ?? '', to: owner, at: clock.now() }, text)
  }

  function context(): NoticeContext {
    const { name, contact } = policy.current().document.organization
    const linkOf = (id: string): string | undefined =>
      publicUrl === undefined || !tokens ? undefined : explanationLink(publicUrl, tokens.tokenOf(id))
    return { organization: name, contact, linkOf }
  }

  return {
    async tick() {
      if (!isPolicyLoaded(policy)) return
      for (const tell of [tellRefusals, tellFailures, tellDaily]) {
        await tell().catch((err: unknown) => log.warn({ err }, 'owners could not be told yet'))
      }
    },
  }
}

const ownerOf = (policy: PolicyView, application: string): string | undefined =>
  policy.current().application(application)?.owner || undefined

function isPolicyLoaded(policy: PolicyView): boolean {
  try {
    return policy.current() !== undefined
  } catch {
    return false
  }
}

/** The last time that the clock showed the hour, in ms since the epoch. */
function lastDigestTime(clock: Clock, hour: number): number {
  const now = clock.now()
  const today = Math.floor(now / day) * day + hour * 3_600_000
  return today <= now ? today : today - day
}

const idAt = (ms: number): string => withMessageIdTime('00000000-0000-8000-8000-000000000000', ms)
