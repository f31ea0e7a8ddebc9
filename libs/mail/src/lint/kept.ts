/** What several rules want to know of one message: found once, and kept as long as the message is. */
import type { LintInput } from './port.ts'

/** The function, called once for an input. It must not return undefined. */
export function kept<T>(find: (input: LintInput) => T): (input: LintInput) => T {
  const found = new WeakMap<LintInput, T>()
  return (input) => {
    const known = found.get(input)
    if (known !== undefined) return known
    const result = find(input)
    found.set(input, result)
    return result
  }
}
