/** The engines as Debian ships them: what they find, and what becomes of a message when one dies, freezes, and comes back. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type EngineMessage, type Engines, type EnginesAnswer, engineSettingsSchema, openEngines } from '@sallyport/spam-scoring'
import { eventually, testPorts } from '@sallyport/testkit'
import { Value } from 'typebox/value'
import { clamdMissing, eicar, startClamd } from '../../infra/clamd.ts'
import { rspamdMissing, startRspamd } from '../../infra/rspamd.ts'
import type { ServerProcess } from '../../infra/server-process.ts'
import { spamdMissing, startSpamd } from '../../infra/spamd.ts'

type Server = ServerProcess & { readonly port: number; readonly socketPath: string }

interface Tried {
  readonly kind: 'rspamd' | 'spamd' | 'clamd'
  readonly missing: string | false
  readonly start: (port?: number) => Promise<Server>
  /** What it knows as bad, whatever its rules are; the least it counts, and the rule. */
  readonly bad: { readonly content: string; readonly score: number; readonly rule: string }
}

const gtube = ['XJS*C4JDBQADN1.NSBN3*2IDNEN*', 'GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X'].join('')
const header = [
  'From: Billing <billing@example.com>',
  'To: Customer <customer@example.net>',
  'Subject: Your invoice of November',
  'Date: Wed, 25 Nov 2026 10:00:00 +0000',
  'Message-ID: <0190a1b2@example.com>',
  'MIME-Version: 1.0',
]
const plain = (text: string): string => [...header, 'Content-Type: text/plain; charset=us-ascii', '', text, ''].join('\r\n')
const attached = (bytes: string): string =>
  [
    ...header,
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'See the attachment.',
    '--b',
    'Content-Type: application/octet-stream',
    'Content-Disposition: attachment; filename=invoice.com',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(bytes, 'latin1').toString('base64'),
    '--b--',
    '',
  ].join('\r\n')
const ham = plain('Dear customer,\r\n\r\nthank you for your order. The invoice is on its way.\r\n\r\nYours, Billing')

const given = (port?: number) => (port === undefined ? {} : { port })
const tried: readonly Tried[] = [
  {
    kind: 'rspamd',
    missing: rspamdMissing,
    start: (port) => startRspamd(given(port)),
    bad: { content: plain(gtube), score: 15, rule: 'spam.rspamd.GTUBE' },
  },
  {
    kind: 'spamd',
    missing: spamdMissing,
    start: (port) => startSpamd({ children: 2, ...given(port) }),
    bad: { content: plain(gtube), score: 900, rule: 'spam.spamassassin.GTUBE' },
  },
  {
    kind: 'clamd',
    missing: clamdMissing,
    start: (port) => startClamd({ streamMaxBytes: 1_000_000, ...given(port) }),
    bad: { content: attached(eicar), score: 100, rule: 'spam.virus' },
  },
]

function message(content: string, overrides: Partial<EngineMessage> = {}): EngineMessage {
  const bytes = Buffer.from(content, 'latin1')
  return {
    id: '0190a1b2-0000-7000-8000-000000000001',
    application: 'billing',
    sender: 'billing@example.com',
    recipients: ['customer@example.net'],
    clientAddress: '10.1.0.1',
    helo: 'app.example.com',
    contentBytes: bytes.byteLength,
    async *content() {
      for (let at = 0; at < bytes.byteLength; at += 65_536) yield bytes.subarray(at, at + 65_536)
    },
    ...overrides,
  }
}

const noSignal = new AbortController().signal
const opened: Engines[] = []
function asking(settings: object): Engines {
  const engines = openEngines(
    [Value.Parse(engineSettingsSchema, Value.Default(engineSettingsSchema, { ...settings }))],
    testPorts(),
  )
  opened.push(engines)
  return engines
}
const why = (answer: EnginesAnswer): unknown => (answer.kind === 'unavailable' ? answer.reasons[0]?.evidence?.why : answer.kind)

for (const { kind, missing, start, bad } of tried) {
  const skip = missing
  let server: Server
  before(async () => {
    if (!skip) server = await start()
  })
  after(async () => {
    await Promise.all(opened.map((engines) => engines.close()))
    if (!skip) await server.stop()
  })

  for (const [by, address] of [
    ['TCP', () => `127.0.0.1:${server.port}`],
    ['a Unix socket', () => server.socketPath],
  ] as const) {
    test(`${kind} by ${by} tells bad from good`, { skip }, async () => {
      const engines = asking({ kind, address: address() })
      const good = await engines.ask(message(ham), noSignal)
      assert.equal(good.kind, 'scored', JSON.stringify(good))
      assert.ok(good.kind === 'scored' && good.score < 5 && !good.hasVirus, JSON.stringify(good))
      const found = await engines.ask(message(bad.content), noSignal)
      assert.ok(found.kind === 'scored' && found.score >= bad.score, JSON.stringify(found))
      assert.equal(found.reasons[0]?.rule, bad.rule)
      assert.equal(found.hasVirus, kind === 'clamd')
    })
  }

  test(`${kind} answers 40 questions that come at once`, { skip }, async () => {
    const engines = asking({ kind, address: server.socketPath, concurrency: 4, timeoutMs: 30_000 })
    const answers = await Promise.all(Array.from({ length: 40 }, () => engines.ask(message(ham), noSignal)))
    assert.deepEqual(new Set(answers.map(({ kind: answered }) => answered)), new Set(['scored']))
  })

  test(`${kind} that freezes is timed out, and then left alone`, { skip }, async () => {
    const engines = asking({ kind, address: `127.0.0.1:${server.port}`, timeoutMs: 200, failures: 2, backOffMs: 50 })
    assert.equal(why(await engines.ask(message(ham), noSignal)), 'scored')
    server.freeze()
    try {
      assert.equal(why(await engines.ask(message(ham), noSignal)), 'timed-out')
      assert.equal(why(await engines.ask(message(ham), noSignal)), 'timed-out')
      assert.equal(why(await engines.ask(message(ham), noSignal)), 'resting')
    } finally {
      server.thaw()
    }
    await eventually(async () => why(await engines.ask(message(ham), noSignal)) === 'scored', {
      deadlineMs: 20_000,
      what: `${kind} is asked again`,
    })
  })

  test(`${kind} that is killed within a question is unavailable until it is back`, { skip, timeout: 60_000 }, async () => {
    const engines = asking({ kind, address: `127.0.0.1:${server.port}`, timeoutMs: 10_000, failures: 2, backOffMs: 50 })
    let killed: Promise<void> | undefined
    const half = Buffer.from(ham.slice(0, 100))
    const inTheMiddle = message('', {
      contentBytes: ham.length,
      async *content() {
        yield half
        killed = server.kill()
        await killed
        yield Buffer.from(ham.slice(100))
      },
    })
    assert.equal(why(await engines.ask(inTheMiddle, noSignal)), 'failed')
    await killed
    assert.equal(why(await engines.ask(message(ham), noSignal)), 'failed')
    assert.equal(why(await engines.ask(message(bad.content), noSignal)), 'resting', 'what is bad does not pass either')
    server = await start(server.port)
    await eventually(async () => why(await engines.ask(message(ham), noSignal)) === 'scored', {
      deadlineMs: 20_000,
      what: `${kind} is asked again`,
    })
  })
}

test('clamd that takes less than we send says so, and the message is no clean one', { skip: clamdMissing }, async () => {
  const clamd = await startClamd({ streamMaxBytes: 100_000 })
  try {
    const large = plain(`${'x'.repeat(76)}\r\n`.repeat(4000))
    const address = clamd.socketPath
    assert.equal(why(await asking({ kind: 'clamd', address }).ask(message(large), noSignal)), 'failed')
    const partly = await asking({ kind: 'clamd', address, maxBytes: 90_000 }).ask(message(large), noSignal)
    assert.deepEqual(
      partly.reasons.map(({ rule }) => rule),
      ['spam.engine-read-partly'],
    )
  } finally {
    await clamd.stop()
  }
})
