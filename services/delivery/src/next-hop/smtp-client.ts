/** The next-hop client over SMTP: kept connections, failover along the route's hops, one settled outcome per recipient. */
import type { Clock, Secrets } from '@sallyport/runtime'
import { connectionPool, type Offer } from './connection-pool.ts'
import { hopHealth } from './hop-health.ts'
import {
  type Hop,
  hopName,
  type NextHopClient,
  type Place,
  type SmarthostTarget,
  type Transaction,
  type TransactionResult,
} from './next-hop.ts'
import { HopUnavailable, type OpenConnection, openConnection } from './open-connection.ts'
import { printable } from './reply-reader.ts'
import type { SmtpSession } from './smtp-session.ts'
import { runTransaction, type StageLimits, type TransactionEnd } from './transaction.ts'

export interface SmtpClientOptions {
  readonly hostname: string
  readonly clock: Clock
  readonly secrets: Secrets
  readonly limits: StageLimits
  readonly idleMs: number
  readonly maxAgeMs: number
  readonly avoidHopMs: number
  readonly ca?: string
  readonly onHopFailure: (hop: string, reason: string) => void
}

export interface SmtpClient extends NextHopClient {
  openConnections(): number
  stop(): void
}

const maxKeptTries = 3

const alone: Place = { contentSent: () => false }

type Tried = { readonly session: SmtpSession; readonly end: TransactionEnd }

export function smtpClient(options: SmtpClientOptions): SmtpClient {
  const { clock, limits } = options
  const health = hopHealth(options.avoidHopMs, options.avoidHopMs * 8)
  const now = (): number => clock.elapsed()
  const pool = connectionPool({ clock, idleMs: options.idleMs, maxAgeMs: options.maxAgeMs, open: dial })

  async function dial(target: SmarthostTarget, hop: Hop): Promise<OpenConnection> {
    const credentials =
      target.secret === undefined ? undefined : credentialsOf(target.user, await options.secrets.read(target.secret))
    const connection = await openConnection({
      hop,
      tls: target.tls,
      hostname: options.hostname,
      connectMs: limits.connectMs,
      greetingMs: limits.greetingMs,
      ...(credentials ? { credentials } : {}),
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    })
    if (target.pipelining) return connection
    return { ...connection, offered: { ...connection.offered, pipelining: false } }
  }

  async function run(target: SmarthostTarget, session: SmtpSession, transaction: Transaction, place: Place): Promise<Tried> {
    let offer: Offer | undefined
    const end = await runTransaction(session, transaction, limits, () => {
      offer = pool.offer(target, session)
      return offer !== undefined && place.contentSent()
    })
    if (offer) pool.withdraw(offer)
    if (!offer?.isTaken) pool.giveBack(target, session)
    return { session, end }
  }

  /**
   * Kept connections first: the peer may have closed them meanwhile, which says nothing about the hop. Whoever has no place of his own
   * yet follows on a connection, or waits for his place.
   */
  async function tryHop(target: SmarthostTarget, hop: Hop, transaction: Transaction, place: Place): Promise<Tried> {
    const followed = place.free && pool.takeOffered(target, hop)
    if (followed) {
      const tried = await run(target, followed, transaction, place)
      if (tried.end.kind === 'settled') return tried
    }
    await place.free
    for (let tries = 0; tries < maxKeptTries; tries++) {
      const session = pool.takeKept(target, hop)
      if (!session) break
      const tried = await run(target, session, transaction, place)
      if (tried.end.kind === 'settled') return tried
    }
    return await run(target, await pool.open(target, hop), transaction, place)
  }

  async function deliver(target: SmarthostTarget, transaction: Transaction, place: Place = alone): Promise<TransactionResult> {
    let reply = '451 4.4.4 the route has no next hop'
    for (const hop of target.hops) {
      const name = hopName(hop)
      const avoided = health.avoided(name, now())
      if (avoided !== undefined) {
        reply = avoided
        continue
      }
      try {
        const { session, end } = await tryHop(target, hop, transaction, place)
        if (end.kind === 'settled') {
          health.worked(name)
          return {
            nextHop: name,
            takesDsn: session.offered.dsn,
            recipients: end.recipients,
            ...(session.tls === undefined ? {} : { tls: session.tls }),
          }
        }
        reply = end.reply
        health.lost(name, reply, now())
      } catch (error) {
        if (!(error instanceof HopUnavailable) && !isSecretMissing(error)) throw error
        reply = `451 4.4.1 ${printable(error.message)}`
        health.failed(name, reply, now())
      }
      options.onHopFailure(name, reply)
    }
    return {
      nextHop: '',
      takesDsn: false,
      recipients: transaction.recipients.map(({ index }) => ({ index, outcome: 'deferred', reply })),
    }
  }

  return { deliver, openConnections: () => pool.openConnections(), stop: () => pool.stop() }
}

/** Without a user of the route the secret holds `user:password`. */
function credentialsOf(user: string | undefined, secret: string): { user: string; password: string } {
  if (user !== undefined) return { user, password: secret }
  const colon = secret.indexOf(':')
  return { user: secret.slice(0, Math.max(colon, 0)), password: secret.slice(colon + 1) }
}

/** A secret that is not there yet is the route's fault: its mail waits. */
const isSecretMissing = (error: unknown): error is Error =>
  error instanceof Error && Reflect.get(error, 'code') === 'SECRET_MISSING'
