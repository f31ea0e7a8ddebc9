/**
 * The domain check: the envelope sender and every mailbox of header From against the domains that the application may use,
 * which are its own (`senders.domains`) and those of the organization.
 */
import {
  type CheckContext,
  type CheckInput,
  type CheckResult,
  defineChecker,
  firstFew,
  isAddressLiteral,
  pass,
  type SenderIdentity,
  senderIdentities,
} from '@sallyport/checker'
import type { Reason } from '@sallyport/contracts'
import { domainEvidence } from './domain-evidence.ts'
import { notes } from './notes.ts'

export const domainChecker = defineChecker({ name: 'domain', check })

function check(input: CheckInput, context: CheckContext): CheckResult {
  const { identities, faults } = senderIdentities('domain', input, context)
  const { authorizedDomains } = context.application
  const strangers = identities.filter(({ aDomain }) => authorizedDomains.matches(aDomain) === undefined)
  const noted = notes(input, context)
  if (strangers.length === 0 && faults.length === 0) return pass(noted)
  return { outcome: 'fail', reasons: [...strangerReasons(strangers, context), ...faults, ...noted] }
}

/** At most four: literals and names, of the envelope and of header From. */
function* strangerReasons(strangers: readonly SenderIdentity[], context: CheckContext): Iterable<Reason> {
  for (const where of ['envelope', 'from'] as const) {
    const here = strangers.filter((stranger) => stranger.where === where)
    const names = here.filter(({ aDomain }) => !isAddressLiteral(aDomain))
    const literals = here.filter(({ aDomain }) => isAddressLiteral(aDomain))
    if (names.length > 0) yield notAuthorized(where, names, context)
    if (literals.length > 0) yield addressLiteral(where, literals)
  }
}

const placeOf = { envelope: 'the envelope sender (MAIL FROM)', from: 'the From header field' } as const

function notAuthorized(where: SenderIdentity['where'], identities: readonly SenderIdentity[], context: CheckContext): Reason {
  const { application } = context
  const domains = firstFew(identities.map(({ aDomain }) => aDomain))
  const [domain = ''] = domains
  const evidence = domainEvidence(domains, application)
  return {
    rule: `domain.${where}-not-authorized`,
    text: `Application "${application.name}" may not send as ${domains.join(', ')}, which ${placeOf[where]} names.`,
    fix: fixFor(domain, evidence, application.name),
    evidence: { addresses: firstFew(identities.map(({ address }) => address)), ...evidence },
  }
}

function fixFor(domain: string, evidence: ReturnType<typeof domainEvidence>, application: string): string {
  const [meant] = evidence.resembles ?? []
  if (meant !== undefined) return `"${domain}" only looks like "${meant}": write the domain that is ours.`
  const [parent] = evidence.subdomainOf ?? []
  const add = parent === undefined ? `"${domain}"` : `"*.${parent}" (subdomains are not included in "${parent}")`
  return `Send as one of ${evidence.authorized.join(', ')}. If ${domain} is ours, let the mail team add ${add} to senders.domains of "${application}".`
}

const addressLiteral = (where: SenderIdentity['where'], identities: readonly SenderIdentity[]): Reason => ({
  rule: `domain.${where}-address-literal`,
  text: `An IP address stands in ${placeOf[where]} where a domain must be.`,
  fix: 'Set the mail domain of the host or program: it uses the IP address because it knows no name.',
  evidence: { addresses: firstFew(identities.map(({ address }) => address)) },
})
