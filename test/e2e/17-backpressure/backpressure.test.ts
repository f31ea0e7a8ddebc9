/** A next hop that hangs, then one that is slow: who floods is put off before the queue is full, others are not, and nothing is lost. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, type SmtpReply, smtpClient, temporaryFolder } from '@sallyport/testkit'
import { api } from '../../process/api.ts'
import { type CountingSink, startCountingSink } from '../../process/counting-sink.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'
import { type Load, startLoad } from '../../process/load.ts'

const maxQueued = 500
const folder = temporaryFolder()
let sink: CountingSink
let gateway: GatewayProcess
let flood: Load

function policy(): object {
  const application = (name: string, network: string): object => ({
    name,
    owner: 'owner@example.com',
    from: { networks: [network] },
    senders: { domains: ['example.com'], addresses: ['app@example.com'] },
    checks: { domain: { mode: 'enforce' }, address: { mode: 'enforce' } },
  })
  return {
    organization: { name: 'Example', domains: ['example.com'] },
    applications: [application('floods', '127.0.0.0/24'), application('small', '127.0.2.0/24')],
    routes: { default: { smarthost: `127.0.0.1:${sink.port}`, tls: 'off', connections: 10 } },
  }
}

before(async () => {
  sink = await startCountingSink({ hangs: true, delayMs: 15 })
  gateway = await startGatewayProcess({
    folder: folder.path,
    policy: policy(),
    settings: { 'smtp.maxQueued': `${maxQueued}`, 'smtp.maxDelayMs': '500' },
  })
})
after(async () => {
  await flood?.stop()
  await gateway?.stop()
  await sink?.stop()
  folder.remove()
})

const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(`http://${gateway.addresses.health}/metrics`)).text()
  const values = text.split('\n').flatMap((line) => (line.startsWith(name) ? [Number(line.split(' ').at(-1))] : []))
  return values.reduce((sum, value) => sum + value, 0)
}
const readiness = async (): Promise<{ ready: boolean; warnings: readonly string[] }> => {
  const response = await fetch(`http://${gateway.addresses.health}/readyz`)
  const { ready, roles }: { ready: boolean; roles: { ingress: { warnings?: readonly string[] } } } = JSON.parse(
    await response.text(),
  )
  return { ready, warnings: roles.ingress.warnings ?? [] }
}

async function sendSmall(token: string): Promise<SmtpReply> {
  const client = await smtpClient({ port: gateway.port('smtp'), localAddress: '127.0.2.1' })
  await client.ehlo()
  const content = `From: app@example.com\r\nSubject: x\r\nX-Token: ${token}\r\n\r\nx\r\n`
  const reply = await client.send({ from: 'app@example.com', to: 'b@example.net', content })
  await client.quit()
  return reply
}
const small: string[] = []

test('while the next hop hangs, who floods is slowed, and put off before the queue is full', async () => {
  flood = startLoad({ port: () => gateway.port('smtp'), clients: 20 })
  // By the metric: on a busy machine a verdict that comes too late is told by a 451, too.
  await eventually(async () => (await metric('sallyport_ingress_refused_mail_total{reason="share"}')) >= 40, { deadlineMs: 60_000 })
  const { length } = flood.promised
  assert.ok(length >= maxQueued / 2 && length < maxQueued, `${length} were accepted`)
  assert.ok((await metric('sallyport_ingress_slowed_mail_total{cause="share"}')) > 0)
  await sleep(1_500)
  assert.ok(flood.promised.length < maxQueued, `${flood.promised.length} were accepted`)
  assert.equal(sink.received.size, 0)
})

test('another application is served as always', async () => {
  for (let index = 0; index < 10; index++) {
    const reply = await sendSmall(`small-${index}`)
    assert.equal(reply.code, 250, reply.text)
    small.push(`small-${index}`)
  }
})

test('it is seen: in readyz, which stays ready, in the lag and over the API', async () => {
  const { ready, warnings } = await readiness()
  assert.equal(ready, true)
  assert.deepEqual(warnings, ['mail of floods is put off'])
  await eventually(async () => (await metric('sallyport_bus_lag_records{group="delivery-send"')) >= maxQueued / 2, {
    deadlineMs: 10_000,
  })
  assert.ok((await metric('sallyport_bus_oldest_age_seconds{group="delivery-send"')) > 0)
  const { body } = await api(gateway, 'GET', '/api/roles')
  assert.deepEqual(
    body.missing.map(({ role }: { role: string }) => role),
    [],
  )
  const delivery = body.roles.find(({ role }: { role: string }) => role === 'delivery')
  assert.deepEqual([delivery.processes, delivery.records > maxQueued / 2, delivery.oldestAgeMs > 1_000], [1, true, true])
})

test('a slow next hop gets more than it can take, and all of it: none lost, none twice, never more waiting than the limit', async () => {
  sink.open()
  let highest = 0
  await eventually(
    async () => {
      highest = Math.max(highest, await metric('sallyport_ingress_queued_messages'))
      return flood.promised.length >= 5_000
    },
    { deadlineMs: 120_000 },
  )
  await flood.stop()
  assert.ok(highest <= maxQueued, `${highest} waited`)
  const all = [...flood.promised.map(({ token }) => token), ...small]
  await eventually(() => all.every((token) => sink.received.has(token)), { deadlineMs: 30_000 })
  assert.deepEqual(
    all.filter((token) => sink.received.get(token) !== 1),
    [],
  )
  assert.deepEqual([...flood.refused.keys()], ['451'])
})

test('when it is drained all is as before', async () => {
  await eventually(async () => (await metric('sallyport_ingress_queued_messages')) === 0, { deadlineMs: 10_000 })
  const before = await metric('sallyport_ingress_slowed_mail_total')
  const again = startLoad({ port: () => gateway.port('smtp'), clients: 2 })
  await eventually(() => again.promised.length >= 100, { deadlineMs: 10_000 })
  await again.stop()
  assert.equal(again.refused.size, 0)
  assert.equal(await metric('sallyport_ingress_slowed_mail_total'), before)
  await eventually(async () => (await metric('sallyport_bus_lag_records{group="delivery-send"')) === 0, { deadlineMs: 10_000 })
})
