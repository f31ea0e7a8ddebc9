/** Waits for the first policy, which only a process with the role console writes. */
import { SallyportError } from '@sallyport/contracts'
import type { PolicyTable } from '@sallyport/runtime'
import type { Logger } from 'pino'

export interface FirstPolicyOptions {
  /** False where no other process can write it: then nothing is waited for. */
  readonly mayComeFromOthers: boolean
  readonly waitMs: number
  /** The policy file, for the text of the error. */
  readonly file: string
  readonly log: Logger
  /** Told what is waited for, and undefined when that is over. */
  readonly tell: (why: string | undefined) => void
}

/** Resolves when there is a revision to judge by. Fails with POLICY_INVALID. */
export async function firstPolicy(policy: Pick<PolicyTable, 'isLoaded' | 'onChange'>, options: FirstPolicyOptions): Promise<void> {
  const { mayComeFromOthers, waitMs, file, log, tell } = options
  if (policy.isLoaded()) return
  if (!mayComeFromOthers) {
    throw new SallyportError('POLICY_INVALID', `there is no policy yet: start once with the role console, which reads ${file}`)
  }
  tell('the first policy, which a process with the role console writes')
  log.warn({ waitMs }, 'there is no policy yet: this process waits for one with the role console')
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      end()
      reject(
        new SallyportError(
          'POLICY_INVALID',
          `there is no policy after ${Math.round(waitMs / 1000)} s: start a process with the role console on the same kafka.brokers`,
        ),
      )
    }, waitMs)
    const end = policy.onChange(() => {
      clearTimeout(timer)
      end()
      resolve()
    })
  })
  tell(undefined)
}
