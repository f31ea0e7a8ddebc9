/** Monitor changes nothing for the application; enforce refuses; the change comes without a restart and loses nothing. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, type SmtpReply, smtpClient, temporaryFolder } from '@sallyport/testkit'
import { api, putPolicy } from '../../process/api.ts'
import { type CountingSink, startCountingSink } from '../../process/counting-sink.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'
import { audit, startLoad } from '../../process/load.ts'
import { oneApplication } from '../../process/policies.ts'

const folder = temporaryFolder()
let sink: CountingSink
let gateway: GatewayProcess
const policy = (mode: 'monitor' | 'enforce'): object => oneApplication({ nextHop: sink.port, mode })

before(async () => {
  sink = await startCountingSink()
  gateway = await startGatewayProcess({ folder: folder.path, policy: policy('monitor') })
})
after(async () => {
  await gateway?.stop()
  await sink?.stop()
  folder.remove()
})

async function sendAs(from: string, token: string): Promise<SmtpReply> {
  const client = await smtpClient({ port: gateway.port('smtp') })
  await client.ehlo()
  const reply = await client.send({
    from,
    to: 'b@example.net',
    content: `From: ${from}\r\nSubject: x\r\nX-Token: ${token}\r\n\r\nx\r\n`,
  })
  await client.quit()
  return reply
}

test('monitor: a violation is delivered, and what would have happened is on record', async () => {
  const reply = await sendAs('someone@stranger.example', 'watched')
  assert.equal(reply.code, 250)
  await eventually(() => sink.received.get('watched') === 1)
  const id = reply.text.split(' ').at(-1)
  const { body } = await eventually(async () => {
    const answer = await api(gateway, 'GET', `/api/messages/${id}`)
    return answer.body?.verdict ? answer : undefined
  })
  assert.equal(body.verdict.action, 'relay')
  assert.equal(body.verdict.wouldBe.action, 'reject')
  assert.deepEqual(body.verdict.wouldBe.by.toSorted(), ['address', 'domain'])
})

test('under load, ten changes between monitor and enforce lose no message and need no restart', async () => {
  const load = startLoad({ port: () => gateway.port('smtp'), clients: 8 })
  for (let change = 0; change < 10; change++) {
    await putPolicy(gateway, policy(change % 2 === 0 ? 'enforce' : 'monitor'), `change ${change}`)
    await sleep(50)
  }
  await load.stop()
  await eventually(() => load.promised.every(({ token }) => sink.received.has(token)), { deadlineMs: 20_000 })
  const { promised, lost, twice } = audit(
    load.promised,
    new Map([...sink.received].filter(([token]) => token.startsWith('token-'))),
  )
  assert.ok(promised > 100, `only ${promised}`)
  assert.deepEqual(lost, [])
  assert.equal(twice, 0)
  assert.deepEqual([...load.refused], [])
})

test('enforce: the same violation is refused, and nothing was restarted', async () => {
  await putPolicy(gateway, policy('enforce'))
  const reply = await sendAs('someone@stranger.example', 'refused')
  assert.equal(reply.code, 550)
  assert.equal(sink.received.has('refused'), false)
})

test('a change on top of a revision that is not current is refused', async () => {
  const put = await api(gateway, 'PUT', '/api/policy', { body: policy('monitor'), headers: { 'if-match': '"1"' } })
  assert.equal(put.status, 412)
})

test('an invalid policy is refused with all its faults, and the running one stays', async () => {
  const before = await api(gateway, 'GET', '/api/policy')
  const broken = { ...policy('monitor'), organisation: {}, routes: {} }
  const put = await api(gateway, 'PUT', '/api/policy', { body: broken, headers: { 'if-match': before.headers.get('etag') ?? '' } })
  assert.equal(put.status, 422)
  assert.ok(put.body.faults.length >= 2, JSON.stringify(put.body))
  for (const fault of put.body.faults) assert.ok(fault.path !== undefined && fault.message && fault.hint, JSON.stringify(fault))
  assert.equal((await api(gateway, 'GET', '/api/policy')).headers.get('etag'), before.headers.get('etag'))
})
