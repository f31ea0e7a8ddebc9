/** What the roles of a process share, since they share its registry of metrics. */
import type { Registry } from 'prom-client'

/** Made at the first call for a registry, and the same at every later one, whatever else that one is given. */
export function oncePerRegistry<T, More extends readonly unknown[]>(
  make: (registry: Registry, ...more: More) => T,
): (registry: Registry, ...more: More) => T {
  const made = new WeakMap<Registry, { readonly of: T }>()
  return (registry, ...more) => {
    let known = made.get(registry)
    if (!known) {
      known = { of: make(registry, ...more) }
      made.set(registry, known)
    }
    return known.of
  }
}
