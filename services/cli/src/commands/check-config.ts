/** `sallyport check-config FILE`: what the gateway would say to this policy. */
import { policyAppliedSchema } from '@sallyport/contracts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit.ts'
import { printFaults, printWarnings, readPolicyText } from '../policy-text.ts'

export const checkConfig: Command = {
  usage: 'check-config FILE',
  about: 'show every fault and warning of a policy, and change nothing',
  words: 1,
  flags: [],
  async run({ api, print, words: [path = ''] }) {
    const body = await readPolicyText(path)
    const headers = { 'content-type': 'application/yaml' }
    const answer = await api.ask({ method: 'PUT', path: '/api/policy?dryRun=true', headers, body }, [422])
    if (!answer.ok) {
      printFaults(print, path, answer.problem)
      return exitCodes.refused
    }
    const checked = api.parse(policyAppliedSchema, answer.text)
    printWarnings(print, checked.warnings)
    print.line(checked.changed ? `${path} is valid` : `${path} is valid, and is the current policy`)
    return exitCodes.ok
  },
}
