/** Starts tracing in this process. Without an endpoint nothing of OpenTelemetry's SDK is loaded. */
import { addressWords } from './address-words.ts'
import { KeptTraces } from './kept-traces.ts'
import type { TracingSettings } from './settings.ts'
import { useTracing } from './spans.ts'

export interface TracingOptions {
  readonly settings: TracingSettings
  readonly roles: readonly string[]
  readonly instance: string
  /** Addresses are hashed with it. Asked for where a process tells the first. */
  readonly key: () => Uint8Array
  readonly clock: { now(): number; elapsed(): number }
  /** What the exporter complains of, at most once in a minute. */
  readonly onTrouble: (text: string) => void
}

export interface Tracing {
  readonly kept: KeptTraces
  /** How a span tells an address. */
  readonly addressWord: (address: string) => string
  readonly slowMs: number
  /** Exports what is recorded and ends tracing. Waits for a collector that is gone 3 s at most. Never rejects. */
  stop(): Promise<void>
}

/** How long spans of a trace wait for a decision: longer than a message waits for its verdict. */
const holdMs = 30_000
const stopMs = 3_000

export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const { settings, clock } = options
  const kept = new KeptTraces(() => clock.elapsed())
  const addressWord = addressWords(settings.addresses, options.key, () => clock.now())
  const base = { kept, addressWord, slowMs: settings.slowMs }
  if (settings.endpoint === undefined) return { ...base, stop: async () => {} }
  const { openSdk } = await import('./open-sdk.ts')
  const sdk = openSdk({ ...options, endpoint: settings.endpoint, kept, holdMs })
  useTracing(sdk.traces)
  return {
    ...base,
    async stop() {
      useTracing(undefined)
      const late = new Promise<void>((resolve) => void setTimeout(resolve, stopMs).unref())
      await Promise.race([sdk.shutdown().catch(() => {}), late])
    },
  }
}
