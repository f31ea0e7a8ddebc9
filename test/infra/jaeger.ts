/** Jaeger on loopback with its traces in memory, built from the Go module proxy. Its page is not in the module: ask it by its API. */
import { writeFileSync } from 'node:fs'
import { freePort, temporaryFolder } from '@sallyport/testkit'
import { goProgram } from './go-program.ts'
import { startServer } from './server-process.ts'

export const jaegerProgram = {
  name: 'jaeger',
  module: 'github.com/jaegertracing/jaeger',
  version: 'v1.76.0',
  main: 'github.com/jaegertracing/jaeger/cmd/jaeger',
}

/** A span as the query API tells it. Times in µs. */
export interface JaegerSpan {
  readonly spanID: string
  readonly operationName: string
  readonly references: readonly {
    readonly refType: 'CHILD_OF' | 'FOLLOWS_FROM'
    readonly traceID: string
    readonly spanID: string
  }[]
  readonly startTime: number
  readonly duration: number
  readonly tags: readonly { readonly key: string; readonly value: unknown }[]
  readonly processID: string
}

export interface JaegerTrace {
  readonly traceID: string
  readonly spans: readonly JaegerSpan[]
  readonly processes: Readonly<Record<string, { readonly serviceName: string; readonly tags?: JaegerSpan['tags'] }>>
}

export interface Jaeger {
  /** Takes OTLP over HTTP: a setting `tracing.endpoint`. */
  readonly endpoint: string
  /** Undefined where it knows no such trace (yet). */
  trace(traceId: string): Promise<JaegerTrace | undefined>
  /** Those with this tag, the latest first. */
  find(service: string, tags: Readonly<Record<string, string>>): Promise<readonly JaegerTrace[]>
  stop(): Promise<void>
}

const configuration = (ports: Readonly<Record<'otlp' | 'query' | 'queryGrpc', number>>): string => `service:
  extensions: [jaeger_storage, jaeger_query]
  pipelines:
    traces: {receivers: [otlp], exporters: [jaeger_storage_exporter]}
  telemetry:
    metrics: {level: none}
    logs: {level: warn}
extensions:
  jaeger_storage: {backends: {mem: {memory: {max_traces: 100000}}}}
  jaeger_query:
    storage: {traces: mem}
    http: {endpoint: "127.0.0.1:${ports.query}"}
    grpc: {endpoint: "127.0.0.1:${ports.queryGrpc}"}
receivers:
  otlp: {protocols: {http: {endpoint: "127.0.0.1:${ports.otlp}"}}}
exporters: {jaeger_storage_exporter: {trace_storage: mem}}
`

/** Resolves when it answers. */
export async function startJaeger(): Promise<Jaeger> {
  const path = await goProgram(jaegerProgram)
  const folder = temporaryFolder('sallyport-jaeger-')
  const ports = { otlp: await freePort(), query: await freePort(), queryGrpc: await freePort() }
  const file = folder.join('jaeger.yaml')
  writeFileSync(file, configuration(ports))
  const api = `http://127.0.0.1:${ports.query}/api`
  const answers = (): Promise<boolean> =>
    fetch(`${api}/services`).then(
      ({ ok }) => ok,
      () => false,
    )
  const server = await startServer({ program: path, words: ['--config', file], answers }).catch((error: unknown) => {
    folder.remove()
    throw error
  })
  const ask = async (what: string): Promise<readonly JaegerTrace[]> => {
    const answer = await fetch(`${api}${what}`)
    if (answer.status === 404) return []
    if (!answer.ok) throw new Error(`${what}: ${answer.status} ${await answer.text()}`)
    const { data } = (await answer.json()) as { readonly data: readonly JaegerTrace[] }
    return data
  }
  return {
    endpoint: `http://127.0.0.1:${ports.otlp}`,
    trace: async (traceId) => (await ask(`/traces/${traceId}`))[0],
    find: (service, tags) => ask(`/traces?service=${service}&limit=100&tags=${encodeURIComponent(JSON.stringify(tags))}`),
    stop: () => server.stop().finally(() => folder.remove()),
  }
}
