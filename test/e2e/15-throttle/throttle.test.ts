/** Limits at the door: an application with a queue is told when to come again, one without waits here, and watching changes nothing. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { eventually, type SmtpReply, type SmtpSink, smtpClient, smtpSink, temporaryFolder } from '@sallyport/testkit'
import { api, putPolicy } from '../../process/api.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'
import { oneApplication } from '../../process/policies.ts'

interface Limit {
  readonly per: string | readonly string[]
  readonly count: string
  readonly rate: string
  readonly burst: number
}

const folder = temporaryFolder()
let sink: SmtpSink
let gateway: GatewayProcess

/** Each test has a rate of its own, and so buckets that no other test has used. */
function policy(limits: readonly Limit[], application: { readonly retries?: boolean; readonly mode?: 'monitor' | 'enforce' } = {}) {
  const { mode = 'enforce', ...rest } = application
  const checks = { domain: { mode: 'monitor' }, address: { mode: 'monitor' }, throttle: { mode, limits } }
  return oneApplication({ nextHop: sink.port, mode: 'monitor', application: { checks, ...rest } })
}

const arrivedAt = new Map<string, number>()
const subjectOf = (content: Buffer | undefined): string => /^Subject: (\S+)/m.exec(content?.toString() ?? '')?.[1] ?? ''
const arrived = (start: string): string[] =>
  sink.messages.map(({ content }) => subjectOf(content)).filter((subject) => subject.startsWith(start))

before(async () => {
  sink = await smtpSink()
  gateway = await startGatewayProcess({ folder: folder.path, policy: oneApplication({ nextHop: sink.port, mode: 'monitor' }) })
})
after(async () => {
  await gateway?.stop()
  await sink?.stop()
  folder.remove()
})

async function send(
  subject: string,
  to: string | readonly string[] = 'b@example.net',
  from = 'app@example.com',
): Promise<SmtpReply> {
  const client = await smtpClient({ port: gateway.port('smtp') })
  await client.ehlo()
  const content = `From: ${from}\r\nSubject: ${subject}\r\n\r\nx\r\n`
  const reply = await client.send({ from, to, content })
  await client.quit()
  return reply
}

test('an application with a queue is told which limit it met, and is let in after the wait', async () => {
  await putPolicy(gateway, policy([{ per: 'sender-domain', count: 'messages', rate: '30/m', burst: 2 }], { retries: true }))
  assert.deepEqual([(await send('queue-1')).code, (await send('queue-2')).code], [250, 250])
  const refused = await send('queue-3')
  assert.match(
    refused.text,
    /^451 4\.7\.1 try again in [12] s: This message counts 1 message, and the limit of 30\/m messages per sender-domain example\.com, burst 2 is reached: 0 remain now, enough in [12] s, at \S+Z\. \(throttle\.limit-reached\) [-0-9a-f]{36}$/,
  )
  const client = await smtpClient({ port: gateway.port('smtp') })
  await client.ehlo()
  const known = (await client.say('MAIL FROM:<other@example.com>')).text
  // Unless the wait was over meanwhile.
  assert.match(known, /^(250 |451 4\.7\.1 try again in [12] s: .* is reached: 0 remain now, .*\(throttle\.limit-reached\)$)/)
  await client.quit()
  const again = await eventually(
    async () => {
      const reply = await send('queue-4')
      return reply.code === 250 ? reply : undefined
    },
    { deadlineMs: 10_000 },
  )
  assert.equal(again.code, 250)
  await eventually(() => arrived('queue-').length === 3)
  assert.deepEqual(arrived('queue-').toSorted(), ['queue-1', 'queue-2', 'queue-4'])
})

test('an application without a queue is let in, and its messages leave in order, none before its time', async () => {
  await putPolicy(gateway, policy([{ per: 'application', count: 'messages', rate: '2/s', burst: 2 }]))
  const began = performance.now()
  const ids: string[] = []
  for (let index = 1; index <= 6; index++) {
    const reply = await send(`turn-${index}`)
    assert.equal(reply.code, 250, reply.text)
    ids.push(reply.text.split(' ').at(-1) ?? '')
  }
  await eventually(
    () => {
      for (const subject of arrived('turn-')) if (!arrivedAt.has(subject)) arrivedAt.set(subject, performance.now() - began)
      return arrivedAt.size === 6
    },
    { deadlineMs: 20_000 },
  )
  assert.deepEqual(
    arrived('turn-').slice(2),
    [3, 4, 5, 6].map((index) => `turn-${index}`),
  )
  for (let index = 3; index <= 6; index++) {
    const atMs = arrivedAt.get(`turn-${index}`) ?? 0
    assert.ok(atMs >= (index - 2) * 500 - 50, `turn-${index} came after ${atMs} ms`)
  }
  const { body } = await eventually(async () => {
    const answer = await api(gateway, 'GET', `/api/messages/${ids[5]}`)
    return answer.body?.verdict ? answer : undefined
  })
  assert.equal(body.verdict.contributions.find((each: { check: string }) => each.check === 'throttle').action, 'defer')
})

test('a refusal that lasts is answered at MAIL, also after hours, and a new policy ends it', async () => {
  const limit = { per: 'application', count: 'recipients', rate: '6/d', burst: 2 }
  await putPolicy(gateway, policy([limit], { retries: true }))
  assert.deepEqual([(await send('known-1')).code, (await send('known-2')).code, (await send('known-3')).code], [250, 250, 451])
  const client = await smtpClient({ port: gateway.port('smtp') })
  await client.ehlo()
  assert.match(
    (await client.say('MAIL FROM:<app@example.com>')).text,
    /^451 4\.7\.1 try again in 14\d{3} s: This message counts 1 recipient, and the limit of 6\/d recipients per application app, burst 2 is reached: 0 remain now, enough in 4 h, at \S+Z\. \(throttle\.limit-reached\)$/,
  )
  await putPolicy(gateway, policy([{ ...limit, rate: '12/d' }], { retries: true }))
  assert.equal((await client.say('MAIL FROM:<app@example.com>')).code, 250)
  const answers = await client.sayAll(['a', 'b', 'c'].map((name) => `RCPT TO:<${name}@example.net>`))
  assert.deepEqual(
    answers.map(({ text }) => text.slice(0, 9)),
    ['250 2.1.5', '250 2.1.5', '452 4.5.3'],
  )
  await client.quit()
})

test('what costs more than the burst is refused for good, and names the limit', async () => {
  await putPolicy(gateway, policy([{ per: 'recipient-domain', count: 'bytes', rate: '1000000/h', burst: 1_000 }]))
  const to = ['a@mail.example.co.uk', 'b@example.co.uk']
  const reply = await send(`above-${'x'.repeat(900)}`, to)
  assert.match(
    reply.text,
    /^550 5\.7\.1 This message counts 1\d\d\d bytes, and the limit of 1000000\/h bytes per recipient-domain example\.co\.uk, burst 1000 lets only 1000 go at once: .* \(throttle\.above-burst\) /,
  )
  assert.equal((await send('within', to)).code, 250)
})

test('watching changes nothing, says what would have happened, and leaves the buckets full for enforcing', async () => {
  const limits = [{ per: 'application', count: 'messages', rate: '7/d', burst: 1 }]
  await putPolicy(gateway, policy(limits, { retries: true, mode: 'monitor' }))
  const replies = [await send('watched-1'), await send('watched-2'), await send('watched-3')]
  assert.deepEqual(
    replies.map(({ code }) => code),
    [250, 250, 250],
  )
  await eventually(() => arrived('watched-').length === 3)
  const id = replies[2]?.text.split(' ').at(-1)
  const { body } = await eventually(async () => {
    const answer = await api(gateway, 'GET', `/api/messages/${id}`)
    return answer.body?.verdict ? answer : undefined
  })
  assert.deepEqual([body.verdict.action, body.verdict.wouldBe], ['relay', { action: 'defer', by: ['throttle'] }])
  await putPolicy(gateway, policy(limits, { retries: true }))
  assert.deepEqual([(await send('enforced-1')).code, (await send('enforced-2')).code], [250, 451])
})

test('what is refused for another reason is charged to nobody', async () => {
  const throttle = { mode: 'enforce', limits: [{ per: 'application', count: 'messages', rate: '8/d', burst: 2 }] }
  const checks = { domain: { mode: 'enforce' }, address: { mode: 'monitor' }, throttle }
  await putPolicy(gateway, oneApplication({ nextHop: sink.port, mode: 'monitor', application: { checks, retries: true } }))
  const replies = [await send('mine-1')]
  for (let index = 0; index < 4; index++) replies.push(await send(`strange-${index}`, 'b@example.net', 'app@not-ours.example'))
  replies.push(await send('mine-2'), await send('mine-3'))
  assert.deepEqual(
    replies.map(({ code }) => code),
    [250, 550, 550, 550, 550, 250, 451],
  )
})

test('the API and the command line tell how full the buckets are', async () => {
  await putPolicy(gateway, policy([{ per: 'sender', count: 'recipients', rate: '11/d', burst: 5 }], { retries: true }))
  assert.equal((await send('fill-1', ['a@example.net', 'b@example.net'])).code, 250)
  const { status, body } = await api(gateway, 'GET', '/api/limits?application=app')
  assert.equal(status, 200)
  assert.deepEqual(body.limits, [{ per: ['sender'], count: 'recipients', rate: '11/d', burst: 5 }])
  const [bucket, ...others] = body.buckets
  assert.deepEqual(others, [])
  assert.deepEqual([bucket.mode, bucket.owner, bucket.burst, bucket.remaining], ['enforce', { sender: 'app@example.com' }, 5, 3])
  assert.ok(bucket.fullInMs > (2 * 86_400_000) / 11 - 60_000 && bucket.fullInMs <= (2 * 86_400_000) / 11)
  const main = join(import.meta.dirname, '../../../services/cli/src/main.ts')
  const env = { SALLYPORT_URL: `http://${gateway.addresses.console}`, SALLYPORT_TOKEN: gateway.token() }
  const { stdout } = await promisify(execFile)(process.execPath, [main, 'limits', 'app'], { env })
  assert.match(
    stdout,
    /^throttle of app: enforce\nlimit: 11\/d recipients per sender, burst 5\nLIMIT .*\n11\/d recipients {2}sender app@example\.com {2}enforce {2}3 +5 +5 h\n$/,
  )
})

test('buckets and turns outlive a kill', async () => {
  await putPolicy(gateway, policy([{ per: 'application', count: 'messages', rate: '9/d', burst: 2 }], { retries: true }))
  assert.deepEqual([(await send('killed-1')).code, (await send('killed-2')).code], [250, 250])
  // What is written behind is committed a few ms later.
  await sleep(100)
  await gateway.kill()
  gateway = await startGatewayProcess({ folder: folder.path })
  assert.equal((await send('killed-3')).code, 451)
})

test('what waits for its turn is there after a kill, in its order, and leaves at its time', async () => {
  await putPolicy(gateway, policy([{ per: 'sender', count: 'messages', rate: '15/m', burst: 1 }]))
  const began = performance.now()
  for (const subject of ['waits-1', 'waits-2', 'waits-3']) assert.equal((await send(subject)).code, 250)
  await gateway.kill()
  gateway = await startGatewayProcess({ folder: folder.path })
  const seenAt = await eventually(() => (arrived('waits-').length >= 3 ? performance.now() - began : undefined), {
    deadlineMs: 60_000,
  })
  assert.ok(seenAt >= 2 * 4_000 - 50, `the third came after ${seenAt} ms`)
  // The first may have been on its way when the gateway was killed, and so come twice.
  assert.deepEqual([...new Set(arrived('waits-'))], ['waits-1', 'waits-2', 'waits-3'])
})
