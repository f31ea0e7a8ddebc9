/** Finds the policy revision that a message was pinned to. */
import type { CompiledPolicy } from '@sallyport/policy'
import type { PolicyView } from '@sallyport/runtime'

export interface PinnedPolicies {
  /**
   * The revision, at once where it is known here. Otherwise it is waited for, since a message can overtake its policy;
   * undefined when it did not come, and from then on at once for that revision.
   */
  at(revision: number): CompiledPolicy | undefined | Promise<CompiledPolicy | undefined>
  /** Every message that waits goes on without its policy. */
  stop(): void
}

export function pinnedPolicies(view: PolicyView, waitMs: number): PinnedPolicies {
  const absent = new Set<number>()
  const arrivals = new Map<number, Promise<CompiledPolicy | undefined>>()
  const ends = new Set<() => void>()
  const forgetAbsent = view.onChange(() => absent.clear())

  function arrival(revision: number): Promise<CompiledPolicy | undefined> {
    const { promise, resolve } = Promise.withResolvers<CompiledPolicy | undefined>()
    const end = (): void => {
      clearTimeout(timer)
      stopListening()
      ends.delete(end)
      arrivals.delete(revision)
      const found = view.at(revision)
      if (!found) absent.add(revision)
      resolve(found)
    }
    const timer = setTimeout(end, waitMs)
    const stopListening = view.onChange(() => {
      if (view.at(revision)) end()
    })
    ends.add(end)
    arrivals.set(revision, promise)
    return promise
  }

  return {
    at(revision) {
      const known = view.at(revision)
      if (known || absent.has(revision)) return known
      return arrivals.get(revision) ?? arrival(revision)
    },
    stop() {
      forgetAbsent()
      for (const end of ends) end()
    },
  }
}
