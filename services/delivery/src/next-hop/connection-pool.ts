/** Kept connections per route and hop: the last used first, ended when idle or old. */
import { RenewedMap, RenewedSet } from '@sallyport/contracts'
import type { Clock } from '@sallyport/runtime'
import { type Hop, hopName, type SmarthostTarget } from './next-hop.ts'
import type { OpenConnection } from './open-connection.ts'
import { SmtpSession } from './smtp-session.ts'

export interface PoolOptions {
  readonly clock: Clock
  readonly idleMs: number
  /** A connection is not used for longer than this, so that changes at the next hop take effect. */
  readonly maxAgeMs: number
  readonly open: (target: SmarthostTarget, hop: Hop) => Promise<OpenConnection>
}

export interface ConnectionPool {
  /** A kept connection, or undefined. */
  takeKept(target: SmarthostTarget, hop: Hop): SmtpSession | undefined
  /** A new connection. Fails with HopUnavailable. */
  open(target: SmarthostTarget, hop: Hop): Promise<SmtpSession>
  giveBack(target: SmarthostTarget, session: SmtpSession): void
  /** A connection whose transaction waits for the reply to its content. Undefined where none may follow on it. */
  offer(target: SmarthostTarget, session: SmtpSession): Offer | undefined
  /** A connection that was offered, to follow on it, or undefined. Whoever took it gives it back. */
  takeOffered(target: SmarthostTarget, hop: Hop): SmtpSession | undefined
  /** Nobody can take it any more. */
  withdraw(offer: Offer): void
  openConnections(): number
  /** Ends every connection that is idle; those in use when they come back. */
  stop(): void
}

export interface Offer {
  readonly key: string
  readonly session: SmtpSession
  isTaken: boolean
}

const sweepMs = 500

export function connectionPool(options: PoolOptions): ConnectionPool {
  const { clock } = options
  const sessions = new RenewedSet<SmtpSession>()
  const idle = new Map<string, SmtpSession[]>()
  const offers = new RenewedMap<string, RenewedSet<Offer>>()
  let isStopped = false
  const sweep = setInterval(() => {
    const nowMs = clock.elapsed()
    for (const session of sessions) session.expire(nowMs)
    for (const [key, kept] of idle) {
      const good = kept.filter((session) => !session.isLost() && !isStale(session, nowMs))
      for (const session of kept) if (!good.includes(session)) session.quit()
      if (good.length === 0) idle.delete(key)
      else idle.set(key, good)
    }
  }, sweepMs)
  sweep.unref()

  const keyOf = (target: SmarthostTarget, hop: string): string => `${target.key} ${hop}`
  const isOld = (session: SmtpSession, nowMs: number): boolean => nowMs - session.openedAtMs > options.maxAgeMs
  const isStale = (session: SmtpSession, nowMs: number): boolean =>
    nowMs - session.idleSinceMs > options.idleMs || isOld(session, nowMs)
  const withdraw = (offer: Offer): void => {
    const others = offers.get(offer.key)
    others?.delete(offer)
    if (others?.size === 0) offers.delete(offer.key)
  }

  return {
    takeKept(target, hop) {
      const kept = idle.get(keyOf(target, hopName(hop)))
      for (let session = kept?.pop(); session; session = kept?.pop()) {
        if (session.isLost()) continue
        if (!isStale(session, clock.elapsed())) return session
        session.quit()
      }
      return undefined
    },
    async open(target, hop) {
      const session = new SmtpSession(
        await options.open(target, hop),
        () => clock.elapsed(),
        (lost) => sessions.delete(lost),
      )
      sessions.add(session)
      return session
    },
    giveBack(target, session) {
      if (session.isLost()) return
      if (isStopped) return session.quit()
      session.idleSinceMs = clock.elapsed()
      const key = keyOf(target, session.name)
      const kept = idle.get(key)
      if (kept) kept.push(session)
      else idle.set(key, [session])
    },
    offer(target, session) {
      if (isStopped || !session.offered.pipelining || isOld(session, clock.elapsed())) return undefined
      const offer = { key: keyOf(target, session.name), session, isTaken: false }
      const others = offers.get(offer.key)
      if (others) others.add(offer)
      else offers.set(offer.key, new RenewedSet<Offer>().add(offer))
      return offer
    },
    takeOffered(target, hop) {
      for (const offer of offers.get(keyOf(target, hopName(hop))) ?? []) {
        withdraw(offer)
        if (offer.session.isLost()) continue
        offer.isTaken = true
        return offer.session
      }
      return undefined
    },
    withdraw,
    openConnections: () => sessions.size,
    stop() {
      isStopped = true
      for (const kept of idle.values()) for (const session of kept) session.quit()
      idle.clear()
      if (sessions.size === 0) clearInterval(sweep)
    },
  }
}
