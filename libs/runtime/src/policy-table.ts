/** Follows the `policy` table and keeps the last revisions compiled, so that a message is judged by the one it was pinned to. */
import type { Bus } from '@sallyport/bus'
import { keptRevisions, topics } from '@sallyport/contracts'
import { type CompiledPolicy, compilePolicy, validatePolicy } from '@sallyport/policy'
import type { Logger } from 'pino'
import { decodePolicyRow } from './policy-row.ts'
import type { PolicyView } from './role.ts'

export interface PolicyTable extends PolicyView {
  /** Resolves when the rows that stood at the start are loaded. */
  readonly loaded: Promise<void>
  /** True when there is a revision to judge by. */
  isLoaded(): boolean
  stop(): Promise<void>
}

/**
 * A revision that this version cannot read is logged and skipped: roles keep the last good one. `current` is the highest
 * good revision seen.
 */
export async function followPolicy(bus: Bus, log: Logger): Promise<PolicyTable> {
  const revisions = new Map<number, CompiledPolicy>()
  const listeners = new Set<(policy: CompiledPolicy) => void>()
  let newest: CompiledPolicy | undefined

  function onRow(key: string, value: Uint8Array | null): void {
    try {
      const record = decodePolicyRow(key, value)
      if (!record || revisions.has(record.revision)) return
      const checked = validatePolicy(record.document)
      if (!checked.ok) {
        log.error({ revision: record.revision, faults: checked.faults }, 'a policy revision is invalid here and is not used')
        return
      }
      accept(compilePolicy(checked.document, record.revision))
    } catch (error) {
      log.error({ err: error, key }, 'a policy row cannot be read and is not used')
    }
  }

  function accept(compiled: CompiledPolicy): void {
    revisions.set(compiled.revision, compiled)
    revisions.delete(compiled.revision - keptRevisions)
    if (newest && newest.revision > compiled.revision) return
    newest = compiled
    for (const listener of listeners) listener(compiled)
  }

  const table = await bus.table({ topic: topics.policy.name, onRow })
  return {
    loaded: table.loaded,
    isLoaded: () => newest !== undefined,
    current() {
      if (!newest) throw new Error('no policy is loaded yet')
      return newest
    },
    at: (revision) => revisions.get(revision),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop: () => table.stop(),
  }
}
