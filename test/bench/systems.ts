/** The systems that can be measured, by the name that `--systems` takes. */
import { startSallyport } from './gateway.ts'
import { startPostfix } from './postfix.ts'
import { startPostfixWithChecks } from './postfix-rspamd.ts'
import { startBareRelay, startNothing } from './reference/references.ts'
import type { System, SystemOptions } from './system.ts'

export interface SystemChoice {
  /** Sallyport with all four checks enforced, not only `domain` and `address`. */
  readonly fourChecks: boolean
  readonly nodeFlags: readonly string[]
}

export function startSystem(name: string, at: SystemOptions, { fourChecks, nodeFlags }: SystemChoice): Promise<System> {
  switch (name) {
    case 'postfix':
      return startPostfix(at)
    case 'postfix-rspamd':
      return startPostfixWithChecks(at, { bayes: false })
    case 'postfix-rspamd-bayes':
      return startPostfixWithChecks(at, { bayes: true })
    case 'sallyport':
      return startSallyport(at, { fourChecks, nodeFlags })
    case 'bare':
      return startBareRelay(at)
    case 'direct':
      return startNothing(at)
    default:
      throw new Error(`no system is called ${name}`)
  }
}
