/** What `/readyz` says of every role that this process is to run, also before it has started and while it stops. */
import {
  type MissingRole,
  missingRoles,
  needsVerdictToAccept,
  type PolicyView,
  type Presence,
  type Readiness,
  type RunningRole,
} from '@sallyport/runtime'

/** What is known of the roles of other processes. */
export interface Surroundings {
  readonly presence: Pick<Presence, 'running' | 'processes'>
  readonly policy: Pick<PolicyView, 'current'>
}

export class GatewayReadiness {
  readonly #started = new Map<string, Pick<RunningRole, 'readiness'>>()
  readonly #wanted: readonly string[]
  readonly #surroundings: Surroundings
  #isStopping = false

  constructor(wanted: readonly string[], surroundings: Surroundings) {
    this.#wanted = wanted
    this.#surroundings = surroundings
  }

  started(name: string, role: Pick<RunningRole, 'readiness'>): void {
    this.#started.set(name, role)
    this.#surroundings.presence.running(name)
  }

  stopping(): void {
    this.#isStopping = true
  }

  byRole(): Readonly<Record<string, Readiness>> {
    return Object.fromEntries(this.#wanted.map((name) => [name, this.#of(name)]))
  }

  #of(name: string): Readiness {
    if (this.#isStopping) return { ready: false, waitingFor: ['nothing: it stops'] }
    const own = this.#started.get(name)?.readiness() ?? { ready: false, waitingFor: ['its start'] }
    return name === 'ingress' ? this.#withMissing(own) : own
  }

  /**
   * A role that is missing is a warning: who goes unready gets no mail at all, also none of those who must not notice. Only where
   * nobody's mail can be accepted without verdict is ingress not ready.
   */
  #withMissing(ingress: Readiness): Readiness {
    const missing = this.#missing().filter(({ role, applications }) => inTheWay.has(role) || applications.length > 0)
    if (missing.length === 0) return ingress
    const warnings = [...(ingress.warnings ?? []), ...missing.map(({ role, why }) => `no process runs ${role}: ${why}`)]
    const isShut = missing.some(({ role }) => role === 'verdict') && needsVerdictToAccept(this.#surroundings.policy.current())
    if (!isShut) return { ...ingress, warnings }
    const waitingFor = [...ingress.waitingFor, 'a process that runs verdict: no application accepts mail without']
    return { ready: false, waitingFor, warnings }
  }

  #missing(): readonly MissingRole[] {
    const { presence, policy } = this.#surroundings
    try {
      return missingRoles(policy.current(), presence.processes())
    } catch {
      // There is no policy yet, which ingress says itself.
      return []
    }
  }
}

const inTheWay: ReadonlySet<string> = new Set(['verdict', 'delivery'])
