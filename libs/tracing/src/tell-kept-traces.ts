/** Tells the other processes which traces are kept, over the table `mail.traces`, and learns it from them. */
import type { Bus } from '@sallyport/bus'
import { keptTraceCodec, topics } from '@sallyport/contracts'
import type { KeptTraces } from './kept-traces.ts'

export interface TellingOptions {
  readonly bus: Bus
  readonly kept: KeptTraces
  readonly instance: string
  /** Wall clock, ms since the epoch. */
  readonly now: () => number
  /** Told in a second at most: a flood of refusals must not become one of records. Default 100. */
  readonly mostPerSecond?: number
  /** Until a row is deleted: longer than spans wait for it. Default 60,000. */
  readonly rowMs?: number
}

export interface Telling {
  /** Traces that were kept here only, since there were too many in a second. */
  untold(): number
  stop(): Promise<void>
}

/** Resolves when the table is followed. Never rejects later: what cannot be told stays sampled by its ratio elsewhere. */
export async function tellKeptTraces(options: TellingOptions): Promise<Telling> {
  const { bus, kept, instance, now, mostPerSecond = 100, rowMs = 60_000 } = options
  const topic = topics.traces.name
  const rows: { readonly key: string; readonly untilMs: number }[] = []
  let left = mostPerSecond
  let untold = 0

  const table = await bus.table({
    topic,
    onRow(key, value) {
      if (value !== null) kept.add(key, 'told')
    },
  })

  const stopListening = kept.onAdded((traceId, source) => {
    if (source === 'told') return
    if (left === 0) {
      untold++
      return
    }
    left--
    rows.push({ key: traceId, untilMs: now() + rowMs })
    const value = keptTraceCodec.encode({ v: 1, kind: 'kept-trace', instance, at: now() })
    bus.publish({ topic, key: traceId, value }).catch(() => {})
  })

  function tick(): void {
    left = mostPerSecond
    while (rows[0] && rows[0].untilMs <= now()) {
      const { key } = rows.shift() ?? { key: '' }
      bus.publish({ topic, key, value: null }).catch(() => {})
    }
  }

  const timer = setInterval(tick, 1_000)
  timer.unref()
  return {
    untold: () => untold,
    async stop() {
      clearInterval(timer)
      stopListening()
      await Promise.allSettled(rows.map(({ key }) => bus.publish({ topic, key, value: null })))
      await table.stop().catch(() => {})
    },
  }
}
