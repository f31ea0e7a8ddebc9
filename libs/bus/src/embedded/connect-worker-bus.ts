/** The bus inside a worker thread: the same port, spoken over a message port to the thread that owns the log. */
import type { MessagePort } from 'node:worker_threads'
import { RenewedMap, SallyportError } from '@sallyport/contracts'
import { joined } from '../joined.ts'
import type { Bus, ConsumeOptions, Lag, Position, TableOptions, TopicPartition } from '../port.ts'
import { fromFailure, toFailure } from './failure.ts'
import type { FromOwner, FromWorker, Hello, Notice, Push, Request } from './worker-protocol.ts'

interface RemoteConsumer {
  readonly options: ConsumeOptions
  assigned: readonly TopicPartition[]
}

interface RemoteTable {
  readonly options: TableOptions
  readonly loaded: PromiseWithResolvers<void>
}

type Answer = Extract<FromOwner, { answer: number }>

/** Resolves when the owner has said hello. `close` stops the consumers of this thread; the log stays open in its owner. */
export async function connectWorkerBus(port: MessagePort): Promise<Bus> {
  const waiting = new RenewedMap<number, PromiseWithResolvers<Answer['result']>>()
  const consumers = new Map<number, RemoteConsumer>()
  const tables = new Map<number, RemoteTable>()
  const hello = Promise.withResolvers<Hello>()
  let next = 0
  let isClosed = false

  const post = (message: FromWorker): void => port.postMessage(message)
  const say = (notice: Notice): void => {
    if (!isClosed) post(notice)
  }
  function ask(request: Request): Promise<Answer['result']> {
    if (isClosed) return Promise.reject(closed())
    const id = next++
    const answer = Promise.withResolvers<Answer['result']>()
    waiting.set(id, answer)
    post({ id, ...request })
    return answer.promise
  }

  port.on('message', (message: FromOwner) => {
    if ('hello' in message) hello.resolve(message.hello)
    else if ('answer' in message) {
      const answer = waiting.get(message.answer)
      waiting.delete(message.answer)
      if (message.failure) answer?.reject(fromFailure(message.failure))
      else answer?.resolve(message.result)
    } else pushed(message)
  })
  port.on('close', () => {
    isClosed = true
    for (const { reject } of waiting.values()) reject(closed())
    waiting.clear()
  })

  function pushed(push: Push): void {
    switch (push.push) {
      case 'record':
        deliver(push)
        break
      case 'assigned':
      case 'revoked':
        rebalanced(push)
        break
      case 'row':
        tables.get(push.table)?.options.onRow(push.key, push.value, push.position)
        break
      case 'loaded': {
        const loaded = tables.get(push.table)?.loaded
        if (push.failure) loaded?.reject(fromFailure(push.failure))
        else loaded?.resolve()
      }
    }
  }

  function deliver({ consumer, delivery, record }: Extract<Push, { push: 'record' }>): void {
    const options = consumers.get(consumer)?.options
    if (!options) return
    const value = record.value && Buffer.from(record.value.buffer, record.value.byteOffset, record.value.byteLength)
    const handled = async (): Promise<void> => options.handle({ ...record, value, settle: () => say({ say: 'settle', delivery }) })
    handled().then(
      () => {
        if (options.settle !== 'manual') say({ say: 'settle', delivery })
        say({ say: 'handled', delivery })
      },
      (error: unknown) => say({ say: 'handled', delivery, failure: toFailure(error) }),
    )
  }

  function rebalanced({ push, consumer, rebalance, partitions }: Extract<Push, { push: 'assigned' | 'revoked' }>): void {
    const remote = consumers.get(consumer)
    if (!remote) {
      say({ say: 'rebalanced', rebalance })
      return
    }
    const isSame = (one: TopicPartition) => (other: TopicPartition) =>
      one.topic === other.topic && one.partition === other.partition
    const others = remote.assigned.filter((each) => !partitions.some(isSame(each)))
    const told = async (): Promise<void> => {
      if (push === 'assigned') await remote.options.onAssigned?.(partitions)
      else await remote.options.onRevoked?.(partitions)
      remote.assigned = push === 'assigned' ? [...others, ...partitions] : others
    }
    told().then(
      () => say({ say: 'rebalanced', rebalance }),
      (error: unknown) => say({ say: 'rebalanced', rebalance, failure: toFailure(error) }),
    )
  }

  const { partitions } = await hello.promise
  return {
    partitions(topic) {
      const count = partitions[topic]
      if (count === undefined) throw new TypeError(`the topic ${topic} does not exist`)
      return count
    },
    async publish(record, options = {}) {
      const { content, ...rest } = record
      return (await ask({
        do: 'publish',
        ...rest,
        value: content ? joined(record) : record.value && new Uint8Array(record.value),
        durable: options.durable ?? false,
      })) as Position
    },
    async consume(options) {
      const consumer = next++
      const remote: RemoteConsumer = { options, assigned: [] }
      consumers.set(consumer, remote)
      const { handle: _, onAssigned: _assigned, onRevoked: _revoked, ...rest } = options
      await ask({ do: 'consume', consumer, ...rest })
      const flow = (what: 'pause' | 'resume', chosen: readonly TopicPartition[] | undefined): void =>
        void ask({ do: what, consumer, ...(chosen ? { partitions: chosen } : {}) }).catch(() => {})
      return {
        assigned: () => remote.assigned,
        pause: (chosen) => flow('pause', chosen),
        resume: (chosen) => flow('resume', chosen),
        async stop() {
          if (!consumers.has(consumer)) return
          await ask({ do: 'stop-consumer', consumer })
          consumers.delete(consumer)
        },
      }
    },
    async table(options) {
      const table = next++
      const loaded = Promise.withResolvers<void>()
      loaded.promise.catch(() => {})
      tables.set(table, { options, loaded })
      await ask({ do: 'table', table, topic: options.topic })
      return {
        loaded: loaded.promise,
        async stop() {
          tables.delete(table)
          await ask({ do: 'stop-table', table })
        },
      }
    },
    async lag(group, topics) {
      return (await ask({ do: 'lag', group, topics })) as readonly Lag[]
    },
    async close() {
      if (isClosed) return
      for (const consumer of [...consumers.keys()]) await ask({ do: 'stop-consumer', consumer }).catch(() => {})
      for (const table of [...tables.keys()]) await ask({ do: 'stop-table', table }).catch(() => {})
      isClosed = true
      port.close()
    },
  }
}

const closed = (): SallyportError => new SallyportError('BUS_CLOSED', 'the bus is closed: the gateway is stopping')
