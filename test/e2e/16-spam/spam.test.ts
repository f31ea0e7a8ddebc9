/** The spam check in the whole gateway, with a virus scanner beside it: what passes, what is held, what is refused, and why. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually, type SmtpReply, smtpClient, temporaryFolder } from '@sallyport/testkit'
import { type Clamd, clamdMissing, eicar, startClamd } from '../../infra/clamd.ts'
import { api } from '../../process/api.ts'
import { type CountingSink, startCountingSink } from '../../process/counting-sink.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'
import { oneApplication } from '../../process/policies.ts'

const folder = temporaryFolder()
let sink: CountingSink
let clamd: Clamd | undefined
let gateway: GatewayProcess

/** Clients in these networks: one that is judged, one that is only watched. */
const [judged, watched] = ['127.0.1.1', '127.0.2.1']

before(async () => {
  sink = await startCountingSink()
  if (!clamdMissing) clamd = await startClamd({ streamMaxBytes: 10_000_000 })
  const spam = { holdAt: 6, rejectAt: 15, whenUnavailable: 'defer' }
  const off = { domain: { mode: 'off' }, address: { mode: 'off' } }
  const { applications, ...rest } = Object.assign(
    { applications: [] as object[] },
    oneApplication({ nextHop: sink.port, mode: 'off' }),
  )
  const application = (name: string, network: string, mode: string): object => ({
    ...applications[0],
    name,
    from: { networks: [network] },
    retries: true,
    checks: { ...off, spam: { ...spam, mode } },
  })
  const engines = clamd
    ? [{ kind: 'clamd', address: `127.0.0.1:${clamd.port}`, failures: 2, backOffMs: 100, maxBackOffMs: 100 }]
    : []
  gateway = await startGatewayProcess({
    folder: folder.path,
    policy: {
      ...rest,
      applications: [application('judged', '127.0.1.0/24', 'enforce'), application('watched', '127.0.2.0/24', 'monitor')],
    },
    settings: { 'spamScoring.engines': JSON.stringify(engines), 'spamScoring.scoreBytes': '65536' },
  })
})
after(async () => {
  await gateway?.stop()
  await clamd?.stop()
  await sink?.stop()
  folder.remove()
})

const header = (token: string): string =>
  [
    'From: Application <app@example.com>',
    'To: Customer <b@example.net>',
    'Subject: Your invoice of November',
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${token}@example.com>`,
    `X-Token: ${token}`,
    'MIME-Version: 1.0',
    '',
  ].join('\r\n')
const plain = (token: string): string =>
  `${header(token)}Content-Type: text/plain; charset=us-ascii\r\n\r\nHello, your invoice for November is ready. Yours, Billing\r\n`
const attached = (token: string, name: string, bytes: Buffer): string =>
  [
    `${header(token)}Content-Type: multipart/mixed; boundary=b`,
    '',
    '--b',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'See the attachment.',
    '--b',
    `Content-Type: application/octet-stream; name="${name}"`,
    `Content-Disposition: attachment; filename="${name}"`,
    'Content-Transfer-Encoding: base64',
    '',
    bytes.toString('base64').replace(/.{76}/g, '$&\r\n'),
    '--b--',
    '',
  ].join('\r\n')
const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(58), Buffer.from([0x40, 0, 0, 0]), Buffer.from('PE\0\0')])

async function send(localAddress: string, content: string): Promise<SmtpReply> {
  const client = await smtpClient({ port: gateway.port('smtp'), localAddress })
  await client.ehlo()
  const reply = await client.send({ from: 'app@example.com', to: 'b@example.net', content })
  await client.quit()
  return reply
}
const statusOf = ({ code, enhanced }: SmtpReply): string => `${code} ${enhanced}`
const idOf = (reply: SmtpReply): string => reply.text.split(' ').at(-1) ?? ''
const annotationOf = (id: string) =>
  eventually(
    async () => {
      const { body } = await api(gateway, 'GET', `/api/messages/${id}`)
      return body?.annotations?.find(({ check }: { check: string }) => check === 'spam')
    },
    { deadlineMs: 10_000, what: 'the annotation is shown' },
  )

test('what is fit to leave leaves, with its score', async () => {
  const reply = await send(judged, plain('good'))
  assert.equal(statusOf(reply), '250 2.6.0')
  await eventually(() => sink.received.get('good') === 1)
  const annotation = await annotationOf(idOf(reply))
  assert.equal(annotation.outcome, 'pass')
  assert.ok(annotation.score < 3, JSON.stringify(annotation))
})

test('what reaches rejectAt is refused, and the application is told why', async () => {
  const reply = await send(judged, attached('refused', 'invoice.pdf.exe', program))
  assert.match(statusOf(reply), /^550 5\.7\.\d+/)
  assert.match(reply.text, /attachment is a program/i)
  assert.equal(sink.received.has('refused'), false)
})

test('what reaches holdAt is held, and what is only watched leaves', async () => {
  const held = await send(judged, attached('held', 'setup', program))
  assert.equal(held.code, 250)
  await eventually(async () =>
    (await api(gateway, 'GET', '/api/quarantine')).body.held?.some(({ id }: { id: string }) => id === idOf(held)),
  )
  assert.equal(sink.received.has('held'), false)
  const seen = await send(watched, attached('watched', 'invoice.pdf.exe', program))
  assert.equal(seen.code, 250)
  await eventually(() => sink.received.get('watched') === 1)
  const annotation = await annotationOf(idOf(seen))
  assert.equal(annotation.outcome, 'fail')
  assert.ok(annotation.score >= 15)
})

test('a large message is scored on its beginning and its structure, and says so', async () => {
  const reply = await send(judged, attached('large', 'report.dat', Buffer.alloc(900_000, 'DATA')))
  assert.equal(reply.code, 250, reply.text)
  const annotation = await annotationOf(idOf(reply))
  assert.equal(annotation.outcome, 'pass')
  assert.ok(annotation.reasons.some(({ rule }: { rule: string }) => rule === 'spam.scored-partly'))
})

test('a virus is refused by its name; without its scanner nothing passes, until it is back', { skip: clamdMissing }, async () => {
  assert.ok(clamd)
  const infected = await send(judged, attached('virus', 'letter.txt', Buffer.from(eicar, 'latin1')))
  assert.match(statusOf(infected), /^550 5\.7\.\d+/)
  assert.match(infected.text, /virus: Test\.Eicar/)
  const { port } = clamd
  await clamd.kill()
  for (const token of ['no-scanner-1', 'no-scanner-2', 'no-scanner-3']) {
    const reply = await send(judged, plain(token))
    assert.match(statusOf(reply), /^451 4\.7\.\d+/)
    assert.match(reply.text, /clamd/)
  }
  assert.equal((await send(watched, plain('watched-no-scanner'))).code, 250, 'who is only watched notices nothing')
  clamd = await startClamd({ streamMaxBytes: 10_000_000, port })
  await eventually(async () => (await send(judged, plain('scanner-back'))).code === 250, { deadlineMs: 10_000 })
  await eventually(() => sink.received.has('scanner-back') && sink.received.has('watched-no-scanner'))
  for (const token of ['virus', 'no-scanner-1', 'no-scanner-2', 'no-scanner-3']) assert.equal(sink.received.has(token), false)
})
