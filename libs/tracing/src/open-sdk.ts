/** OpenTelemetry's SDK, with our sampler and the spans of messages that may turn out to be worth keeping. */
import { DiagLogLevel, diag } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace'
import { KeepingProcessor } from './keeping-processor.ts'
import type { KeptTraces } from './kept-traces.ts'
import { isInShare, MessageSampler } from './message-sampler.ts'
import type { TracingOptions } from './start-tracing.ts'
import type { WaitingRoom } from './waiting-span.ts'

export interface SdkOptions extends TracingOptions {
  readonly endpoint: string
  readonly kept: KeptTraces
  readonly holdMs: number
}

const troubleEveryMs = 60_000

export interface OpenedSdk extends Pick<NodeSDK, 'shutdown'> {
  readonly room: WaitingRoom
}

export function openSdk(options: SdkOptions): OpenedSdk {
  const { settings, kept, clock, roles, instance } = options
  tellTrouble(options)
  const exporter = new OTLPTraceExporter({ url: `${options.endpoint.replace(/\/+$/, '')}/v1/traces` })
  // A full export at a time, and room for the spans of some thousand messages while one is under way.
  const exporting = new BatchSpanProcessor({
    exporter,
    maxQueueSize: 32_768,
    maxExportBatchSize: 2_048,
    scheduledDelayMillis: 1_000,
  })
  const resource = resourceFromAttributes({
    'service.name': roles.length === 1 ? `sallyport-${roles[0]}` : 'sallyport',
    'service.namespace': 'sallyport',
    'service.instance.id': instance,
    'sallyport.roles': [...roles],
  })
  const processor = new KeepingProcessor({
    kept,
    exporting,
    elapsed: () => clock.elapsed(),
    holdMs: options.holdMs,
    maxHeld: settings.maxHeldSpans,
  })
  const sdk = new NodeSDK({
    resource,
    autoDetectResources: false,
    sampler: new MessageSampler(settings.ratio, kept),
    spanProcessors: [processor],
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: [],
  })
  sdk.start()
  const room: WaitingRoom = {
    resource,
    isInShare: (traceId) => isInShare(traceId, settings.ratio),
    onEnd: (span) => processor.onEnd(span),
    endedWell: (traceId) => processor.endedWell(traceId),
  }
  return { shutdown: () => sdk.shutdown(), room }
}

/** The SDK swallows what its exporter meets, but for this. */
function tellTrouble({ onTrouble, clock }: SdkOptions): void {
  let lastMs = Number.NEGATIVE_INFINITY
  const tell = (text: string): void => {
    if (clock.elapsed() - lastMs < troubleEveryMs) return
    lastMs = clock.elapsed()
    onTrouble(text.slice(0, 500))
  }
  const silent = (): void => {}
  diag.setLogger(
    { error: tell, warn: tell, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
}
