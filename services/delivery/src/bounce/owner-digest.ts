/**
 * Tells owners of applications about mail that failed and whose sender may not be told: one message per owner and hour.
 * What is not yet told is in memory; the `bounced` events of a process that was killed keep it.
 */
import type { Message } from '@sallyport/contracts'
import type { Clock, RolePorts } from '@sallyport/runtime'
import type { NotificationComposer } from './compose.ts'
import { type OwnRoad, publishOwn } from './publish-own.ts'

export interface DigestEntry {
  readonly message: Message
  readonly recipients: readonly { readonly address: string; readonly reply: string }[]
  readonly cause: string
}

export interface OwnerDigest {
  add(entry: DigestEntry): void
  /** Sends what is due. Never throws. */
  tick(): Promise<void>
  /** Sends everything that is pending, due or not. Never throws. */
  flush(): Promise<void>
}

export interface OwnerDigestOptions {
  readonly road: OwnRoad
  readonly clock: Clock
  readonly log: RolePorts['log']
  readonly composer: NotificationComposer
  /** Address of the owner of an application, or undefined. */
  readonly ownerOf: (application: string) => string | undefined
  readonly everyMs: number
}

interface Pending {
  entries: DigestEntry[]
  /** Those beyond what one message lists. */
  unlisted: number
  firstAtMs: number
}

const maxListed = 200
/** The first failures often come together. */
const gatherMs = 60_000

export function ownerDigest(options: OwnerDigestOptions): OwnerDigest {
  const { clock, log } = options
  const pending = new Map<string, Pending>()
  const sentAtMs = new Map<string, number>()

  async function send(owner: string, batch: Pending): Promise<void> {
    pending.delete(owner)
    try {
      await publishOwn(options.road, options.composer.digest(owner, batch.entries, batch.unlisted))
      sentAtMs.set(owner, clock.elapsed())
    } catch (error) {
      log.warn({ err: error, owner }, 'an owner could not be told of failed mail yet')
      const since = pending.get(owner)
      pending.set(owner, {
        entries: [...batch.entries, ...(since?.entries ?? [])].slice(0, maxListed),
        unlisted: batch.unlisted + (since?.unlisted ?? 0),
        firstAtMs: batch.firstAtMs,
      })
    }
  }

  const isDue = (owner: string, batch: Pending): boolean => {
    const last = sentAtMs.get(owner)
    const now = clock.elapsed()
    const gatheredAtMs = batch.firstAtMs + Math.min(gatherMs, options.everyMs)
    return now >= gatheredAtMs && (last === undefined || now - last >= options.everyMs)
  }

  return {
    add(entry) {
      const owner = options.ownerOf(entry.message.application)
      if (owner === undefined) {
        log.warn({ id: entry.message.id, application: entry.message.application }, 'a message failed, and nobody may be told')
        return
      }
      const batch = pending.get(owner) ?? { entries: [], unlisted: 0, firstAtMs: clock.elapsed() }
      pending.set(owner, batch)
      if (batch.entries.length < maxListed) batch.entries.push(entry)
      else batch.unlisted++
    },
    async tick() {
      if (pending.size === 0) return
      await Promise.all([...pending].filter(([owner, batch]) => isDue(owner, batch)).map(([owner, batch]) => send(owner, batch)))
    },
    async flush() {
      await Promise.all([...pending].map(([owner, batch]) => send(owner, batch)))
    },
  }
}
