/** The standing orders (`mail.orders`) as the console gives and ends them. Delivery obeys them. */
import type { Bus } from '@sallyport/bus'
import { newMessageId, type Order, orderCodec, topics } from '@sallyport/contracts'
import type { Clock, RolePorts } from '@sallyport/runtime'

export type OrderDraft = Pick<Order, 'kind' | 'match' | 'by' | 'reason'> & { readonly forMs: number }

export interface OrderBook {
  /** Those that stand, the newest first. */
  standing(): readonly Order[]
  /** Durable when it resolves. */
  give(draft: OrderDraft): Promise<Order>
  /** Ends an order, durably. */
  end(order: Order): Promise<void>
  stop(): Promise<void>
}

const sweepMs = 60_000

/** Resolves when the orders that stand are known. Rows of orders that are over are deleted now and then. */
export async function openOrderBook(ports: {
  readonly bus: Bus
  readonly clock: Clock
  readonly log: RolePorts['log']
}): Promise<OrderBook> {
  const { bus, clock, log } = ports
  const orders = new Map<string, Order>()
  const table = await bus.table({
    topic: topics.orders.name,
    onRow(key, value) {
      if (value === null) return void orders.delete(key)
      try {
        orders.set(key, orderCodec.decode(value).record)
      } catch (err) {
        log.error({ err, key }, 'an order cannot be read')
      }
    },
  })
  await table.loaded

  const remove = async (orderId: string): Promise<void> => {
    await bus.publish({ topic: topics.orders.name, key: orderId, value: null }, { durable: true })
    orders.delete(orderId)
  }
  async function sweep(): Promise<void> {
    for (const { orderId, expiresAt } of orders.values()) if (expiresAt <= clock.now()) await remove(orderId)
  }
  const sweeping = setInterval(() => {
    sweep().catch((err: unknown) => log.warn({ err }, 'orders that are over cannot be deleted yet'))
  }, sweepMs)
  sweeping.unref()

  return {
    standing() {
      const now = clock.now()
      return [...orders.values()].filter(({ expiresAt }) => expiresAt > now).sort((left, right) => right.at - left.at)
    },
    async give({ forMs, ...draft }) {
      const at = clock.now()
      const order: Order = { v: 1, ...draft, orderId: newMessageId(at), at, expiresAt: at + forMs }
      await bus.publish({ topic: topics.orders.name, key: order.orderId, value: orderCodec.encode(order) }, { durable: true })
      orders.set(order.orderId, order)
      return order
    },
    end: ({ orderId }) => remove(orderId),
    async stop() {
      clearInterval(sweeping)
      await table.stop()
    },
  }
}
