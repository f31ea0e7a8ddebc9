/** What a running gateway logs is changed over the API, and by a signal where nobody can ask it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually, type SmtpSink, smtpClient, smtpSink, temporaryFolder } from '@sallyport/testkit'
import { api } from '../../process/api.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'
import { oneApplication } from '../../process/policies.ts'

const folder = temporaryFolder()
const deadlineMs = 20_000
let sink: SmtpSink
let gateway: GatewayProcess

before(async () => {
  sink = await smtpSink()
  gateway = await startGatewayProcess({ folder: folder.path, policy: oneApplication({ nextHop: sink.port, mode: 'enforce' }) })
})
after(async () => {
  await gateway?.stop()
  await sink?.stop()
  folder.remove()
})

/** The decisions that are in the log of one message that is sent now. */
async function decisionsOf(expected: number): Promise<readonly string[]> {
  const client = await smtpClient({ port: gateway.port('smtp') })
  await client.ehlo()
  const reply = await client.send({ from: 'app@example.com', to: 'b@example.net', content: 'From: <app@example.com>\r\n\r\nx\r\n' })
  await client.quit()
  const id = reply.text.split(' ').at(-1) ?? ''
  await eventually(async () => (await api(gateway, 'GET', `/api/messages/${id}`)).body.status === 'delivered', { deadlineMs })
  const decisions = (): string[] =>
    gateway
      .log()
      .split('\n')
      .flatMap((line) => (line.includes(id) ? [JSON.parse(line).msg] : []))
      .sort()
  await eventually(() => decisions().length >= expected, { deadlineMs })
  return decisions()
}

test("at warn no decision is logged; info for one role shows its lines, for all everybody's; it ends at once", async () => {
  assert.deepEqual(await decisionsOf(0), [])
  const change = (body: object) => api(gateway, 'PUT', '/api/log-level', { body: { level: 'info', reason: 'a test', ...body } })
  assert.equal((await change({ roles: ['verdict'] })).status, 200)
  await eventually(() => gateway.log().includes('what is logged was changed'), { deadlineMs })
  assert.deepEqual(await decisionsOf(1), ['judged'])
  await change({})
  await eventually(() => gateway.log().split('what is logged was changed').length === 3, { deadlineMs })
  assert.deepEqual(await decisionsOf(3), ['attempted', 'judged', 'settled'])
  await change({ minutes: 0 })
  await eventually(async () => (await decisionsOf(0)).length === 0, { deadlineMs })
})

test('SIGUSR2 goes to debug and back', async () => {
  process.kill(gateway.pid, 'SIGUSR2')
  await eventually(() => gateway.log().includes('"to":"debug"'), { deadlineMs })
  assert.deepEqual(await decisionsOf(3), ['attempted', 'judged', 'settled'])
  process.kill(gateway.pid, 'SIGUSR2')
  await eventually(() => gateway.log().includes('"to":"warn"'), { deadlineMs })
  assert.deepEqual(await decisionsOf(0), [])
})
