/** Calls to servers are told under the names of OpenTelemetry's conventions, as Prometheus writes them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SallyportError, timed } from '@sallyport/contracts'
import { Registry } from 'prom-client'
import { databaseCalls, httpRequests, objectStoreCalls } from './call-histograms.ts'
import { exposition } from './exposition.ts'

const textOf = async (metrics: Registry): Promise<string> => (await exposition(metrics, undefined)).text

test('Redis and the records share one histogram, told apart by their system', async () => {
  const metrics = new Registry()
  databaseCalls(metrics)('redis')('claim', 0.002)
  databaseCalls(metrics)('postgresql')('SELECT', 0.02)
  const text = await textOf(metrics)
  for (const line of [
    '# TYPE db_client_operation_duration_seconds histogram',
    'db_client_operation_duration_seconds_count{db_system_name="redis",db_operation_name="claim",error_type=""} 1',
    'db_client_operation_duration_seconds_bucket{le="0.001",db_system_name="redis",db_operation_name="claim",error_type=""} 0',
    'db_client_operation_duration_seconds_bucket{le="0.005",db_system_name="redis",db_operation_name="claim",error_type=""} 1',
    'db_client_operation_duration_seconds_sum{db_system_name="postgresql",db_operation_name="SELECT",error_type=""} 0.02',
  ])
    assert.ok(text.includes(`${line}\n`), `${line} is not in\n${text}`)
})

test('a call that fails counts once, by its error, and fails as it would have', async () => {
  const metrics = new Registry()
  const told = objectStoreCalls(metrics)
  const failing = timed('GetObject', told, () => Promise.reject(new SallyportError('STORE_UNAVAILABLE', 'away')))
  await assert.rejects(failing, { code: 'STORE_UNAVAILABLE' })
  assert.equal(await timed('GetObject', told, async () => 7), 7)
  assert.equal(await timed('GetObject', undefined, async () => 8), 8)
  const counts = (await textOf(metrics)).split('\n').filter((line) => line.startsWith('rpc_client_call_duration_seconds_count'))
  assert.deepEqual(counts, [
    'rpc_client_call_duration_seconds_count{rpc_system_name="aws-api",rpc_method="S3/GetObject",error_type="STORE_UNAVAILABLE"} 1',
    'rpc_client_call_duration_seconds_count{rpc_system_name="aws-api",rpc_method="S3/GetObject",error_type=""} 1',
  ])
})

test('requests are told by method, route and status', async () => {
  const metrics = new Registry()
  httpRequests(metrics)('GET', '/api/messages/:id', 200, 0.03)
  const line =
    'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/api/messages/:id",http_response_status_code="200"} 1'
  assert.ok((await textOf(metrics)).includes(`${line}\n`))
})
