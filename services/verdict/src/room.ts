/** What the parts of the verdict role share. */
import type { Ledger } from '@sallyport/ledger'
import type { ReplyChannel } from '@sallyport/replies'
import type { RolePorts } from '@sallyport/runtime'
import type { OpenJoins } from './open-joins.ts'
import type { Pending } from './pending.ts'
import type { RememberedVerdicts } from './remembered-verdicts.ts'
import type { VerdictSettings } from './settings.ts'
import type { VerdictMetrics } from './verdict-metrics.ts'

export interface VerdictPorts extends RolePorts {
  readonly replies: ReplyChannel
  readonly ledger: Ledger
}

export interface Room {
  readonly ports: VerdictPorts
  readonly settings: VerdictSettings
  readonly joins: OpenJoins
  readonly remembered: RememberedVerdicts
  readonly metrics: VerdictMetrics
  readonly pending: Pending
}
