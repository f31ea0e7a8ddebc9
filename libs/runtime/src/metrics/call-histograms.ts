/**
 * How long calls take, to servers and to the API, under the names that OpenTelemetry's conventions give them
 * (https://opentelemetry.io/docs/specs/semconv/), with the buckets that they advise: what other dashboards look for is found here, too.
 */
import type { CallEnded } from '@sallyport/contracts'
import type { Registry } from 'prom-client'
import { oncePerRegistry } from './once-per-registry.ts'
import { StepHistogram } from './step-histogram.ts'

const databaseBuckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]
const requestBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

const database = {
  name: 'db_client_operation_duration_seconds',
  help: 'How long a call to Redis (by command or script) or an SQL query took, by system, operation and error',
  labelNames: ['db_system_name', 'db_operation_name', 'error_type'],
  buckets: databaseBuckets,
}
const objectStore = {
  name: 'rpc_client_call_duration_seconds',
  help: 'How long a call to the object store took until its answer began, by method and error',
  labelNames: ['rpc_system_name', 'rpc_method', 'error_type'],
  buckets: requestBuckets,
}
const requests = {
  name: 'http_server_request_duration_seconds',
  help: 'From a request to the end of its answer, by method, route and status',
  labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
  buckets: requestBuckets,
}

type Kind = typeof database
const madeIn = oncePerRegistry(() => new Map<Kind, StepHistogram<string>>())

/** The one of this kind: Redis and the records share theirs. */
function histogram(metrics: Registry, kind: Kind): StepHistogram<string> {
  const known = madeIn(metrics)
  const found = known.get(kind) ?? new StepHistogram({ ...kind, registers: [metrics] })
  known.set(kind, found)
  return found
}

/** What is told of the calls to databases of a system (`redis`, `postgresql`, `sqlite`): `db.client.operation.duration`. */
export const databaseCalls =
  (metrics: Registry) =>
  (system: string): CallEnded => {
    const durations = histogram(metrics, database)
    return (operation, seconds, error = '') => durations.record([system, operation, error], seconds)
  }

/** What is told of the calls to the object store: `rpc.client.call.duration`. */
export function objectStoreCalls(metrics: Registry): CallEnded {
  const durations = histogram(metrics, objectStore)
  return (operation, seconds, error = '') => durations.record(['aws-api', `S3/${operation}`, error], seconds)
}

/** What is told of the requests that a server of HTTP answered: `http.server.request.duration`. `route` as it is written in the program, never the path. */
export function httpRequests(metrics: Registry): (method: string, route: string, status: number, seconds: number) => void {
  const durations = histogram(metrics, requests)
  return (method, route, status, seconds) => durations.record([method, route, String(status)], seconds)
}
