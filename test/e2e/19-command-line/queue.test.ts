/** The command line of who looks after the queue: what waits and why, and orders about it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually, type SmtpSink, smtpClient, smtpSink, temporaryFolder } from '@sallyport/testkit'
import { commandLine } from '../../process/command-line.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'
import { oneApplication } from '../../process/policies.ts'

const folder = temporaryFolder()
let sink: SmtpSink
let gateway: GatewayProcess
const sallyport = commandLine(() => gateway)
const soon = { deadlineMs: 30_000 }
const why = ['--reason', 'the next hop is being moved'] as const

before(async () => {
  sink = await smtpSink()
  gateway = await startGatewayProcess({ folder: folder.path, policy: oneApplication({ nextHop: sink.port, mode: 'monitor' }) })
})
after(async () => {
  await gateway?.stop()
  await sink?.stop()
  folder.remove()
})

async function accepted(): Promise<string> {
  const client = await smtpClient({ port: gateway.port('smtp') })
  await client.ehlo()
  const content = 'From: app@example.com\r\nSubject: x\r\n\r\nx\r\n'
  const { code, text } = await client.send({ from: 'app@example.com', to: 'b@example.net', content })
  await client.quit()
  assert.equal(code, 250)
  return text.split(' ').at(-1) ?? ''
}

test('an empty queue', async () => {
  const { code, out, err } = await sallyport('queue')
  assert.deepEqual([code, err], [0, ''])
  assert.match(out, /^DESTINATION +MESSAGES +DEFERRED .*\ndefault +0 +0 .*\n\n0 messages wait\n$/)
  assert.deepEqual(await sallyport('queue', 'list'), { code: 0, out: 'nothing waits\n', err: '' })
})

test('what a next hop puts off is shown with what it said; a retry sends it at once', async () => {
  sink.replies.rcpt = '451 4.2.1 The mailbox is full, try later'
  const id = await accepted()
  const deferred = /^default +1 +1 .* 451 4\.2\.1 The mailbox is full, try later$/m
  await eventually(async () => deferred.test((await sallyport('queue')).out), soon)
  const { out } = await sallyport('queue', 'list', '--destination', 'default')
  assert.match(out, /^ID +ACCEPTED +APPLICATION +DESTINATION +ATTEMPTS +SENDER +RECIPIENTS +LAST REPLY\n/)
  assert.match(out, new RegExp(`^${id} +\\S+Z +app +default +1 +app@example\\.com +b@example\\.net +451 4\\.2\\.1`, 'm'))
  assert.equal(JSON.parse((await sallyport('queue', 'list', '--json')).out)[0].id, id)
  assert.equal((await sallyport('queue', 'list', '--application', 'nobody')).out, 'nothing waits\n')
  sink.replies.rcpt = undefined
  const retry = await sallyport('queue', 'retry', '--message', id, '--reason', 'there is room again')
  assert.equal(retry.code, 0)
  assert.match(retry.out, new RegExp(`^retry ${id} by \\S+ until \\S+Z \\(there is room again\\): see "sallyport queue"\\n$`))
  await eventually(async () => (await sallyport('queue', 'list')).out === 'nothing waits\n', soon)
  assert.equal(sink.messages.length, 1)
})

test('pause, cancel, resume: mail waits, some of it is dropped, the rest goes', async () => {
  const pause = await sallyport('queue', 'pause', '--destination', 'default', '--for', '2h', ...why)
  assert.match(pause.out, /^pause destination default by \S+ until \S+Z \(the next hop is being moved\)/)
  const [dropped, kept] = [await accepted(), await accepted()]
  await eventually(async () => /^default \(paused\) +2 /m.test((await sallyport('queue')).out), soon)
  const json = JSON.parse((await sallyport('queue', '--json')).out)
  assert.deepEqual([json.messages, json.destinations[0].isPaused, json.orders[0].kind], [2, true, 'pause'])
  assert.equal((await sallyport('queue', 'cancel', '--message', dropped, '--reason', 'sent by hand')).code, 0)
  const left = async (): Promise<string[]> =>
    JSON.parse((await sallyport('queue', 'list', '--json')).out).map(({ id }: { readonly id: string }) => id)
  await eventually(async () => (await left()).join() === kept, soon)
  assert.match((await sallyport('trace', dropped)).out, /^b@example\.net +dropped/m)
  const resume = await sallyport('queue', 'resume', '--destination', 'default', '--reason', 'moved')
  assert.match(resume.out, /^ended: pause destination default /)
  await eventually(async () => (await left()).length === 0, soon)
  await eventually(async () => /^b@example\.net +delivered/m.test((await sallyport('trace', kept)).out), soon)
})

for (const [words, code, message] of [
  [['queue', 'pause', '--destination', 'default'], 2, /^say why, for the audit log: --reason TEXT/],
  [['queue', 'pause', ...why], 2, /^say of what: --destination ROUTE or --application NAME\n/],
  [['queue', 'retry', ...why], 2, /^say of what: --destination ROUTE, --application NAME or --message ID/],
  [['queue', 'pause', '--destination', 'default', '--for', 'ever', ...why], 2, /^--for takes a duration such as 90s/],
  [['queue', 'resume', '--destination', 'default', ...why], 1, /nothing pauses destination default: "sallyport queue"/],
  [['queue', 'pause', '--destination', 'defualt', ...why], 1, /there is no destination "defualt": .*default/],
  [['queue', 'cancel', '--application', 'nobody', ...why], 1, /there is no application "nobody": .*app/],
  [['queue', 'cancel', '--message', 'x', ...why], 1, /message/],
] as const) {
  test(`"${words.slice(0, -1).join(' ')} …" says what to do: ${code}`, async () => {
    const ran = await sallyport(...words)
    assert.deepEqual([ran.code, ran.out], [code, ''], ran.err)
    assert.match(ran.err, message)
  })
}
