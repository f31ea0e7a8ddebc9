/** The orders (`mail.orders`) that suspend an application: its mail is put off at MAIL until they end. */
import type { Bus } from '@sallyport/bus'
import { type Order, orderCodec, topics } from '@sallyport/contracts'
import type { SmtpReply } from '@sallyport/policy'
import type { RolePorts } from '@sallyport/runtime'
import { replies } from '../replies.ts'

export interface Suspensions {
  /** The reply to MAIL of this application while an order suspends it. `nowMs`: since the epoch. */
  replyTo(application: string, nowMs: number): SmtpReply | undefined
  stop(): Promise<void>
}

/** Resolves when every order is known that stands. */
export async function followSuspensions(bus: Bus, log: RolePorts['log']): Promise<Suspensions> {
  const orders = new Map<string, Order>()
  const table = await bus.table({
    topic: topics.orders.name,
    onRow(key, value) {
      orders.delete(key)
      if (value === null) return
      try {
        const order = orderCodec.decode(value).record
        if (suspendsAnApplication(order)) orders.set(key, order)
      } catch (error) {
        log.error({ err: error, key }, 'an order cannot be read and is not followed')
      }
    },
  })
  await table.loaded
  return {
    replyTo(application, nowMs) {
      if (orders.size === 0) return undefined
      let longest: Order | undefined
      for (const order of orders.values()) {
        if (order.match.application !== application || order.expiresAt <= nowMs) continue
        if (!longest || order.expiresAt > longest.expiresAt) longest = order
      }
      return longest && replies.suspended(longest.expiresAt)
    },
    stop: () => table.stop(),
  }
}

/** What suspends a destination or a message as well is for delivery, which knows them. */
const suspendsAnApplication = ({ kind, match }: Order): boolean =>
  kind === 'suspend' && match.application !== undefined && match.destination === undefined && match.message === undefined
