/** An accepted message that hits a defect is held (`fault`), never lost, and nothing else waits for it. */
import { type Job, SallyportError } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'
import type { Hold } from './hold.ts'
import type { DeliveryMetrics } from './metrics.ts'
import { type Persistence, Stopping } from './persist.ts'

export interface FaultHoldOptions {
  readonly ports: Pick<RolePorts, 'log'>
  readonly hold: Hold
  readonly persist: Persistence
  readonly metrics: Pick<DeliveryMetrics, 'fault'>
}

/** Resolves with true when the message is held, durably. With false it could not be: its record stays and comes again. Never rejects. */
export type HoldForFault = (job: Job, bytes: Uint8Array, error: unknown) => Promise<boolean>

export function faultHolder({ ports, hold, persist, metrics }: FaultHoldOptions): HoldForFault {
  return async (job, bytes, error) => {
    const { message, content, verifiedSender, remaining, destination } = job
    const explanation = error instanceof Error ? error.message : String(error)
    ports.log.error({ err: error, id: message.id, destination }, 'a message cannot be sent and is held')
    metrics.fault()
    const request = { message, content, bytes, cause: 'fault' as const, explanation, verdict: null, verifiedSender, remaining }
    try {
      await persist.until('holding a message', () => hold(request))
      return true
    } catch (failure) {
      if (!(failure instanceof Stopping))
        ports.log.error({ err: failure, id: message.id }, 'a message could not be held and comes again')
      return false
    }
  }
}

/** Whether waiting cannot mend it, and no stop explains it. */
export const isDefect = (error: unknown): boolean =>
  !(error instanceof Stopping) && !(error instanceof SallyportError && (error.retriable || error.code === 'BUS_CLOSED'))
