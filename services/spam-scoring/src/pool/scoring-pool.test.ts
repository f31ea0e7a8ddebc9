import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { eventually, testPorts } from '@sallyport/testkit'
import type { ContentToScore } from '../score-content.ts'
import { openScoringPool, type PoolOptions, type ScoringPool } from './scoring-pool.ts'

const opened: ScoringPool[] = []
after(() => Promise.all(opened.map((pool) => pool.stop())))

const scripted = new URL('./scripted-thread.cases.ts', import.meta.url)

async function poolOf(options: Partial<PoolOptions> = {}) {
  const ports = testPorts()
  const pool = await openScoringPool({ workers: 1, modelPath: 'runs', threadFile: scripted, ...options }, ports)
  opened.push(pool)
  return { pool, ports }
}

const message = (text: string): ContentToScore => ({
  content: Buffer.from(text),
  contentBytes: text.length,
  sender: 'a@example.com',
  recipients: ['b@example.net'],
  isBulk: false,
  isSmtpUtf8: false,
  receivedAt: 0,
})
const wanted = () => true

test('every message gets its own score, over several threads and many batches', async () => {
  const { pool } = await poolOf({ workers: 2 })
  const scores = await Promise.all(Array.from({ length: 300 }, (_, index) => pool.score(message('x'.repeat(index + 1)), wanted)))
  assert.deepEqual(
    scores.map(({ points }) => points),
    Array.from({ length: 300 }, (_, index) => index + 1),
  )
})

test('the content stays with its owner', async () => {
  const { pool } = await poolOf()
  const all = Buffer.from('one two')
  const [one, two] = await Promise.all(
    [all.subarray(0, 3), all.subarray(3)].map((content) => pool.score({ ...message(''), content }, wanted)),
  )
  assert.deepEqual([one?.points, two?.points, all.toString()], [3, 4, 'one two'])
})

test('a message that the scorer fails on fails alone', async () => {
  const { pool } = await poolOf()
  const [failed, scored] = await Promise.allSettled([pool.score(message('fail x'), wanted), pool.score(message('good'), wanted)])
  assert.equal(failed.status, 'rejected')
  assert.match(String(failed.status === 'rejected' && failed.reason), /a rule failed/)
  assert.equal(scored.status, 'fulfilled')
})

for (const [name, text, options] of [
  ['dies', 'die x', {}],
  ['hangs', 'hang x', { stalledMs: 200 }],
] as const) {
  test(`a thread that ${name} loses what it has, never with a score, and is replaced`, async () => {
    const { pool, ports } = await poolOf(options)
    const lost = await Promise.allSettled([pool.score(message(text), wanted), pool.score(message('behind it'), wanted)])
    for (const one of lost) {
      assert.equal(one.status, 'rejected')
      assert.equal(one.status === 'rejected' && one.reason.code, 'ENGINE_UNAVAILABLE')
    }
    assert.equal((await pool.score(message('after'), wanted)).points, 5, 'it waits for the replacement')
    assert.equal(pool.ready, 1)
    assert.match(await ports.metrics.metrics(), /sallyport_spam_thread_deaths_total 1/)
  })
}

test('who no longer waits when his turn comes is left out', async () => {
  const { pool } = await poolOf()
  const unwanted = assert.rejects(
    pool.score(message('die x'), () => false),
    { code: 'ENGINE_UNAVAILABLE', why: 'called-off' },
  )
  assert.equal((await pool.score(message('good'), wanted)).points, 4)
  await unwanted
})

test('a message of another application overtakes what waits of a flood', async () => {
  const { pool } = await poolOf()
  const scored: string[] = []
  const score = (text: string, application: string) =>
    pool.score(message(text), wanted, application).then(() => void scored.push(application))
  const flood = Array.from({ length: 300 }, () => score('x', 'flood'))
  await Promise.all([score('y', 'quiet'), ...flood])
  assert.ok(scored.indexOf('quiet') < 10, `${scored.indexOf('quiet')} messages of the flood came first`)
})

test('the line has an end', async () => {
  const { pool } = await poolOf({ maxWaiting: 2 })
  const taken = [pool.score(message('a'), wanted), pool.score(message('b'), wanted)]
  await assert.rejects(pool.score(message('c'), wanted), { code: 'ENGINE_UNAVAILABLE', why: 'overloaded' })
  assert.equal((await Promise.all(taken)).length, 2)
})

test('a model that cannot be used fails the start', async () => {
  await assert.rejects(poolOf({ modelPath: 'refuses' }), { code: 'MODEL_UNUSABLE' })
  await assert.rejects(poolOf({ modelPath: 'dies' }), { code: 'ENGINE_UNAVAILABLE' })
  await assert.rejects(
    poolOf({ modelPath: '/nowhere/spam.model', threadFile: new URL('./scoring-thread.ts', import.meta.url) }),
    /ENOENT/,
  )
})

test('a stop fails what waits, and what comes later', async () => {
  const { pool } = await poolOf()
  const waiting = assert.rejects(pool.score(message('a'), wanted), { code: 'ENGINE_UNAVAILABLE' })
  await pool.stop()
  await waiting
  await assert.rejects(pool.score(message('b'), wanted), { code: 'ENGINE_UNAVAILABLE' })
  await eventually(() => pool.ready === 0)
})
