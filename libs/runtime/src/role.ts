/** What every role is given, and what it gives back. A role is a function of ports and knows nothing of how they are provided. */
import type { Bus } from '@sallyport/bus'
import type { MailEvent } from '@sallyport/contracts'
import type { CompiledPolicy } from '@sallyport/policy'
import type { Tracing } from '@sallyport/tracing'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Signer } from './signer.ts'

export interface Clock {
  /** Wall clock, ms since the epoch: only for what people read and for due times. */
  now(): number
  /** Monotonic, ms: for every duration. */
  elapsed(): number
}

/** The policy as this process knows it. */
export interface PolicyView {
  /** The newest good revision. Throws before the first is loaded. */
  current(): CompiledPolicy
  /** A revision among the last 16, or undefined. */
  at(revision: number): CompiledPolicy | undefined
  /** Called after each new revision. Returns a function that ends it. */
  onChange(listener: (policy: CompiledPolicy) => void): () => void
}

/** Where a role reads a secret by its name. Never logged. Fails with SECRET_MISSING. */
export interface Secrets {
  read(name: string): Promise<string>
}

/** Publishes events in the background (acks=all): ingress never waits; consumers await `flushed` before they settle. */
export interface EventPublisher {
  publish(event: MailEvent): Promise<void>
}

/** A process of this gateway, as `mail.roles` tells. */
export interface SeenProcess {
  readonly instance: string
  readonly roles: readonly string[]
  /** By its own clock, ms since the epoch. */
  readonly startedAt: number
  readonly lastSeenAt: number
  /** False when it has missed several announcements. One that stops in order is not seen any more. */
  readonly isAlive: boolean
}

export interface RolesView {
  /** This process among them, as soon as its roles run. */
  processes(): readonly SeenProcess[]
}

export interface RolePorts {
  readonly bus: Bus
  readonly policy: PolicyView
  readonly signer: Signer
  readonly events: EventPublisher
  readonly secrets: Secrets
  readonly clock: Clock
  readonly log: Logger
  /** One registry per process; a role registers its own metrics, named `sallyport_<role>_…`. */
  readonly metrics: Registry
  /** Unique to this process: names claims and channels. */
  readonly instance: string
  /** Who runs which role, over all processes. Absent where a role is started by itself. */
  readonly presence?: RolesView | undefined
  /** How spans tell addresses, and what counts as slow. Absent where nothing is traced. */
  readonly tracing?: Pick<Tracing, 'addressWord' | 'slowMs'> | undefined
}

export interface Readiness {
  readonly ready: boolean
  /** Why not, in words for an operator. */
  readonly waitingFor: readonly string[]
  /** What is wrong although it is ready, in words for an operator. */
  readonly warnings?: readonly string[] | undefined
}

/** A role that runs. `stop` drains: it takes nothing new, finishes what is in flight, and never throws. */
export interface RunningRole {
  readonly name: string
  readiness(): Readiness
  stop(): Promise<void>
}
