/** OpenTelemetry's SDK, which exports the spans of messages that are worth it. */
import { DiagLogLevel, diag } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace'
import type { KeptTraces } from './kept-traces.ts'
import { MessageTraces } from './message-traces.ts'
import type { TracingOptions } from './start-tracing.ts'

export interface SdkOptions extends TracingOptions {
  readonly endpoint: string
  readonly kept: KeptTraces
  readonly holdMs: number
}

const troubleEveryMs = 60_000

export interface OpenedSdk extends Pick<NodeSDK, 'shutdown'> {
  readonly traces: MessageTraces
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
  const traces = new MessageTraces({
    kept,
    ratio: settings.ratio,
    exporting,
    resource,
    elapsed: () => clock.elapsed(),
    holdMs: options.holdMs,
    maxHeld: settings.maxHeldSpans,
  })
  const sdk = new NodeSDK({
    resource,
    autoDetectResources: false,
    spanProcessors: [exporting],
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: [],
  })
  sdk.start()
  return {
    traces,
    shutdown() {
      traces.stop()
      return sdk.shutdown()
    },
  }
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
