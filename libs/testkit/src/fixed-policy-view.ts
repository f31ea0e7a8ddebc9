/** A policy view over revisions that a test hands in. */
import type { CompiledPolicy } from '@sallyport/policy'
import type { PolicyView } from '@sallyport/runtime'

export interface FixedPolicyView extends PolicyView {
  /** Makes this revision the current one, keeps the others for `at`, and tells the listeners. */
  replace(compiled: CompiledPolicy): void
}

/** Without a revision `current` throws, as before the first is loaded. */
export function fixedPolicyView(compiled?: CompiledPolicy): FixedPolicyView {
  const revisions = new Map<number, CompiledPolicy>()
  const listeners = new Set<(policy: CompiledPolicy) => void>()
  let newest = compiled
  if (compiled) revisions.set(compiled.revision, compiled)
  return {
    current() {
      if (!newest) throw new Error('no policy is loaded yet')
      return newest
    },
    at: (revision) => revisions.get(revision),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    replace(next) {
      newest = next
      revisions.set(next.revision, next)
      for (const listener of listeners) listener(next)
    },
  }
}
