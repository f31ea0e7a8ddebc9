/**
 * Sends what is published to one partition: in order, one request in flight, each of one partition alone (`ProducerPool` and the
 * regression test say why). A lone record goes out at once; what comes while a request is in flight shares the next.
 */
import type { TopicPartition } from '../port.ts'
import type { ClientRecord, SendRequest } from './client-port.ts'

const batchRecords = 500
const batchBytes = 512 * 1024
/** Of a request. */
const sendMs = 10_000
/** Of a record, from its publishing on. */
const publishMs = 12_000
/** What a request gets, however long its records waited. */
const shortestSendMs = 1_000

interface Waiting {
  readonly record: ClientRecord
  readonly bytes: number
  readonly isDurable: boolean
  readonly since: number
  readonly resolve: (offset: number) => void
  readonly reject: (error: unknown) => void
}

export class PartitionSender {
  readonly #at: TopicPartition
  readonly #send: (request: SendRequest, deadlineMs: number) => Promise<number>
  #waiting: Waiting[] = []
  #isSending = false
  #isScheduled = false
  #idle: (() => void)[] = []

  constructor(at: TopicPartition, send: (request: SendRequest, deadlineMs: number) => Promise<number>) {
    this.#at = at
    this.#send = send
  }

  /** Resolves with the record's offset. */
  publish(record: ClientRecord, bytes: number, isDurable: boolean): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, bytes, isDurable, since: performance.now(), resolve, reject })
      this.#schedule()
    })
  }

  /** Resolves when everything that was published has its answer. */
  async idle(): Promise<void> {
    if (this.#isSending || this.#waiting.length > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  /** Soon, so that what the same turn of the event loop publishes goes together. */
  #schedule(): void {
    if (this.#isScheduled || this.#isSending) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      void this.#sendNext()
    })
  }

  async #sendNext(): Promise<void> {
    const batch = this.#takeBatch()
    const [oldest] = batch
    if (!oldest) return
    this.#isSending = true
    const acks = batch.some(({ isDurable }) => isDurable) ? 'all' : 'leader'
    const deadlineMs = Math.min(sendMs, Math.max(shortestSendMs, oldest.since + publishMs - performance.now()))
    try {
      const first = await this.#send({ ...this.#at, acks, records: batch.map(({ record }) => record) }, deadlineMs)
      for (const [index, { resolve }] of batch.entries()) resolve(first + index)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
    this.#isSending = false
    if (this.#waiting.length > 0) this.#schedule()
    else for (const wake of this.#idle.splice(0)) wake()
  }

  #takeBatch(): Waiting[] {
    let bytes = 0
    let count = 0
    for (const next of this.#waiting) {
      if (count >= batchRecords || (count > 0 && bytes + next.bytes > batchBytes)) break
      bytes += next.bytes
      count++
    }
    if (count === this.#waiting.length) {
      const all = this.#waiting
      this.#waiting = []
      return all
    }
    return this.#waiting.splice(0, count)
  }
}
