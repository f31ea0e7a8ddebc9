/**
 * Producers by partition. One that failed is never used again: what it sent may be in the log under numbers that it would give
 * to the next records, and the broker would take these for the former, acknowledge them and write nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { hashKey } from '@sallyport/contracts'
import type { ClientProducer, KafkaClient, SendRequest } from './client-port.ts'
import { messageOf } from './kafka-failure.ts'

/**
 * Requests of one connection are answered one after the other, so acks=all needs several; and what nobody waits for has its own, so
 * that nothing else waits for it.
 */
const sizes = { idempotent: 6, plain: 3, patient: 2 } as const
type Kind = keyof typeof sizes
const closeMs = 3_000

interface Slot {
  readonly producer: ClientProducer
  sending: number
  isRetired: boolean
}

export interface ProducerPoolOptions {
  readonly client: Pick<KafkaClient, 'producer'>
  readonly onRetired: (reason: string) => void
}

export class ProducerPool {
  readonly #options: ProducerPoolOptions
  readonly #slots = new Map<string, Promise<Slot>>()
  readonly #closing = new Set<Promise<void>>()
  #isClosed = false

  constructor(options: ProducerPoolOptions) {
    this.#options = options
  }

  /** Resolves with the offset of the first record. Rejects within `deadlineMs` where it is not known whether they are in the log. */
  async send(request: SendRequest, deadlineMs: number): Promise<number> {
    const kind = kindOf(request)
    const name = `${kind} ${(hashKey(request.topic) + request.partition) % sizes[kind]}`
    const deadline = performance.now() + deadlineMs
    const slot = await within(this.#slot(name, kind), deadline, 'no connection')
    slot.sending++
    const sent = slot.producer.send(request)
    // Not at the deadline: a producer that is closed while it still tries connects again by itself.
    const done = (): void => {
      slot.sending--
      if (slot.isRetired && slot.sending === 0) this.#end(slot)
    }
    sent.then(done, done)
    try {
      return await within(sent, deadline, 'no answer')
    } catch (error) {
      this.#retire(name, slot, messageOf(error))
      throw error
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const slot of this.#slots.values()) slot.then((opened) => this.#end(opened)).catch(() => {})
    await Promise.allSettled(this.#slots.values())
    this.#slots.clear()
    await Promise.race([Promise.all(this.#closing), sleep(closeMs, undefined, { ref: false })])
  }

  #slot(name: string, kind: Kind): Promise<Slot> {
    let slot = this.#slots.get(name)
    if (!slot) {
      slot = this.#options.client.producer(kind === 'plain' ? 'plain' : 'idempotent').then((producer) => {
        const opened = { producer, sending: 0, isRetired: false }
        if (this.#isClosed) this.#end(opened)
        return opened
      })
      this.#slots.set(name, slot)
      const mine = slot
      slot.catch(() => {
        if (this.#slots.get(name) === mine) this.#slots.delete(name)
      })
    }
    return slot
  }

  #retire(name: string, slot: Slot, reason: string): void {
    if (slot.isRetired) return
    slot.isRetired = true
    this.#slots.delete(name)
    if (slot.sending === 0) this.#end(slot)
    this.#options.onRetired(reason)
  }

  #end({ producer }: Slot): void {
    const closing = producer.close().catch(() => {})
    this.#closing.add(closing)
    void closing.then(() => this.#closing.delete(closing))
  }
}

const kindOf = ({ acks, isPatient }: SendRequest): Kind => (acks === 'leader' ? 'plain' : isPatient ? 'patient' : 'idempotent')

/** What comes after the deadline is ignored. */
async function within<T>(promise: Promise<T>, deadline: number, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const leftMs = Math.max(0, deadline - performance.now())
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${otherwise} within ${Math.round(leftMs)} ms`)), leftMs)
      }),
    ])
  } finally {
    clearTimeout(timer)
    promise.catch(() => {})
  }
}
