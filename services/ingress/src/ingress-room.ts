/** What every connection of one ingress works with. */
import type { ContentStore } from '@sallyport/content'
import type { RenewedSet } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'
import type { Authenticator } from './auth/authenticator.ts'
import type { Background } from './background.ts'
import type { ContentMemory } from './content/content-memory.ts'
import type { Backpressure } from './limits/backpressure.ts'
import type { ConnectionsPerClient } from './limits/connections-per-client.ts'
import type { Delays } from './limits/delays.ts'
import type { FairPace } from './limits/fair-pace.ts'
import type { FreeDisk } from './limits/free-disk.ts'
import type { InFlow } from './limits/in-flow.ts'
import type { RefusalPace } from './limits/refusal-pace.ts'
import type { Suspensions } from './limits/suspensions.ts'
import type { ThrottleDoor } from './limits/throttle-door.ts'
import type { UnsettledSlots } from './limits/unsettled-slots.ts'
import type { IngressMetrics } from './metrics.ts'
import type { Networks } from './proxy/networks.ts'
import type { FilledSettings } from './settings.ts'
import type { Desk } from './settle/desk.ts'
import type { IngressConnection } from './smtp/ingress-connection.ts'

export interface IngressRoom {
  readonly ports: RolePorts
  readonly content: ContentStore
  readonly contentMemory: ContentMemory
  readonly settings: FilledSettings
  readonly desk: Desk
  readonly slots: UnsettledSlots
  readonly disk: FreeDisk
  readonly backpressure: Backpressure
  readonly delays: Delays
  readonly fairPace: FairPace
  readonly inFlow: InFlow
  readonly refusalPace: RefusalPace
  readonly throttleDoor: ThrottleDoor
  readonly suspensions: Suspensions
  readonly metrics: IngressMetrics
  readonly authenticator: Authenticator
  readonly background: Background
  readonly proxyNetworks: Networks
  /** Open ones, over all listeners. */
  readonly connections: RenewedSet<IngressConnection>
  readonly perClient: ConnectionsPerClient
  /** Partitions of `mail.annotations`. */
  readonly partitions: number
  isDraining: boolean
}
