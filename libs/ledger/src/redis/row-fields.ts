/** The fields of a message's row as they are read. */
import type { AttemptOutcome, LedgerEntry } from '../port.ts'

export const fields = { split: 'split', verified: 'verified' } as const

const words: readonly AttemptOutcome[] = ['deferred', 'delivered', 'bounced', 'expired', 'dropped']
const outcomes: ReadonlyMap<string, AttemptOutcome> = new Map(words.map((word) => [word, word]))

/** The entries of these recipients, from their fields in the same order. What does not read as an entry is none. */
export function entriesOf(recipients: readonly number[], values: unknown): ReadonlyMap<number, LedgerEntry> {
  const found = new Map<number, LedgerEntry>()
  if (!Array.isArray(values)) return found
  recipients.forEach((recipient, index) => {
    const value: unknown = values[index]
    if (value === null || value === undefined) return
    const [attempt = '', word = ''] = String(value).split(' ')
    const outcome = outcomes.get(word)
    if (outcome && /^\d+$/.test(attempt)) found.set(recipient, { attempt: Number(attempt), outcome })
  })
  return found
}
