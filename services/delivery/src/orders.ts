/** The standing orders of operators (`mail.orders`): what applies to a job now. */
import type { Bus } from '@sallyport/bus'
import { type Job, type Order, orderCodec, topics } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'

export interface Orders {
  readonly loaded: Promise<void>
  /** The strongest order that matches: cancel, then suspend or pause, then re-route. */
  match(job: Job, nowMs: number): Order | undefined
  /** Whether a job that waits since `sinceMs` for its next attempt is to be tried at once: it was told to, or is cancelled. */
  isWoken(job: Job, sinceMs: number, nowMs: number): boolean
  /** Called when an order comes that may wake jobs. Returns what ends it. */
  onWaking(listener: () => void): () => void
  stop(): Promise<void>
}

const strength: readonly Order['kind'][] = ['retry', 're-route', 'pause', 'suspend', 'cancel']
const isWaking = ({ kind }: Order): boolean => kind === 'retry' || kind === 'cancel'

export async function followOrders(bus: Bus, log: RolePorts['log']): Promise<Orders> {
  /** Those that name no message, and those of each message: thousands of the latter may stand. */
  const general = new Map<string, Order>()
  const ofMessage = new Map<string, Map<string, Order>>()
  const messageOf = new Map<string, string>()
  const listeners = new Set<() => void>()

  function remove(orderId: string): void {
    general.delete(orderId)
    const message = messageOf.get(orderId)
    if (message === undefined) return
    messageOf.delete(orderId)
    const orders = ofMessage.get(message)
    orders?.delete(orderId)
    if (orders?.size === 0) ofMessage.delete(message)
  }

  function add(orderId: string, order: Order): void {
    remove(orderId)
    const { message } = order.match
    if (message === undefined) general.set(orderId, order)
    else {
      messageOf.set(orderId, message)
      const orders = ofMessage.get(message) ?? new Map<string, Order>()
      ofMessage.set(message, orders.set(orderId, order))
    }
    if (isWaking(order)) for (const listener of listeners) listener()
  }

  const table = await bus.table({
    topic: topics.orders.name,
    onRow(key, value) {
      if (value === null) return remove(key)
      try {
        add(key, orderCodec.decode(value).record)
      } catch (error) {
        log.error({ err: error, key }, 'an order cannot be read and is not followed')
      }
    },
  })

  function* applying(job: Job, nowMs: number): Iterable<Order> {
    for (const order of general.values()) if (order.expiresAt > nowMs && applies(order, job)) yield order
    for (const order of ofMessage.get(job.message.id)?.values() ?? [])
      if (order.expiresAt > nowMs && applies(order, job)) yield order
  }

  return {
    loaded: table.loaded,
    match(job, nowMs) {
      let found: Order | undefined
      for (const order of applying(job, nowMs)) {
        if (order.kind === 'retry') continue
        if (!found || strength.indexOf(order.kind) > strength.indexOf(found.kind)) found = order
      }
      return found
    },
    isWoken(job, sinceMs, nowMs) {
      for (const order of applying(job, nowMs)) if (isWaking(order) && order.at >= sinceMs) return true
      return false
    },
    onWaking(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    stop: () => table.stop(),
  }
}

/** Every field given must match. An order that names nothing is a mistake and applies to nothing, but for a pause of all. */
export function applies(order: Order, job: Job): boolean {
  const { destination, application, message, acceptedUntil } = order.match
  const namesNothing = destination === undefined && application === undefined && message === undefined
  if (namesNothing && order.kind !== 'pause' && order.kind !== 'suspend') return false
  return (
    (destination === undefined || destination === job.destination) &&
    (application === undefined || application === job.message.application) &&
    (message === undefined || message === job.message.id) &&
    (acceptedUntil === undefined || job.acceptedAt <= acceptedUntil)
  )
}

const minute = 60_000

/**
 * How long a job waits before a pause is looked at again: as long as the pause has lasted, between one and fifteen
 * minutes, never beyond its end. So a long pause does not rewrite its backlog every minute, and a short one ends soon.
 */
export const pauseWaitMs = (order: Order, nowMs: number): number =>
  Math.max(1, Math.min(Math.max(minute, Math.min(nowMs - order.at, 15 * minute)), order.expiresAt - nowMs))
