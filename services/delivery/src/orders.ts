/** The standing orders of operators (`mail.orders`): what applies to a job now. */
import type { Bus } from '@sallyport/bus'
import { type Job, type Order, orderCodec, topics } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'

export interface Orders {
  readonly loaded: Promise<void>
  /** The strongest order that matches: cancel, then suspend or pause, then re-route. */
  match(job: Job, nowMs: number): Order | undefined
  stop(): Promise<void>
}

const strength: readonly Order['kind'][] = ['re-route', 'pause', 'suspend', 'cancel']

export async function followOrders(bus: Bus, log: RolePorts['log']): Promise<Orders> {
  const orders = new Map<string, Order>()
  const table = await bus.table({
    topic: topics.orders.name,
    onRow(key, value) {
      if (value === null) return void orders.delete(key)
      try {
        orders.set(key, orderCodec.decode(value).record)
      } catch (error) {
        log.error({ err: error, key }, 'an order cannot be read and is not followed')
      }
    },
  })
  return {
    loaded: table.loaded,
    match(job, nowMs) {
      if (orders.size === 0) return undefined
      let found: Order | undefined
      for (const order of orders.values()) {
        if (order.expiresAt <= nowMs || !applies(order, job)) continue
        if (!found || strength.indexOf(order.kind) > strength.indexOf(found.kind)) found = order
      }
      return found
    },
    stop: () => table.stop(),
  }
}

/** Every field given must match. An order to cancel or re-route that names nothing is a mistake and applies to nothing. */
export function applies(order: Order, job: Job): boolean {
  const { destination, application, message } = order.match
  const namesNothing = destination === undefined && application === undefined && message === undefined
  if (namesNothing && (order.kind === 'cancel' || order.kind === 're-route')) return false
  return (
    (destination === undefined || destination === job.destination) &&
    (application === undefined || application === job.message.application) &&
    (message === undefined || message === job.message.id)
  )
}

const minute = 60_000

/**
 * How long a job waits before a pause is looked at again: as long as the pause has lasted, between one and fifteen
 * minutes, never beyond its end. So a long pause does not rewrite its backlog every minute, and a short one ends soon.
 */
export const pauseWaitMs = (order: Order, nowMs: number): number =>
  Math.max(1, Math.min(Math.max(minute, Math.min(nowMs - order.at, 15 * minute)), order.expiresAt - nowMs))
