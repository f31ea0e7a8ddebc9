import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { eventually, testPorts } from '@sallyport/testkit'
import { Value } from 'typebox/value'
import { engineSettingsSchema } from './engine-settings.ts'
import { openEngines } from './engines.ts'
import { type Heard, never, type ScriptedServer, scriptedServer, testMessage, text } from './scripted-server.cases.ts'

const servers: ScriptedServer[] = []
after(() => Promise.all(servers.map((server) => server.close())))

async function listening(act: (heard: Heard) => void, when?: (heard: Heard) => boolean): Promise<string> {
  const server = await scriptedServer(act, when)
  servers.push(server)
  return text(server.address)
}

const isAskedClamd = ({ text }: Heard) => text.endsWith('\0\0\0\0')
const isAskedSpamd = ({ text }: Heard) => text.endsWith('Hello\r\n')
const clamd = (answer: string) => listening(({ socket }) => socket.end(`${answer}\0`), isAskedClamd)
const spamd = (score: string, row = '') => {
  const body = row && `---- ---------------------- ------------------------------\n${row}\n`
  return listening(
    ({ socket }) => socket.end(`SPAMD/1.1 0 EX_OK\r\nContent-length: ${body.length}\r\nSpam: True ; ${score} / 5.0\r\n\r\n${body}`),
    isAskedSpamd,
  )
}
const dead = () => listening(({ socket }) => socket.resetAndDestroy())
const frozen = () =>
  listening(
    () => undefined,
    () => false,
  )

function enginesOf(list: readonly object[]) {
  const ports = testPorts()
  const settings = list.map((one) => Value.Parse(engineSettingsSchema, Value.Default(engineSettingsSchema, { ...one })))
  return { ports, engines: openEngines(settings, ports) }
}

const ruled = (answer: {
  readonly reasons: readonly { readonly rule: string; readonly evidence?: Record<string, unknown> | undefined }[]
}) => answer.reasons.map(({ rule, evidence }) => [rule, evidence?.points])

test('scores are added by weight and reasons merged by what they count, the strongest first', async () => {
  const { engines } = enginesOf([
    { kind: 'spamd', name: 'one', address: await spamd('6.0', ' 6.0 BIG                    Big'), weight: 0.5 },
    { kind: 'spamd', name: 'two', address: await spamd('4.0', ' 4.0 SMALL                  Small'), weight: 2 },
    { kind: 'clamd', address: await clamd('stream: OK') },
  ])
  const answer = await engines.ask(testMessage(), never())
  assert.equal(answer.kind, 'scored')
  assert.equal(answer.kind === 'scored' && answer.score, 11)
  assert.deepEqual(ruled(answer), [
    ['spam.spamassassin.SMALL', 8],
    ['spam.spamassassin.BIG', 3],
  ])
})

test('points without reasons are a reason', async () => {
  const { engines } = enginesOf([{ kind: 'spamd', address: await spamd('7.5'), weight: 2 }])
  assert.deepEqual(ruled(await engines.ask(testMessage(), never())), [['spam.engine-score', 15]])
})

for (const [name, other] of [
  ['ham by another engine', () => spamd('-50', '-50 GOOD                   Good')],
  ['a required engine that is dead', dead],
] as const) {
  test(`a virus stands above ${name}, and its weight does not lessen it`, async () => {
    const { engines } = enginesOf([
      { kind: 'spamd', address: await other() },
      { kind: 'clamd', address: await clamd('stream: Eicar FOUND'), weight: 0.1 },
    ])
    const answer = await engines.ask(testMessage(), never())
    assert.equal(answer.kind === 'scored' && answer.score, 100)
    assert.equal(answer.kind === 'scored' && answer.hasVirus, true)
    assert.equal(answer.reasons[0]?.rule, 'spam.virus')
  })
}

test('a required engine that is dead: nothing is judged, whatever the others say', async () => {
  const { engines } = enginesOf([
    { kind: 'spamd', address: await spamd('1.0') },
    { kind: 'spamd', name: 'optional', address: await dead(), required: false },
    { kind: 'clamd', address: await dead() },
  ])
  const answer = await engines.ask(testMessage(), never())
  assert.equal(answer.kind, 'unavailable')
  assert.deepEqual(
    answer.reasons.map(({ rule, evidence }) => [rule, evidence?.engine, evidence?.why]),
    [
      ['spam.engine-unavailable', 'clamd', 'failed'],
      ['spam.engine-absent', 'optional', 'failed'],
    ],
  )
})

test('an engine that is not required is missed for 0 points', async () => {
  const { engines } = enginesOf([
    { kind: 'spamd', address: await spamd('1.0', ' 1.0 ONE                    One') },
    { kind: 'clamd', address: await frozen(), required: false, timeoutMs: 30 },
  ])
  const answer = await engines.ask(testMessage(), never())
  assert.equal(answer.kind === 'scored' && answer.score, 1)
  assert.deepEqual(ruled(answer), [
    ['spam.spamassassin.ONE', 1],
    ['spam.engine-absent', 0],
  ])
  assert.equal(answer.reasons[1]?.evidence?.why, 'timed-out')
})

test('what an engine read only partly is said', async () => {
  const { engines } = enginesOf([{ kind: 'clamd', address: await clamd('stream: OK'), maxBytes: 1024 }])
  assert.deepEqual(ruled(await engines.ask(testMessage('x'.repeat(5000)), never())), [['spam.engine-read-partly', 0]])
})

test('an engine that fails is left alone and tried again; metrics tell', async () => {
  const { engines, ports } = enginesOf([
    { kind: 'clamd', address: await dead(), failures: 2, backOffMs: 60_000, maxBackOffMs: 60_000 },
  ])
  const whys: unknown[] = []
  for (let round = 0; round < 4; round++) whys.push((await engines.ask(testMessage(), never())).reasons[0]?.evidence?.why)
  assert.deepEqual(whys, ['failed', 'failed', 'resting', 'resting'])
  const told = await ports.metrics.metrics()
  assert.match(told, /sallyport_spam_engine_questions_total\{engine="clamd",outcome="failed"\} 2/)
  assert.match(told, /sallyport_spam_engine_questions_total\{engine="clamd",outcome="resting"\} 2/)
  assert.match(told, /sallyport_spam_engine_breaker\{engine="clamd"\} 2/)
  ports.clock.advance(60_000)
  assert.equal((await engines.ask(testMessage(), never())).reasons[0]?.evidence?.why, 'failed')
})

test('too much asked of an engine is refused, and not its failure', async () => {
  const { engines, ports } = enginesOf([{ kind: 'clamd', address: await frozen(), concurrency: 1, waiting: 1, failures: 1 }])
  const controller = new AbortController()
  const waiting = [engines.ask(testMessage(), controller.signal), engines.ask(testMessage(), controller.signal)]
  await eventually(async () => /engine_messages\{engine="clamd",state="waiting"\} 1/.test(await ports.metrics.metrics()))
  assert.equal((await engines.ask(testMessage(), never())).reasons[0]?.evidence?.why, 'overloaded')
  controller.abort()
  for (const answer of await Promise.all(waiting)) assert.equal(answer.reasons[0]?.evidence?.why, 'called-off')
  assert.match(await ports.metrics.metrics(), /sallyport_spam_engine_breaker\{engine="clamd"\} 0/)
})

test('a message that finds no place in time is not judged', async () => {
  const { engines } = enginesOf([{ kind: 'clamd', address: await frozen(), concurrency: 1, timeoutMs: 50, failures: 100 }])
  const answers = await Promise.all([engines.ask(testMessage(), never()), engines.ask(testMessage(), never())])
  assert.deepEqual(answers.map(({ reasons }) => reasons[0]?.evidence?.why).sort(), ['overloaded', 'timed-out'])
})

test('content that cannot be read is not the fault of an engine', async () => {
  const { engines, ports } = enginesOf([{ kind: 'clamd', address: await clamd('stream: OK'), failures: 1 }])
  await assert.rejects(engines.ask(testMessage('abc', { contentBytes: 4 }), never()), { code: 'CONTENT_DAMAGED' })
  assert.match(await ports.metrics.metrics(), /sallyport_spam_engine_breaker\{engine="clamd"\} 0/)
})

for (const [name, list, message] of [
  ['an address without a port', [{ kind: 'clamd', address: 'localhost' }], /"localhost" is no address/],
  ['a port that is none', [{ kind: 'clamd', address: 'localhost:70000' }], /"localhost:70000" is no address/],
  [
    'two engines of one name',
    [
      { kind: 'clamd', address: '/a' },
      { kind: 'clamd', address: '[::1]:3310' },
    ],
    /two engines are called "clamd"/,
  ],
] as const) {
  test(`refused at start: ${name}`, () => {
    assert.throws(() => enginesOf(list), { code: 'CONFIG_INVALID', message })
  })
}
