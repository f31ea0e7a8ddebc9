/** A real Prometheus scrapes the gateway: every step is counted, and its histograms name the traces of messages. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, suite, test } from 'node:test'
import { eventually, type SmtpSink, smtpClient, smtpSink, temporaryFolder } from '@sallyport/testkit'
import { type Prometheus, prometheusMissing, startPrometheus } from '../../infra/prometheus.ts'
import { api } from '../../process/api.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'
import { oneApplication } from '../../process/policies.ts'

const deadlineMs = 60_000

suite('metrics in a real Prometheus', { skip: prometheusMissing, timeout: 300_000 }, () => {
  const folder = temporaryFolder()
  /** Takes whatever spans come. */
  const collector = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end())
  })
  let sink: SmtpSink
  let gateway: GatewayProcess
  let prometheus: Prometheus
  let id = ''

  before(async () => {
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
    sink = await smtpSink()
    gateway = await startGatewayProcess({
      folder: folder.path,
      policy: oneApplication({ nextHop: sink.port, mode: 'enforce' }),
      settings: { 'tracing.endpoint': `http://127.0.0.1:${(collector.address() as AddressInfo).port}`, 'tracing.ratio': '1' },
    })
    prometheus = await startPrometheus(gateway.addresses.health ?? '')
    const client = await smtpClient({ port: gateway.port('smtp') })
    await client.ehlo()
    const content = 'From: <app@example.com>\r\nTo: <b@example.net>\r\nSubject: x\r\n\r\nbody\r\n'
    const { text } = await client.send({ from: 'app@example.com', to: 'b@example.net', content })
    await client.quit()
    id = text.split(' ').at(-1) ?? ''
  })
  after(async () => {
    await prometheus?.stop()
    await gateway?.stop()
    await sink?.stop()
    collector.close()
    folder.remove()
  })

  const steps = [
    'sallyport_ingress_messages_total{application="app",outcome="relay"}',
    'sallyport_ingress_reply_seconds_count',
    'sallyport_bus_publish_seconds_count{topic="mail.decided"}',
    'sallyport_bus_process_seconds_count{group="check-domain",topic="mail.received"}',
    'sallyport_check_seconds_count{check="domain"}',
    'sallyport_verdict_join_seconds_count',
    'sallyport_verdict_findings_total{application="app",check="domain",mode="enforce",outcome="pass"}',
    'sallyport_delivery_attempts_total{destination="default",outcome="delivered"}',
    'sallyport_delivery_queue_seconds_count{destination="default"}',
    'sallyport_console_store_seconds_count',
  ]
  for (const series of steps) {
    test(`${series.split('{')[0]} counts it`, async () => {
      await eventually(async () => ((await prometheus.value(series)) ?? 0) >= 1, { deadlineMs, what: series })
      assert.equal(await prometheus.scrapeError(), '')
    })
  }

  test('lag and oldest age of every role that reads the bus', async () => {
    for (const role of ['verdict', 'delivery', 'console', 'domain-check', 'address-check', 'spam-scoring', 'throttle'])
      for (const name of ['sallyport_bus_lag_records', 'sallyport_bus_oldest_age_seconds'])
        await eventually(async () => (await prometheus.value(`${name}{role="${role}"}`)) !== undefined, { deadlineMs, what: name })
  })

  test('the histogram of each step leads to the trace of the message', async () => {
    const { body } = await eventually(async () => {
      const answer = await api(gateway, 'GET', `/api/messages/${id}`)
      return answer.status === 200 ? answer : undefined
    })
    const traceId = String(body.traceparent).split('-')[1]
    for (const name of ['ingress_reply', 'check', 'verdict_join', 'delivery_attempt', 'delivery_queue', 'bus_publish']) {
      await eventually(
        async () =>
          (await prometheus.exemplars(`sallyport_${name}_seconds_bucket`)).some(({ exemplars }) =>
            exemplars.some(({ labels }) => labels.trace_id === traceId),
          ),
        { deadlineMs, what: `an exemplar of ${name}` },
      )
    }
  })
})
