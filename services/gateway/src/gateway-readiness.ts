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
  /** Which servers are away, in words for an operator. */
  readonly troubles?: (() => readonly string[]) | undefined
}

export class GatewayReadiness {
  readonly #started = new Map<string, Pick<RunningRole, 'readiness'>>()
  readonly #wanted: readonly string[]
  #surroundings: Surroundings | undefined
  #waitingFor: string | undefined
  #isStopping = false

  constructor(wanted: readonly string[], surroundings?: Surroundings) {
    this.#wanted = wanted
    this.#surroundings = surroundings
  }

  /** What the start waits for, until undefined is told. */
  waiting(what: string | undefined): void {
    this.#waitingFor = what
  }

  /** What is known from when the bus is there. */
  surroundedBy(surroundings: Surroundings): void {
    this.#surroundings = surroundings
  }

  started(name: string, role: Pick<RunningRole, 'readiness'>): void {
    this.#started.set(name, role)
    this.#surroundings?.presence.running(name)
  }

  stopping(): void {
    this.#isStopping = true
  }

  byRole(): Readonly<Record<string, Readiness>> {
    return Object.fromEntries(this.#wanted.map((name) => [name, this.#of(name)]))
  }

  #of(name: string): Readiness {
    if (this.#isStopping) return { ready: false, waitingFor: ['nothing: it stops'] }
    const own = this.#started.get(name)?.readiness()
    if (own === undefined) return { ready: false, waitingFor: [this.#waitingFor ?? 'its start'] }
    const troubles = this.#surroundings?.troubles?.() ?? []
    const told = troubles.length === 0 ? own : { ...own, warnings: [...(own.warnings ?? []), ...troubles] }
    return name === 'ingress' ? this.#withMissing(told) : told
  }

  /**
   * A role that is missing is a warning: who goes unready gets no mail at all, also none of those who must not notice. Only where
   * nobody's mail can be accepted without verdict is ingress not ready.
   */
  #withMissing(ingress: Readiness): Readiness {
    const surroundings = this.#surroundings
    if (surroundings === undefined) return ingress
    const missing = missingFrom(surroundings).filter(({ role, applications }) => inTheWay.has(role) || applications.length > 0)
    if (missing.length === 0) return ingress
    const warnings = [...(ingress.warnings ?? []), ...missing.map(({ role, why }) => `no process runs ${role}: ${why}`)]
    const isShut = missing.some(({ role }) => role === 'verdict') && needsVerdictToAccept(surroundings.policy.current())
    if (!isShut) return { ...ingress, warnings }
    const waitingFor = [...ingress.waitingFor, 'a process that runs verdict: no application accepts mail without']
    return { ready: false, waitingFor, warnings }
  }
}

function missingFrom({ presence, policy }: Surroundings): readonly MissingRole[] {
  try {
    return missingRoles(policy.current(), presence.processes())
  } catch {
    // There is no policy yet, which ingress says itself.
    return []
  }
}

const inTheWay: ReadonlySet<string> = new Set(['verdict', 'delivery'])
