/**
 * Sends what is published to one partition: in order, one request in flight, each of one partition alone (`ProducerPool` and the
 * regression test say why). A lone record goes out at once; what comes while a request is in flight shares the next. Patient records
 * wait for company first.
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

/** How long a patient record waits for company. */
const patienceMs = 100

export interface Sending {
  readonly bytes: number
  readonly isDurable: boolean
  readonly isPatient: boolean
}

interface Waiting extends Sending {
  readonly record: ClientRecord
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
  #patience: NodeJS.Timeout | undefined
  #waitingBytes = 0
  #isHurried = false
  #idle: (() => void)[] = []

  constructor(at: TopicPartition, send: (request: SendRequest, deadlineMs: number) => Promise<number>) {
    this.#at = at
    this.#send = send
  }

  /** Resolves with the record's offset. */
  publish(record: ClientRecord, sending: Sending): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, ...sending, since: performance.now(), resolve, reject })
      this.#waitingBytes += sending.bytes
      if (sending.isPatient && !this.#isDue()) this.#wait()
      else this.#schedule()
    })
  }

  /** Resolves when everything that was published has its answer. Nothing waits for company any more. */
  async idle(): Promise<void> {
    this.#isHurried = true
    this.#schedule()
    if (this.#isSending || this.#waiting.length > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  #wait(): void {
    this.#patience ??= setTimeout(() => {
      this.#patience = undefined
      this.#schedule()
    }, patienceMs)
  }

  /** Whatever is said of the last record. */
  #isDue(): boolean {
    const waitedMs = performance.now() - (this.#waiting[0]?.since ?? Number.POSITIVE_INFINITY)
    return this.#isHurried || waitedMs >= patienceMs || this.#waiting.length >= batchRecords || this.#waitingBytes >= batchBytes
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
    clearTimeout(this.#patience)
    this.#patience = undefined
    const batch = this.#takeBatch()
    for (const { bytes } of batch) this.#waitingBytes -= bytes
    const [oldest] = batch
    if (!oldest) return
    this.#isSending = true
    const acks = batch.some(({ isDurable }) => isDurable) ? 'all' : 'leader'
    const isPatient = batch.every((of) => of.isPatient)
    const deadlineMs = Math.min(sendMs, Math.max(shortestSendMs, oldest.since + publishMs - performance.now()))
    try {
      const request = { ...this.#at, acks, records: batch.map(({ record }) => record), isPatient } as const
      const first = await this.#send(request, deadlineMs)
      for (const [index, { resolve }] of batch.entries()) resolve(first + index)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
    this.#isSending = false
    if (this.#waiting.length === 0) for (const wake of this.#idle.splice(0)) wake()
    else if (this.#isDue() || this.#waiting.some(({ isPatient }) => !isPatient)) this.#schedule()
    else this.#wait()
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
