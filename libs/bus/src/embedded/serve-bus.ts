/** The owner's side of the bus for one worker thread: members of groups that live there are members here. */
import type { MessagePort } from 'node:worker_threads'
import { RenewedMap } from '@sallyport/contracts/basics'
import { defaultDrainMs } from '../consuming/member.ts'
import { joined } from '../joined.ts'
import type { Bus, Consumer, DeliveredRecord, Table, TopicPartition } from '../port.ts'
import { fromFailure, toFailure } from './failure.ts'
import type { Failure, FromOwner, FromWorker, Push, Request } from './worker-protocol.ts'

/** What the worker was pushed and has not said the end of. */
interface Open {
  readonly record: DeliveredRecord | undefined
  readonly resolve: () => void
  readonly reject: (error: Error) => void
  isHandled: boolean
  isSettled: boolean
}

/**
 * Serves `bus` to the thread at the other end of `port` until the port closes: then, also when the thread died, its
 * consumers leave their groups at once and others take over. Returns a function that ends it.
 */
export function serveBusToWorker(bus: Bus, topics: readonly string[], port: MessagePort): () => Promise<void> {
  const consumers = new Map<number, Promise<Consumer>>()
  const tables = new Map<number, Promise<Table>>()
  const open = new RenewedMap<number, Open>()
  let next = 0
  let isClosed = false

  const send = (message: FromOwner): void => {
    if (!isClosed) port.postMessage(message)
  }

  /** Pushes something that the worker says the end of. */
  function ask(push: (id: number) => Push, record?: DeliveredRecord): Promise<void> {
    const id = next++
    return new Promise((resolve, reject) => {
      open.set(id, { record, resolve, reject, isHandled: false, isSettled: record === undefined })
      if (isClosed) reject(new Error('the worker thread is gone'))
      else send(push(id))
    })
  }

  function ended(id: number, failure: Failure | undefined): void {
    const waiting = open.get(id)
    if (!waiting) return
    // A record that was handled may still be settled later, and one that failed is handled again.
    waiting.isHandled = true
    if (failure || waiting.isSettled) open.delete(id)
    if (failure) waiting.reject(fromFailure(failure))
    else waiting.resolve()
  }

  function settle(id: number): void {
    const settled = open.get(id)
    if (!settled) return
    settled.record?.settle()
    settled.isSettled = true
    if (settled.isHandled) open.delete(id)
  }

  function consume(request: Extract<Request, { do: 'consume' }>): Promise<Consumer> {
    const { do: _, consumer, ...options } = request
    const rebalance = (push: 'assigned' | 'revoked', partitions: readonly TopicPartition[]): Promise<void> =>
      isClosed ? Promise.resolve() : ask((id) => ({ push, consumer, rebalance: id, partitions })).catch(() => {})
    return bus.consume({
      ...options,
      // Nobody settles for a thread that is gone: what it had open is for others at once.
      get drainMs() {
        return isClosed ? 0 : (request.drainMs ?? defaultDrainMs)
      },
      onAssigned: (partitions) => rebalance('assigned', partitions),
      onRevoked: (partitions) => rebalance('revoked', partitions),
      handle: (record) =>
        ask((delivery) => {
          const { settle: _settle, content: _content, ...rest } = record
          return {
            push: 'record',
            consumer,
            delivery,
            record: { ...rest, value: record.content ? joined(record) : exact(record.value) },
          }
        }, record),
    })
  }

  async function answer(request: Request): Promise<Exclude<Extract<FromOwner, { answer: number }>['result'], undefined>> {
    switch (request.do) {
      case 'publish': {
        const { do: _, durable, ...record } = request
        return bus.publish(record, { durable })
      }
      case 'consume': {
        const consumer = consume(request)
        consumers.set(request.consumer, consumer)
        await consumer
        return null
      }
      case 'pause':
      case 'resume': {
        const consumer = await consumers.get(request.consumer)
        consumer?.[request.do](request.partitions)
        return null
      }
      case 'stop-consumer':
        await (await consumers.get(request.consumer))?.stop()
        consumers.delete(request.consumer)
        return null
      case 'table': {
        const { table, topic } = request
        const opened = bus.table({
          topic,
          onRow: (key, value, { partition, offset }) =>
            send({ push: 'row', table, key, value: exact(value), position: { partition, offset } }),
        })
        tables.set(table, opened)
        const { loaded } = await opened
        loaded.then(
          () => send({ push: 'loaded', table }),
          (error: unknown) => send({ push: 'loaded', table, failure: toFailure(error) }),
        )
        return null
      }
      case 'stop-table':
        await (await tables.get(request.table))?.stop()
        tables.delete(request.table)
        return null
      case 'lag':
        return bus.lag(request.group, request.topics)
    }
  }

  port.on('message', (message: FromWorker) => {
    if ('id' in message) {
      const { id, ...request } = message
      answer(request).then(
        (result) => send({ answer: id, result }),
        (error: unknown) => send({ answer: id, failure: toFailure(error) }),
      )
    } else if (message.say === 'settle') {
      settle(message.delivery)
    } else if (message.say === 'handled') ended(message.delivery, message.failure)
    else ended(message.rebalance, message.failure)
  })

  async function close(): Promise<void> {
    if (isClosed) return
    isClosed = true
    const gone = new Error('the worker thread is gone')
    for (const { reject } of open.values()) reject(gone)
    open.clear()
    for (const consumer of consumers.values()) await (await consumer.catch(() => undefined))?.stop()
    for (const table of tables.values()) await (await table.catch(() => undefined))?.stop()
    port.close()
  }
  port.on('close', () => void close())
  send({ hello: { partitions: Object.fromEntries(topics.map((topic) => [topic, bus.partitions(topic)])) } })
  return close
}

/** A copy of these bytes alone: a view would take the whole buffer behind it across. */
const exact = (value: Uint8Array | null): Uint8Array | null => value && new Uint8Array(value)
