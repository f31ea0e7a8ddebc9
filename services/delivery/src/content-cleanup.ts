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
}

const day = 24 * 3_600_000
/** Below this nothing is deleted by age: a shorter expiry may have come into the policy after the message did. */
const leastKeepMs = 21 * day
const sparedMs = 2 * day

export function contentCleanup(
  ports: Pick<RolePorts, 'policy' | 'log'>,
  content: ContentStore,
  ledger: Ledger,
  held: Pick<HeldRows, 'longestKeepMs'>,
): ContentCleanup {
  return {
    async afterJob(job) {
      if (job.content.kind !== 'stored') return
      try {
        const indexes = job.message.recipients.map((recipient) => recipient.index)
        const entries = await ledger.entries(job.message.id, indexes)
        // An entry that is missing says nothing: content is never deleted because the ledger lacks it.
        if (indexes.some((index) => (entries.get(index)?.outcome ?? 'deferred') === 'deferred')) return
        await content.delete(job.content.key)
      } catch (error) {
        ports.log.warn({ err: error, id: job.message.id }, 'content of a finished message is not deleted yet')
      }
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
