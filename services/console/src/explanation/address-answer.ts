/** Whether the policy itself authorizes a sender address; what a directory has is known to the address check alone. */
import type { PolicyExplanation } from '@sallyport/contracts'
import { type Mailbox, splitPlus } from '@sallyport/mail'
import { type CompiledApplication, parseAddressPattern } from '@sallyport/policy'

type Sender = Pick<Mailbox, 'localPart' | 'aDomain'>

export function addressAnswer(
  application: CompiledApplication,
  { localPart, aDomain }: Sender,
): Pick<PolicyExplanation['checks'][number], 'outcome' | 'text'> {
  const { addresses = [], directories = [] } = application.declared.senders ?? {}
  const { plusAddressing = true, localPartCase = 'ignore' } = application.settings('address')
  const { base, tag } = splitPlus(localPart)
  const forms = plusAddressing && tag !== undefined ? [localPart, base] : [localPart]
  const inCase = (text: string): string => (localPartCase === 'ignore' ? text.toLowerCase() : text)
  const entry = addresses.find((written) => forms.some((form) => matches(written, inCase(form), aDomain, inCase)))
  if (entry !== undefined) return { outcome: 'pass', text: `the entry ${entry} authorizes it` }
  if (directories.length > 0)
    return { outcome: 'unknown', text: `no entry names it; it depends on the directories ${directories.join(', ')}` }
  if (addresses.length === 0) return { outcome: 'unknown', text: 'no address is registered, so that the check cannot judge' }
  const { length: many } = addresses
  const which = many === 1 ? 'it is not the one registered address' : `it is none of the ${many} registered addresses`
  return { outcome: 'fail', text: `${which} of ${application.name}` }
}

function matches(written: string, localPart: string, aDomain: string, inCase: (text: string) => string): boolean {
  const pattern = parseAddressPattern(written)
  if (!pattern || pattern.domain !== aDomain) return false
  const wanted = inCase(pattern.localPart)
  if (!wanted.endsWith('*')) return wanted === localPart
  const prefix = wanted.slice(0, -1)
  return localPart.startsWith(prefix) && localPart.length > prefix.length
}
