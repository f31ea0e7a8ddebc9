/** Tracing as roles have it, with the spans that would be exported in memory. */
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { KeepingProcessor } from './keeping-processor.ts'
import { KeptTraces } from './kept-traces.ts'
import { isInShare, MessageSampler } from './message-sampler.ts'
import { useTracing } from './spans.ts'

export interface PlayedTracing {
  readonly kept: KeptTraces
  readonly processor: KeepingProcessor
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
  const kept = new KeptTraces(() => now)
  const exporter = new InMemorySpanExporter()
  const exporting = new SimpleSpanProcessor({ exporter })
  const processor = new KeepingProcessor({ kept, exporting, elapsed: () => now, holdMs, maxHeld })
  const provider = new TracerProvider({ sampler: new MessageSampler(ratio, kept), spanProcessors: [processor] })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(provider)
  const room = {
    resource: resourceFromAttributes({ 'service.name': 'test' }),
    isInShare: (traceId: string) => isInShare(traceId, ratio),
    onEnd: (span: ReadableSpan) => processor.onEnd(span),
    endedWell: (traceId: string) => processor.endedWell(traceId),
  }
  useTracing(kept, room)
  try {
    const advance = (ms: number): void => {
      now += ms
    }
    await body({ kept, processor, exported: () => exporter.getFinishedSpans(), advance })
  } finally {
    useTracing(undefined)
    trace.disable()
    context.disable()
    await provider.shutdown()
  }
}
