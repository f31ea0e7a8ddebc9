/** Tracing as roles have it, with the spans that would be exported in memory. */
import { resourceFromAttributes } from '@opentelemetry/resources'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace'
import { KeptTraces } from './kept-traces.ts'
import { MessageTraces } from './message-traces.ts'
import { useTracing } from './spans.ts'

export interface PlayedTracing {
  readonly kept: KeptTraces
  readonly traces: MessageTraces
  /** Exported so far, in the order in which they ended. */
  exported(): readonly ReadableSpan[]
  advance(ms: number): void
}

export interface PlayedOptions {
  readonly ratio?: number
  readonly holdMs?: number
  readonly maxHeld?: number
}

/** Runs `body` with tracing on; it is off again afterwards. */
export async function withTracing(options: PlayedOptions, body: (played: PlayedTracing) => Promise<void> | void): Promise<void> {
  const { ratio = 0, holdMs = 1_000, maxHeld = 1_000 } = options
  let now = 0
  const elapsed = (): number => now
  const kept = new KeptTraces(elapsed)
  const exporter = new InMemorySpanExporter()
  const exporting = new SimpleSpanProcessor({ exporter })
  const resource = resourceFromAttributes({ 'service.name': 'test' })
  const traces = new MessageTraces({ kept, ratio, exporting, resource, elapsed, holdMs, maxHeld })
  useTracing(traces)
  try {
    const advance = (ms: number): void => {
      now += ms
    }
    await body({ kept, traces, exported: () => exporter.getFinishedSpans(), advance })
  } finally {
    useTracing(undefined)
    traces.stop()
    await exporting.shutdown()
  }
}
