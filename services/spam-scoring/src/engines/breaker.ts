/** Leaves an engine alone that fails again and again, and tries it now and then with one message. */
import type { Clock } from '@sallyport/runtime'
import { EngineUnavailable } from './engine-unavailable.ts'

export interface BreakerOptions {
  /** Opens after so many failures in a row. */
  readonly failures: number
  /** How long it stays open at first; doubled by each probe that fails, up to `maxBackOffMs`. */
  readonly backOffMs: number
  readonly maxBackOffMs: number
}

export type BreakerState = 'closed' | 'open' | 'half-open'

export interface Breaker {
  readonly state: BreakerState
  /**
   * What `question` gives. While the breaker is open, or its one probe is out, fails with ENGINE_UNAVAILABLE (`resting`)
   * without asking. Only ENGINE_UNAVAILABLE counts as a failure, and not where the asker called it off: that says nothing about
   * the engine, and a probe that was called off leaves the place to the next.
   */
  run<T>(question: () => Promise<T>): Promise<T>
}

/** `changed` is told when it opens and when it closes again. */
export function breaker(
  engine: string,
  { failures, backOffMs, maxBackOffMs }: BreakerOptions,
  { elapsed }: Pick<Clock, 'elapsed'>,
  changed: (state: 'open' | 'closed', lastFailure: string) => void = () => undefined,
): Breaker {
  let failed = 0
  let lastFailure = ''
  let waitMs = backOffMs
  let openUntilMs: number | undefined
  let isProbing = false

  function succeeded(): void {
    if (openUntilMs !== undefined) changed('closed', lastFailure)
    failed = 0
    waitMs = backOffMs
    openUntilMs = undefined
  }

  function countFailure(error: EngineUnavailable, isProbe: boolean): void {
    failed += 1
    lastFailure = error.message
    if (isProbe) waitMs = Math.min(maxBackOffMs, waitMs * 2)
    // Those that were asked before it opened do not prolong it.
    const opens = openUntilMs === undefined && failed >= failures
    if (isProbe || opens) openUntilMs = elapsed() + waitMs
    if (opens) changed('open', lastFailure)
  }

  return {
    get state() {
      if (openUntilMs === undefined) return 'closed'
      return isProbing || elapsed() >= openUntilMs ? 'half-open' : 'open'
    },
    async run(question) {
      const isProbe = openUntilMs !== undefined
      if (openUntilMs !== undefined) {
        if (isProbing || elapsed() < openUntilMs) {
          throw new EngineUnavailable(
            'resting',
            `${engine} is not asked for a while, since it failed ${failed} times: ${lastFailure}`,
          )
        }
        isProbing = true
      }
      try {
        const answer = await question()
        succeeded()
        return answer
      } catch (error) {
        if (error instanceof EngineUnavailable && error.why !== 'called-off') countFailure(error, isProbe)
        throw error
      } finally {
        if (isProbe) isProbing = false
      }
    },
  }
}
