/** The bus as ingress publishes on it, and how it bears that: bytes in flight, the oldest wait, failures in a row. */
import type { Bus, OutgoingRecord, PublishOptions } from '@sallyport/bus'
import { RenewedSet, SallyportError } from '@sallyport/contracts'

export class PublishLoad {
  /** What is published by way of this one counts. */
  readonly bus: Bus
  readonly #elapsed: () => number
  /** When each durable publish in flight began, the oldest first. */
  readonly #durable = new RenewedSet<{ readonly sinceMs: number }>()
  #inFlightBytes = 0
  #failuresInARow = 0
  #failedAtMs = Number.NEGATIVE_INFINITY

  /** `elapsed`: monotonic, ms. */
  constructor(bus: Bus, elapsed: () => number) {
    this.bus = {
      partitions: (topic) => bus.partitions(topic),
      publish: (record, options) => this.#watched(bus, record, options),
      consume: (options) => bus.consume(options),
      table: (options) => bus.table(options),
      lag: (group, topics) => bus.lag(group, topics),
      close: () => bus.close(),
    }
    this.#elapsed = elapsed
  }

  get inFlightBytes(): number {
    return this.#inFlightBytes
  }

  /** 0 where none is in flight. */
  get oldestMs(): number {
    const oldest = this.#durable.first()
    return oldest ? this.#elapsed() - oldest.sinceMs : 0
  }

  get failuresInARow(): number {
    return this.#failuresInARow
  }

  get sinceFailureMs(): number {
    return this.#elapsed() - this.#failedAtMs
  }

  #watched(bus: Bus, record: OutgoingRecord, options?: PublishOptions): ReturnType<Bus['publish']> {
    const published = bus.publish(record, options)
    const bytes = (record.value?.byteLength ?? 0) + (record.content?.byteLength ?? 0)
    const durable = options?.durable ? { sinceMs: this.#elapsed() } : undefined
    this.#inFlightBytes += bytes
    if (durable) this.#durable.add(durable)
    const end = (): void => {
      this.#inFlightBytes -= bytes
      if (durable) this.#durable.delete(durable)
    }
    published.then(
      () => {
        end()
        this.#failuresInARow = 0
      },
      (error: unknown) => {
        end()
        // A full disk has a watch of its own, and what is wrong with one record is not the bus' fault.
        if (!(error instanceof SallyportError) || !error.retriable || error.code === 'STORE_FULL') return
        this.#failuresInARow++
        this.#failedAtMs = this.#elapsed()
      },
    )
    return published
  }
}
