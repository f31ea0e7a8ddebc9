/**
 * The address check: the envelope sender and every mailbox of header From against the addresses that the application may use:
 * those of the policy (`senders.addresses`) and those of its directories.
 */
import {
  type CheckContext,
  type CheckerDefinition,
  type CheckInput,
  type CheckResult,
  defineChecker,
  pass,
  senderIdentities,
  unavailable,
} from '@sallyport/checker'
import type { CompiledApplication, CompiledPolicy } from '@sallyport/policy'
import { AuthorizedAddresses } from './authorized-addresses.ts'
import type { Directories } from './directory/directories.ts'
import { notes } from './notes.ts'
import { directoryUnavailable, notAuthorized, nothingAuthorized } from './reasons.ts'

/** A checker that stops the directories when it is stopped. */
export function addressChecker(directories: Directories): CheckerDefinition {
  const compiled = new WeakMap<CompiledApplication, AuthorizedAddresses>()

  function authorizedOf(policy: CompiledPolicy, application: CompiledApplication): AuthorizedAddresses {
    let authorized = compiled.get(application)
    if (!authorized) {
      authorized = new AuthorizedAddresses(policy, application, directories)
      compiled.set(application, authorized)
    }
    return authorized
  }

  return defineChecker({
    name: 'address',
    check(input, context) {
      const authorized = authorizedOf(context.policy, context.application)
      // Only after a change of the policy that names a new directory.
      const loading = authorized.loading()
      return loading ? loading.then(() => judge(input, context, authorized)) : judge(input, context, authorized)
    },
    readiness: () => directories.readiness(),
    stop: () => directories.stop(),
  })
}

function judge(input: CheckInput, context: CheckContext, authorized: AuthorizedAddresses): CheckResult {
  const { identities, faults } = senderIdentities('address', input, context)
  const { directoryRevision } = authorized
  const revision = directoryRevision === undefined ? {} : { directoryRevision }
  if (authorized.isEmpty) {
    if (faults.length > 0) return { outcome: 'fail', reasons: faults }
    return { outcome: 'unavailable', reasons: [nothingAuthorized(context.application)] }
  }
  const unjudged = identities.filter((identity) => authorized.allows(identity) === 'unknown')
  const strangers = identities.filter((identity) => authorized.allows(identity) === 'no')
  const noted = notes(input, authorized)
  if (strangers.length > 0 || faults.length > 0) {
    return { outcome: 'fail', reasons: [...notAuthorized(strangers, context, authorized), ...faults, ...noted], ...revision }
  }
  if (unjudged.length === 0) return { ...pass(noted), ...revision }
  const { text, evidence } = directoryUnavailable(unjudged, authorized)
  return { ...unavailable('address', 'directory-unavailable', text, evidence), ...revision }
}
