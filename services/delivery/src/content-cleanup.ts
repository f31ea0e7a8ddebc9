/** Deletes content that nobody needs any more: when every recipient of its message is final, and by age. */
import type { ContentStore } from '@sallyport/content'
import type { Job } from '@sallyport/contracts'
import type { Ledger } from '@sallyport/ledger'
import type { RolePorts } from '@sallyport/runtime'
import type { HeldRows } from './held-rows.ts'

export interface ContentCleanup {
  /** Called after a job without successor. Never throws: what is left is deleted by age. */
  afterJob(job: Job): Promise<void>
  /** Deletes by age, in the ledger, too. Never throws. */
  byAge(): Promise<void>
  /** Deletes at once what is only kept for checks that may still read it. Never throws. */
  stop(): Promise<void>
}

const day = 24 * 3_600_000
/** Below this nothing is deleted by age: a shorter expiry may have come into the policy after the message did. */
const leastKeepMs = 21 * day
const sparedMs = 2 * day

export interface ContentCleanupOptions {
  readonly ports: Pick<RolePorts, 'policy' | 'log' | 'clock'>
  readonly content: ContentStore
  readonly ledger: Ledger
  readonly held: Pick<HeldRows, 'longestKeepMs'>
  /** How long content is kept from acceptance on, whatever became of its message, ms. */
  readonly graceMs: number
}

export function contentCleanup({ ports, content, ledger, held, graceMs }: ContentCleanupOptions): ContentCleanup {
  const kept = new Map<string, NodeJS.Timeout>()

  async function remove(key: string, id: string): Promise<void> {
    try {
      await content.delete(key)
    } catch (error) {
      ports.log.warn({ err: error, id }, 'content of a finished message is not deleted yet')
    }
  }

  return {
    async afterJob(job) {
      if (job.content.kind !== 'stored') return
      try {
        const indexes = job.message.recipients.map((recipient) => recipient.index)
        const entries = await ledger.entries(job.message.id, indexes)
        // An entry that is missing says nothing: content is never deleted because the ledger lacks it.
        if (indexes.some((index) => (entries.get(index)?.outcome ?? 'deferred') === 'deferred')) return
      } catch (error) {
        return ports.log.warn({ err: error, id: job.message.id }, 'content of a finished message is not deleted yet')
      }
      const { key } = job.content
      // Mail that is only watched is sent at once: its checks may be behind it.
      const leftMs = job.acceptedAt + graceMs - ports.clock.now()
      if (leftMs <= 0) return await remove(key, job.message.id)
      clearTimeout(kept.get(key))
      const end = setTimeout(() => {
        kept.delete(key)
        void remove(key, job.message.id)
      }, leftMs)
      kept.set(key, end.unref())
    },
    async stop() {
      const keys = [...kept.keys()]
      for (const timer of kept.values()) clearTimeout(timer)
      kept.clear()
      await Promise.all(keys.map((key) => remove(key, '')))
    },
    async byAge() {
      try {
        const policy = ports.policy.current()
        const expiryMs = Math.max(0, ...policy.document.applications.map(({ name }) => policy.application(name)?.expiryMs ?? 0))
        // A message may first be held and then, released, be tried until it expires.
        const keepMs = Math.max(Math.max(policy.holdMs, held.longestKeepMs()) + expiryMs, leastKeepMs) + sparedMs
        const deleted = await content.deleteOlderThan(keepMs)
        await ledger.prune(keepMs)
        if (deleted > 0) ports.log.info({ deleted }, 'content that is older than any message may be was deleted')
      } catch (error) {
        ports.log.warn({ err: error }, 'old content and ledger entries are not deleted yet')
      }
    },
  }
}
