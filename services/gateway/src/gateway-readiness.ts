/** What `/readyz` says of every role that this process is to run, also before it has started and while it stops. */
import type { Readiness, RunningRole } from '@sallyport/runtime'

export class GatewayReadiness {
  readonly #started = new Map<string, Pick<RunningRole, 'readiness'>>()
  readonly #wanted: readonly string[]
  #isStopping = false

  constructor(wanted: readonly string[]) {
    this.#wanted = wanted
  }

  started(name: string, role: Pick<RunningRole, 'readiness'>): void {
    this.#started.set(name, role)
  }

  stopping(): void {
    this.#isStopping = true
  }

  byRole(): Readonly<Record<string, Readiness>> {
    return Object.fromEntries(this.#wanted.map((name) => [name, this.#of(name)]))
  }

  #of(name: string): Readiness {
    if (this.#isStopping) return { ready: false, waitingFor: ['nothing: it stops'] }
    return this.#started.get(name)?.readiness() ?? { ready: false, waitingFor: ['its start'] }
  }
}
