/** Ingress and checkers of one thread see the same messages at about the same time: the identities of each are parsed once. */
import { RenewedMap } from '@sallyport/contracts/basics'
import type { HeaderBlock } from './header-block.ts'
import { type HeaderIdentities, headerIdentities } from './identities.ts'

const kept = 256
const recent = new RenewedMap<string, HeaderIdentities>()

/** The identities of this message, from the last 256 or read now. An id stands for one content, so that it is key enough. */
export function recentIdentities(messageId: string, block: () => HeaderBlock): HeaderIdentities {
  const known = recent.get(messageId)
  if (known) return known
  const identities = headerIdentities(block())
  if (recent.size >= kept) recent.delete(recent.first()?.[0] ?? '')
  recent.set(messageId, identities)
  return identities
}
