/** The role as it runs: a bus, a scoring thread, the model that ships, and engines. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  type Annotation,
  annotationCodec,
  type ContentRef,
  maxInlineBytes,
  newMessageId,
  receivedCodec,
  topics,
} from '@sallyport/contracts'
import { compilePolicy } from '@sallyport/policy'
import type { RunningRole } from '@sallyport/runtime'
import { eventually, memoryContent, testPorts } from '@sallyport/testkit'
import { Value } from 'typebox/value'
import { text as addressText, type Heard, scriptedServer } from './engines/scripted-server.cases.ts'
import { type EngineSettings, engineSettingsSchema, type SpamScoringSettings, startSpamScoring } from './index.ts'

const compiled = compilePolicy(
  {
    organization: { name: 'Example', domains: ['example.com'] },
    applications: [
      {
        name: 'billing',
        owner: 'billing-team@example.com',
        from: {},
        checks: { spam: { mode: 'enforce', holdAt: 8, rejectAt: 15 } },
      },
    ],
    routes: { default: { capture: true } },
  },
  1,
)

const closers: (() => Promise<unknown>)[] = []
after(async () => {
  for (const close of closers.reverse()) await close()
})

async function started(settings: Partial<SpamScoringSettings> = {}) {
  const ports = { ...testPorts({ compiled }), content: memoryContent() }
  ports.clock.setNow(Date.now())
  const role: RunningRole = await startSpamScoring(ports, settings)
  closers.push(() => role.stop())
  async function annotationOf(content: Buffer): Promise<Annotation> {
    const id = newMessageId()
    const headerBytes = content.indexOf('\r\n\r\n') + 4
    const isInline = content.byteLength <= maxInlineBytes
    const ref: ContentRef = isInline
      ? { kind: 'inline', contentBytes: content.byteLength, headerBytes }
      : { kind: 'stored', ...(await ports.content.put(id, content)), headerBytes }
    const value = receivedCodec.encode(
      {
        v: 1,
        kind: 'received',
        message: {
          id,
          application: 'billing',
          policyRevision: 1,
          traceparent: '',
          receivedAt: ports.clock.now(),
          client: { address: '10.0.0.1', helo: 'app' },
          sender: 'billing@example.com',
          recipients: [{ index: 0, address: 'customer@partner.example' }],
        },
        content: ref,
        checks: ['spam'],
        budgetMs: 20_000,
        annotateTo: { topic: topics.annotations.name, partition: 1 },
      },
      isInline ? content : content.subarray(0, headerBytes),
    )
    await ports.bus.publish({ topic: topics.received.name, key: id, value })
    return await eventually(() =>
      ports.bus
        .records(topics.annotations.name)
        .map((record) => annotationCodec.decode(record.value ?? new Uint8Array(0)).record)
        .find((record): record is Annotation => record.kind === 'annotation' && record.id === id),
    )
  }
  return { ports, role, annotationOf }
}

const header = (subject: string, from = 'Billing <billing@example.com>'): string =>
  [
    `From: ${from}`,
    'To: Customer <customer@partner.example>',
    `Subject: ${subject}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    'Message-ID: <4711@example.com>',
    'MIME-Version: 1.0',
    '',
  ].join('\r\n')
const plain = (subject: string, text: string): Buffer =>
  Buffer.from(`${header(subject)}Content-Type: text/plain; charset=us-ascii\r\n\r\n${text}\r\n`)
const ham = plain(
  'Your invoice 4711',
  'Hello Ms Weber,\r\n\r\nyour invoice for November is ready. It is due on 15 December.\r\n\r\nYours, Billing',
)
const clamd = (address: string): EngineSettings =>
  Value.Parse(engineSettingsSchema, Value.Default(engineSettingsSchema, { kind: 'clamd', address }))
const rulesOf = ({ reasons }: Annotation): string[] => reasons.map(({ rule }) => rule)

test('the model that ships tells advertising and fraud from the mail of an application', async () => {
  const { role, annotationOf } = await started()
  assert.equal(role.name, 'spam-scoring')
  assert.deepEqual(role.readiness(), { ready: true, waitingFor: [] })
  const good = await annotationOf(ham)
  assert.equal(good.outcome, 'pass')
  assert.ok((good.score ?? 99) < 3, JSON.stringify(good))
  const spam = plain(
    'CONGRATULATIONS!!! You have WON $1,000,000 - claim NOW',
    'Dear friend,\r\n\r\nI am a barrister and this is a business proposal of mutual benefit. My late client left the sum of\r\n' +
      'USD 15,000,000 in a bank account. Please send your bank account details, telephone and fax number in strict\r\n' +
      'confidence, so that we can transfer the funds. Act now!!! This is 100% free and risk free. Click here to order\r\n' +
      'cheap viagra: http://203.0.113.9/buy\r\n',
  )
  const bad = await annotationOf(spam)
  assert.equal(bad.outcome, 'fail', JSON.stringify(bad))
  assert.ok((bad.score ?? 0) > 8)
  assert.ok(rulesOf(bad).includes('spam.words'), 'the model says why')
  assert.ok(rulesOf(bad).includes('spam.link-to-address'), 'and so does the lint')
  const points = bad.reasons.map(({ evidence }) => Number(evidence?.points))
  assert.deepEqual(
    points,
    points.toSorted((left, right) => right - left),
  )
})

test('a message of 50 MB is scored on its beginning and its structure, and says so', async () => {
  const { annotationOf } = await started({ scoreBytes: 65_536 })
  const line = `${'QUJD'.repeat(19)}\r\n`
  const part = (name: string, body: string): string =>
    `--b\r\nContent-Type: application/octet-stream; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}`
  const program = `${Buffer.concat([Buffer.from('MZ'), Buffer.alloc(58), Buffer.from([0x40, 0, 0, 0]), Buffer.from('PE\0\0')]).toString('base64')}\r\n`
  const large = Buffer.from(
    `${header('Your report')}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee below.\r\n${part('report.dat', line.repeat(640_000))}${part('setup.exe', program)}--b--\r\n`,
  )
  const annotation = await annotationOf(large)
  assert.equal(annotation.outcome, 'fail', JSON.stringify(annotation))
  assert.deepEqual(rulesOf(annotation).slice(0, 1), ['spam.attachment-program'])
  assert.equal(rulesOf(annotation).at(-1), 'spam.scored-partly')
})

test('engines are asked beside the built-in scorer; one that is dead makes the message unjudged', async () => {
  const isAsked = ({ text }: Heard) => text.endsWith('\0\0\0\0')
  const clean = await scriptedServer(({ socket }) => socket.end('stream: OK\0'), isAsked)
  const infected = await scriptedServer(({ socket }) => socket.end('stream: Eicar FOUND\0'), isAsked)
  const dead = await scriptedServer(({ socket }) => socket.resetAndDestroy())
  closers.push(clean.close, infected.close, dead.close)
  for (const [server, outcome, rule] of [
    [clean, 'pass', undefined],
    [infected, 'fail', 'spam.virus'],
    [dead, 'unavailable', 'spam.engine-unavailable'],
  ] as const) {
    const { annotationOf } = await started({ engines: [clamd(addressText(server.address))] })
    const annotation = await annotationOf(ham)
    assert.equal(annotation.outcome, outcome)
    assert.equal(annotation.reasons[0]?.rule, rule)
  }
})

test('what cannot be is refused at start', async () => {
  await assert.rejects(started({ workers: 0 }))
  await assert.rejects(started({ model: import.meta.filename }), { code: 'MODEL_UNUSABLE' })
  await assert.rejects(started({ engines: [clamd('nowhere')] }), { code: 'CONFIG_INVALID' })
})
