/** Stores `mail.events` in batches: records first, then the watermark. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { DeliveredRecord } from '@sallyport/bus'
import { eventCodec, groups, type MailEvent, topics } from '@sallyport/contracts'
import type { RecordedEvent, Records } from '@sallyport/records'
import { type RolePorts, StepHistogram } from '@sallyport/runtime'
import { Counter } from 'prom-client'
import { storeSpans } from './store-spans.ts'

export interface EventIntake {
  /** Stores what has come, then leaves the group. */
  stop(): Promise<void>
}

interface Waiting {
  readonly recorded: RecordedEvent
  readonly delivered: DeliveredRecord
}

/** Length of the prefix of a record, before its JSON. An event has no bytes after it. */
const prefixBytes = 4
const longestWaitMs = 10_000
/**
 * After a batch of so many events a time of load is assumed, and the next one waits four times as long: more messages are then whole
 * in their batch, and one that is whole costs half.
 */
const loadEvents = 200
const loadFactor = 4

/** The group that fills this store: another for each, so that a new one is filled from the start. */
export const consoleGroup = ({ generation }: Pick<Records, 'generation'>): string => `${groups.console}-${generation}`

/** None until the records were reached. */
export const consoleGroupIfAny = ({ generation }: { readonly generation: string | undefined }): string | undefined =>
  generation === undefined ? undefined : consoleGroup({ generation })

/** Joins the group of these records. While the records cannot be written nothing is settled, and the bus stops handing out more. */
export async function startEventIntake(
  ports: Pick<RolePorts, 'bus' | 'log' | 'metrics'> & {
    readonly records: Pick<Records, 'generation' | 'system' | 'append'>
    /** Keeps what has to be kept of an event beside the records, before it counts as read. Repeats included. */
    readonly keep?: ((event: MailEvent) => Promise<void>) | undefined
    /** Told of each event once it is stored, repeats included. */
    readonly onStored?: ((event: MailEvent) => void) | undefined
  },
  settings: { readonly batchEvents: number; readonly batchMs: number },
): Promise<EventIntake> {
  const { bus, log, metrics, records } = ports
  const stopping = new AbortController()
  const stored = new Counter({
    name: 'sallyport_console_events_total',
    help: 'Events stored, repeats included',
    registers: [metrics],
  })
  const failed = new Counter({
    name: 'sallyport_console_store_failures_total',
    help: 'Batches to be repeated',
    registers: [metrics],
  })
  const seconds = new StepHistogram({
    name: 'sallyport_console_store_seconds',
    help: 'How long a batch of events took to be stored',
    labelNames: [],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [metrics],
  })
  let waiting: Waiting[] = []
  let lastBatch = 0
  let timer: NodeJS.Timeout | undefined
  let storing: Promise<void> | undefined

  function take(delivered: DeliveredRecord): void {
    if (delivered.value === null) {
      delivered.settle()
      return
    }
    const { partition, offset, value } = delivered
    const event = eventCodec.decode(value).record
    waiting.push({ recorded: { event, json: value.subarray(prefixBytes), partition, offset }, delivered })
    if (waiting.length >= settings.batchEvents) store()
    else timer ??= setTimeout(store, settings.batchMs * (lastBatch >= loadEvents ? loadFactor : 1))
  }

  function store(): void {
    clearTimeout(timer)
    timer = undefined
    storing ??= storeAll().finally(() => {
      storing = undefined
    })
  }

  async function storeAll(): Promise<void> {
    while (waiting.length > 0 && !stopping.signal.aborted) {
      const batch = waiting
      lastBatch = batch.length
      waiting = []
      if (!(await storeBatch(batch))) return
    }
  }

  async function storeBatch(batch: readonly Waiting[]): Promise<boolean> {
    const events = batch.map(({ recorded }) => recorded)
    for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      const spans = storeSpans(events, records.system)
      const beganMs = performance.now()
      try {
        await records.append(events)
        spans.stored()
        seconds.record([], (performance.now() - beganMs) / 1000)
        for (const { event } of events) await ports.keep?.(event)
        for (const { delivered, recorded } of batch) {
          ports.onStored?.(recorded.event)
          delivered.settle()
        }
        stored.inc(batch.length)
        return true
      } catch (err) {
        failed.inc()
        spans.failed(err)
        log.error({ err, events: batch.length, waitMs }, 'events cannot be stored yet: traces are late, mail is not')
      }
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return false
    }
  }

  const consumer = await bus.consume({
    group: consoleGroup(records),
    topics: [topics.events.name],
    settle: 'manual',
    isPatient: true,
    maxUnsettled: settings.batchEvents * 2,
    handle: take,
  })
  return {
    async stop() {
      consumer.pause()
      store()
      const giveUp = setTimeout(() => stopping.abort(), 2000)
      await storing
      clearTimeout(giveUp)
      stopping.abort()
      clearTimeout(timer)
      await consumer.stop()
    },
  }
}
