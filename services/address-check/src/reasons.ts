/** What the address check says, in the words of a developer who does not know mail. */
import { type CheckContext, firstFew, type SenderIdentity } from '@sallyport/checker'
import type { Reason } from '@sallyport/contracts'
import { splitPlus } from '@sallyport/mail'
import type { CompiledApplication } from '@sallyport/policy'
import type { AuthorizedAddresses } from './authorized-addresses.ts'

const placeOf = { envelope: 'the envelope sender (MAIL FROM)', from: 'the From header field' } as const
const namedEntries = 3

/** At most one for the envelope and one for header From. */
export function notAuthorized(
  strangers: readonly SenderIdentity[],
  { application }: CheckContext,
  authorized: AuthorizedAddresses,
): readonly Reason[] {
  return (['envelope', 'from'] as const).flatMap((where) => {
    const here = strangers.filter((stranger) => stranger.where === where)
    if (here.length === 0) return []
    const addresses = firstFew(here.map(({ address }) => address))
    const evidence = {
      addresses,
      authorized: firstFew(authorized.entries),
      directories: firstFew(authorized.directoryNames),
      ...(authorized.heldBack.length > 0 ? { directoriesHeldBack: firstFew(authorized.heldBack) } : {}),
      ...withoutPlus(here, authorized),
    }
    return [
      {
        rule: `address.${where}-not-authorized`,
        text: `Application "${application.name}" may not send as ${addresses.join(', ')}, which ${placeOf[where]} names.`,
        fix: fixFor(addresses, application, authorized),
        evidence,
      },
    ]
  })
}

function fixFor([address = '']: readonly string[], application: CompiledApplication, authorized: AuthorizedAddresses): string {
  const own = authorized.entries.slice(0, namedEntries).join(', ')
  const listed = authorized.directoryNames.length > 0 ? `an address in ${authorized.directoryNames.join(', ')}` : ''
  const choices = [own, listed].filter((text) => text !== '').join(', or ')
  return `Send as ${choices}. If ${address} is yours, let the mail team add it to senders.addresses of "${application.name}".`
}

/** Where plus-addressing is off, the address without its tag may be the one that is meant. */
function withoutPlus(strangers: readonly SenderIdentity[], authorized: AuthorizedAddresses): { authorizedWithoutTag?: string[] } {
  if (authorized.plusAddressing) return {}
  const bases = strangers.flatMap(({ localPart, aDomain }) => {
    const { base, tag } = splitPlus(localPart)
    return tag !== undefined && authorized.allows({ localPart: base, aDomain }) === 'yes' ? [`${base}@${aDomain}`] : []
  })
  return bases.length === 0 ? {} : { authorizedWithoutTag: firstFew(bases) }
}

/** Not a pass: an application for which nobody said what it may send as is not thereby allowed everything. */
export const nothingAuthorized = ({ name }: CompiledApplication): Reason => ({
  rule: 'address.nothing-authorized',
  text: `The policy names no sender addresses for application "${name}", so that its addresses cannot be checked.`,
  fix: `Let the mail team add senders.addresses (such as "*@example.com" for a whole domain) or senders.directories to "${name}".`,
  evidence: { application: name },
})

export function directoryUnavailable(
  unjudged: readonly SenderIdentity[],
  authorized: AuthorizedAddresses,
): { readonly text: string; readonly evidence: NonNullable<Reason['evidence']> } {
  return {
    text: 'A directory of authorized addresses cannot be read at the moment, so that the sender could not be checked.',
    evidence: { addresses: firstFew(unjudged.map(({ address }) => address)), directories: firstFew(authorized.problems) },
  }
}
