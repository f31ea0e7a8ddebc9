/** What delivery does with a real next hop: failover, TLS, retries, DSNs to the sender only where it is verified. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { MessageRecord } from '@sallyport/contracts'
import {
  eventually,
  freePort,
  type SmtpSink,
  type SunkMessage,
  smtpClient,
  smtpSink,
  temporaryFolder,
  testCertificates,
} from '@sallyport/testkit'
import { api } from '../../process/api.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'

const folder = temporaryFolder()
let sink: SmtpSink
let gateway: GatewayProcess

const monitored = { domain: { mode: 'monitor' }, address: { mode: 'monitor' } }
const application = (name: string, address: string, more: object = {}): object => ({
  name,
  owner: `${name}-owner@example.com`,
  from: { networks: [`${address}/32`] },
  senders: { addresses: ['app@example.com'] },
  checks: monitored,
  ...more,
})

before(async () => {
  const { server, caPath } = testCertificates()
  sink = await smtpSink({ tls: server })
  const nobody = await freePort()
  gateway = await startGatewayProcess({
    folder: folder.path,
    policy: {
      organization: { name: 'Example', domains: ['example.com'], networks: ['127.0.0.0/8'] },
      applications: [
        application('app', '127.0.0.1'),
        application('waits', '127.0.0.2', { route: 'nowhere' }),
        application('strict', '127.0.0.3', { route: 'verified' }),
      ],
      routes: {
        default: { smarthost: [`127.0.0.1:${nobody}`, sink.address] },
        nowhere: { smarthost: `127.0.0.1:${nobody}` },
        verified: { smarthost: `localhost:${sink.port}`, tls: 'required' },
      },
    },
    settings: {
      'delivery.tierMs.1m': '200',
      'delivery.retryTiers': '1m',
      'delivery.avoidHopMs': '100',
      'console.digestEveryMs': '500',
      'delivery.tickMs': '50',
      'delivery.tlsCa': caPath,
    },
  })
})
after(async () => {
  await gateway?.stop()
  await sink?.stop()
  folder.remove()
})

async function send(options: { from?: string; to: string; localAddress?: string }): Promise<string> {
  const { from = 'app@example.com', to, localAddress = '127.0.0.1' } = options
  const client = await smtpClient({ port: gateway.port('smtp'), localAddress })
  await client.ehlo()
  const reply = await client.send({ from, to, content: `From: ${from}\r\nSubject: for ${to}\r\n\r\nx\r\n` })
  await client.quit()
  assert.equal(reply.code, 250, reply.text)
  return reply.text.split(' ').at(-1) ?? ''
}

const record = (id: string, isDone: (record: MessageRecord) => boolean): Promise<MessageRecord> =>
  eventually(
    async () => {
      const { status, body } = await api(gateway, 'GET', `/api/messages/${id}`)
      return status === 200 && isDone(body) ? body : undefined
    },
    { deadlineMs: 20_000 },
  )
const isOver = ({ status }: MessageRecord): boolean => status === 'delivered' || status === 'failed'
const sunkFor = (address: string): SunkMessage[] =>
  sink.messages.filter(({ recipients }) => recipients.some((one) => one.address === address))
const textOf = (message: SunkMessage | undefined): string => message?.content.toString() ?? ''

test('the second smarthost takes what the first does not, over TLS where it is offered', async () => {
  const { status, attempts } = await record(await send({ to: 'failover@example.net' }), isOver)
  assert.equal(status, 'delivered')
  assert.deepEqual(
    attempts.map(({ nextHop }) => nextHop),
    [sink.address],
  )
  assert.match(attempts[0]?.tls ?? '', /^TLSv1/)
  assert.equal(sunkFor('failover@example.net')[0]?.isTls, true)
})

test('tls: required verifies the next hop against the authorities configured', async () => {
  const { status, attempts } = await record(await send({ to: 'strict@example.net', localAddress: '127.0.0.3' }), isOver)
  assert.equal(status, 'delivered')
  assert.match(attempts[0]?.tls ?? '', /^TLSv1/)
})

test('what a next hop puts off is tried again, and each attempt is on record', async () => {
  sink.recipientReplies.set('later@example.net', '450 4.2.0 greylisted')
  const id = await send({ to: 'later@example.net' })
  const deferred = await record(id, ({ attempts }) => attempts.length >= 2)
  assert.equal(deferred.status, 'deferred')
  assert.match(deferred.recipients[0]?.reply ?? '', /^450 4\.2\.0 greylisted/)
  sink.recipientReplies.delete('later@example.net')
  const { status, attempts } = await record(id, isOver)
  assert.equal(status, 'delivered')
  assert.deepEqual(
    attempts.map(({ attempt, recipients }) => [attempt, recipients[0]?.result]),
    attempts.map((_, index) => [index + 1, index + 1 === attempts.length ? 'delivered' : 'deferred']),
  )
  assert.equal(sunkFor('later@example.net').length, 1)
})

test('a verified sender gets a DSN, which is a message on record as well', async () => {
  sink.recipientReplies.set('gone@example.net', '550 5.1.1 no such user')
  const id = await send({ to: 'gone@example.net' })
  const { bounces, recipients } = await record(id, ({ status, bounces }) => status === 'failed' && bounces.length > 0)
  assert.deepEqual([recipients[0]?.disposition, recipients[0]?.reply], ['bounced', '550 5.1.1 no such user'])
  const dsn = await record(bounces[0]?.dsnId ?? '', isOver)
  assert.deepEqual([dsn.status, dsn.application, dsn.recipients[0]?.address], ['delivered', 'app', 'app@example.com'])
  const sunk = sunkFor('app@example.com').find((message) => textOf(message).includes('gone@example.net'))
  assert.equal(sunk?.sender, '')
  assert.match(textOf(sunk), /Final-Recipient: rfc822;\s?gone@example\.net/i)
})

test('a sender that is not verified never hears of it; the owner gets a digest', async () => {
  sink.recipientReplies.set('refused@example.net', '550 5.7.1 no thanks')
  const id = await send({ from: 'victim@stranger.example', to: 'refused@example.net' })
  const { bounces, verdict } = await record(id, ({ status, bounces }) => status === 'failed' && bounces.length > 0)
  assert.equal(verdict?.wouldBe.action, 'reject')
  assert.deepEqual([bounces[0]?.dsnId, bounces[0]?.cause], [null, 'its sender is not verified'])
  const digest = await eventually(() => sunkFor('app-owner@example.com')[0])
  assert.equal(digest.sender, '')
  assert.match(textOf(digest), /refused@example\.net/)
  assert.deepEqual(sunkFor('victim@stranger.example'), [])
})

test('where no next hop answers the message waits, and its record says so', async () => {
  const { status, attempts } = await record(
    await send({ to: 'waits@example.net', localAddress: '127.0.0.2' }),
    (found) => found.attempts.length >= 2,
  )
  assert.equal(status, 'deferred')
  assert.deepEqual(new Set(attempts.map(({ nextHop }) => nextHop)), new Set(['']))
  assert.ok((attempts[0]?.nextAttemptAt ?? 0) > (attempts[0]?.at ?? 0))
})
