/** What several rules want to know of one message: found once, and kept until another message is looked at. */
import type { LintInput } from './port.ts'

/** The function, called once for an input while no other comes between. The last input and its result stay in memory. */
export function kept<T>(find: (input: LintInput) => T): (input: LintInput) => T {
  // A map of all inputs that live costs more than most of what is kept.
  let last: { readonly input: LintInput; readonly result: T } | undefined
  return (input) => {
    if (last?.input !== input) last = { input, result: find(input) }
    return last.result
  }
}
