/** Says on `mail.roles` which roles this process runs, and knows from there who runs the others (decision 0012). */
import type { Bus } from '@sallyport/bus'
import { type Process, processCodec, topics } from '@sallyport/contracts'
import type { Logger } from 'pino'
import type { Clock, RolesView, SeenProcess } from './role.ts'

export interface PresenceOptions {
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
  readonly instance: string
  /** Between two announcements. Default 10,000. */
  readonly everyMs?: number | undefined
}

export interface Presence extends RolesView {
  /** Resolves when the processes that stand in the table are known. */
  readonly loaded: Promise<void>
  /** This role runs here from now on. */
  running(role: string): void
  /** Takes this process out of the table, waiting for that a second at most. Never throws. */
  stop(): Promise<void>
}

/** What is known of another process. */
interface Row {
  readonly process: Process
  /** Monotonic here: clocks of hosts differ. */
  readonly seenMs: number
}

/** Announcements that may be missed, and a moment for one on its way. */
const missedAnnouncements = 3.5
const gatherMs = 100
const farewellMs = 1_000
/** Rows of processes that did not stop in order are deleted after this. */
const forgetMs = 3_600_000

export async function openPresence(options: PresenceOptions): Promise<Presence> {
  const { bus, clock, log, instance, everyMs = 10_000 } = options
  const startedAt = clock.now()
  const roles = new Set<string>()
  const others = new Map<string, Row>()
  let soon: NodeJS.Timeout | undefined
  let isPublishing = false
  let isStopped = false

  const table = await bus.table({ topic: topics.roles.name, onRow })

  function onRow(key: string, value: Uint8Array | null): void {
    if (key === instance) return
    if (value === null) {
      others.delete(key)
      return
    }
    try {
      const process = processCodec.decode(value).record
      const isKnown = others.has(key)
      // What stood there before us may be old. A clock that differs is put right by the next announcement.
      const ageMs = isKnown ? 0 : Math.max(0, clock.now() - process.at)
      others.set(key, { process, seenMs: clock.elapsed() - ageMs })
    } catch (error) {
      log.warn({ err: error, key }, 'a row of mail.roles cannot be read')
    }
  }

  const isAlive = ({ process, seenMs }: Row): boolean => clock.elapsed() - seenMs <= process.everyMs * missedAnnouncements

  async function announce(): Promise<void> {
    soon = undefined
    // A bus that is down answers late: the next announcement says the same.
    if (isPublishing || isStopped || roles.size === 0) return
    isPublishing = true
    try {
      const value = processCodec.encode({ v: 1, kind: 'process', instance, roles: [...roles], startedAt, at: clock.now(), everyMs })
      await bus.publish({ topic: topics.roles.name, key: instance, value })
      await forgetOld()
    } catch (error) {
      log.debug({ err: error }, 'the roles of this process could not be announced')
    } finally {
      isPublishing = false
    }
  }

  /** One of those that live does it: the one whose name comes first. */
  async function forgetOld(): Promise<void> {
    for (const [key, row] of others) if (isAlive(row) && key < instance) return
    for (const [key, { seenMs }] of others) {
      if (clock.elapsed() - seenMs > forgetMs) await bus.publish({ topic: topics.roles.name, key, value: null })
    }
  }

  async function leave(): Promise<void> {
    if (roles.size === 0) return
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, farewellMs)
    })
    const farewell = bus.publish({ topic: topics.roles.name, key: instance, value: null }).catch(() => {})
    await Promise.race([farewell, late])
    clearTimeout(timer)
  }

  const timer = setInterval(() => void announce(), everyMs)
  timer.unref()
  return {
    loaded: table.loaded,
    running(role) {
      roles.add(role)
      soon ??= setTimeout(() => void announce(), gatherMs).unref()
    },
    processes() {
      const own: SeenProcess = { instance, roles: [...roles], startedAt, lastSeenAt: clock.now(), isAlive: true }
      const seen = Array.from(others.values(), (row): SeenProcess => {
        const { instance, roles, startedAt, at } = row.process
        return { instance, roles, startedAt, lastSeenAt: at, isAlive: isAlive(row) }
      })
      return roles.size === 0 ? seen : [own, ...seen]
    },
    async stop() {
      isStopped = true
      clearInterval(timer)
      clearTimeout(soon)
      await leave()
      await table.stop().catch((error: unknown) => log.warn({ err: error }, 'mail.roles could not be left'))
    },
  }
}
