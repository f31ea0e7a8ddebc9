/** Why an engine gave no answer. */
import { SallyportError } from '@sallyport/contracts/basics'

/**
 * `failed`: refused, closed early, or an answer that is none. `timed-out`: no answer in time. `overloaded`: no place in its
 * queue, or none in time. `resting`: not asked, since it failed too often a moment ago. `called-off`: the asker did not wait.
 */
export type Unavailability = 'failed' | 'timed-out' | 'overloaded' | 'resting' | 'called-off'

/** ENGINE_UNAVAILABLE. `message` names the engine and says what happened, for an operator. */
export class EngineUnavailable extends SallyportError {
  readonly why: Unavailability
  constructor(why: Unavailability, message: string, options?: ErrorOptions) {
    super('ENGINE_UNAVAILABLE', message, options)
    this.name = 'EngineUnavailable'
    this.why = why
  }
}

/** `failed`, with the words of what was thrown; what is an EngineUnavailable already stays as it is. */
export function engineFailed(engine: string, cause: unknown): EngineUnavailable {
  if (cause instanceof EngineUnavailable) return cause
  return new EngineUnavailable('failed', `${engine}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
}
