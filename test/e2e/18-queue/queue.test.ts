/** What waits is seen and ordered about: pause, resume, retry, cancel, the way out, and the explanation of a refusal. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { eventually, type SmtpReply, smtpClient, temporaryFolder } from '@sallyport/testkit'
import { type ApiReply, api, putPolicy } from '../../process/api.ts'
import { type CountingSink, startCountingSink } from '../../process/counting-sink.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'
import { oneApplication } from '../../process/policies.ts'

const folder = temporaryFolder()
const run = promisify(execFile)
const cli = join(import.meta.dirname, '../../../services/cli/src/main.ts')
let sink: CountingSink
let gateway: GatewayProcess
const policy = (mode: 'monitor' | 'enforce'): object => oneApplication({ nextHop: sink.port, mode })

before(async () => {
  sink = await startCountingSink()
  gateway = await startGatewayProcess({
    folder: folder.path,
    policy: policy('monitor'),
    settings: { 'console.publicUrl': 'https://mail.example.com' },
  })
})
after(async () => {
  await gateway?.stop()
  await sink?.stop()
  folder.remove()
})

async function send(from: string, token: string): Promise<SmtpReply> {
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

const accepted = async (token: string): Promise<string> => {
  const { code, text } = await send('app@example.com', token)
  assert.equal(code, 250)
  return text.split(' ').at(-1) ?? ''
}
const order = (what: string, body: object): Promise<ApiReply> => api(gateway, 'POST', `/api/queue/${what}`, { body })
const queue = async (): Promise<ApiReply['body']> => (await api(gateway, 'GET', '/api/queue')).body
const pause = { destination: 'default', reason: 'the next hop is being moved' }

test('a paused destination gets nothing, its mail is seen waiting, and it goes at once when it is resumed', async () => {
  assert.equal((await order('pause', pause)).status, 202)
  const ids = await Promise.all(['a', 'b', 'c'].map(accepted))
  const waiting = await eventually(async () => {
    const { destinations, orders } = await queue()
    return destinations[0]?.messages === 3 ? { destination: destinations[0], orders } : undefined
  })
  assert.equal(waiting.destination.isPaused, true)
  assert.deepEqual([waiting.orders[0].kind, waiting.orders[0].reason], ['pause', pause.reason])
  const listed = (await api(gateway, 'GET', '/api/queue/messages?destination=default')).body.messages
  assert.deepEqual(listed.map(({ id }: { id: string }) => id).sort(), ids.toSorted())
  assert.equal(sink.received.size, 0)
  const overview = (await api(gateway, 'GET', '/api/overview')).body
  assert.ok(
    overview.problems.some(({ code }: { code: string }) => code === 'destination-paused'),
    JSON.stringify(overview.problems),
  )
  const content = await fetch(`http://${gateway.addresses.console}/api/messages/${ids[0]}/content`, {
    headers: { authorization: `Bearer ${gateway.token()}` },
  })
  assert.match(await content.text(), /X-Token: a\r\n/)
  assert.equal((await order('resume', pause)).status, 202)
  await eventually(() => ['a', 'b', 'c'].every((token) => sink.received.get(token) === 1), { deadlineMs: 30_000 })
  await eventually(async () => (await queue()).messages === 0)
  assert.equal((await order('resume', pause)).status, 404)
})

test('the way out: every accepted message as a file with its envelope, also over a restart; then a cancel drops them', async () => {
  await order('pause', pause)
  const ids = await Promise.all(['d', 'e'].map(accepted))
  await gateway.kill()
  gateway = await startGatewayProcess({ folder: folder.path, settings: { 'console.publicUrl': 'https://mail.example.com' } })
  await eventually(async () => (await queue()).messages === 2)
  const out = folder.join('out')
  const environment = { ...process.env, SALLYPORT_URL: `http://${gateway.addresses.console}`, SALLYPORT_TOKEN: gateway.token() }
  const { stdout } = await run(process.execPath, [cli, 'export-queue', out, '--json'], { env: environment })
  assert.equal(JSON.parse(stdout).messages, 2)
  assert.deepEqual(readdirSync(out).sort(), ids.flatMap((id) => [`${id}.eml`, `${id}.json`]).sort())
  for (const id of ids) {
    assert.match(readFileSync(join(out, `${id}.eml`), 'latin1'), /^X-Token: [de]\r$/m)
    const envelope = JSON.parse(readFileSync(join(out, `${id}.json`), 'utf8'))
    assert.deepEqual([envelope.sender, envelope.recipients[0].address], ['app@example.com', 'b@example.net'])
  }
  assert.equal((await order('cancel', { destination: 'default', reason: 'sent by hand' })).status, 202)
  await eventually(async () => (await queue()).messages === 0, { deadlineMs: 30_000 })
  await order('resume', pause)
  await accepted('after')
  await eventually(() => sink.received.get('after') === 1)
  assert.deepEqual([sink.received.get('d'), sink.received.get('e')], [undefined, undefined])
  const audit = (await api(gateway, 'GET', '/api/audit')).body.entries.map(({ action }: { action: string }) => action)
  for (const action of ['queue.pause', 'queue.resume', 'queue.cancel', 'queue.export', 'content.read'])
    assert.ok(audit.includes(action), action)
})

test('a refusal carries a link without address or content, and its page explains it to whoever has no token', async () => {
  await putPolicy(gateway, policy('enforce'))
  const { code, text } = await send('someone@stranger.example', 'refused')
  assert.equal(code, 550)
  const link = /https:\/\/mail\.example\.com\/explain\/([\w-]{22})(?= )/.exec(text)
  assert.ok(link, text)
  const page = await eventually(async () => {
    const response = await fetch(`http://${gateway.addresses.console}/explain/${link[1]}`)
    return response.status === 200 ? response : undefined
  })
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  const html = await page.text()
  for (const said of [
    'someone@stranger.example',
    'domain.envelope-not-authorized',
    'How to fix it',
    'mailto:owner@example.com',
    'SPF',
  ]) {
    assert.ok(html.includes(said), said)
  }
  assert.doesNotMatch(html, /<script|src=|href="http/)
  assert.equal((await fetch(`http://${gateway.addresses.console}/explain/AAAAAAAAAAAAAAAAAAAAAA`)).status, 404)
})
