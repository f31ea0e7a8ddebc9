/** The three real engines beside each other: each counts by its weight, and one that is dead stops the message unless it may be absent. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type EngineSettings, type Engines, type EnginesAnswer, engineSettingsSchema, openEngines } from '@sallyport/spam-scoring'
import { testPorts } from '@sallyport/testkit'
import { Value } from 'typebox/value'
import { type Clamd, clamdMissing, eicar, startClamd } from '../../infra/clamd.ts'
import { rspamdMissing, startRspamd } from '../../infra/rspamd.ts'
import { spamdMissing, startSpamd } from '../../infra/spamd.ts'

const skip = rspamdMissing || spamdMissing || clamdMissing
const gtube = ['XJS*C4JDBQADN1.NSBN3*2IDNEN*', 'GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X'].join('')
const servers: { stop(): Promise<unknown> }[] = []
const opened: Engines[] = []
let addresses: Readonly<Record<EngineSettings['kind'], string>>
let clamd: Clamd

before(async () => {
  if (skip) return
  const [rspamd, spamd, scanner] = await Promise.all([startRspamd({}), startSpamd({}), startClamd({})])
  servers.push(rspamd, spamd, scanner)
  clamd = scanner
  addresses = { rspamd: `127.0.0.1:${rspamd.port}`, spamd: `127.0.0.1:${spamd.port}`, clamd: `127.0.0.1:${scanner.port}` }
})
after(async () => {
  await Promise.all(opened.map((engines) => engines.close()))
  await Promise.all(servers.map((server) => server.stop()))
})

async function ask(text: string, ...settings: readonly Partial<EngineSettings>[]): Promise<EnginesAnswer> {
  const engines = openEngines(
    settings.map((each) => {
      const filled = { timeoutMs: 30_000, ...each, address: addresses[each.kind ?? 'clamd'] }
      return Value.Parse(engineSettingsSchema, Value.Default(engineSettingsSchema, filled))
    }),
    testPorts(),
  )
  opened.push(engines)
  const content = Buffer.from(
    `From: Billing <billing@example.com>\r\nTo: c@example.net\r\nSubject: Your invoice\r\nDate: Wed, 25 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n\r\n${text}\r\n`,
    'latin1',
  )
  const message = {
    id: '0190a1b2-0000-7000-8000-000000000000',
    application: 'billing',
    sender: 'billing@example.com',
    recipients: ['c@example.net'],
    clientAddress: '192.0.2.1',
    helo: 'app.example.com',
    contentBytes: content.byteLength,
    content: async function* () {
      yield content
    },
  }
  return await engines.ask(message, new AbortController().signal)
}

function scoreOf(answer: EnginesAnswer): number {
  assert.ok(answer.kind === 'scored', JSON.stringify(answer))
  return answer.score
}

test('the score of several is that of each by its weight, and a virus stands above them', { skip }, async () => {
  const alone = [scoreOf(await ask(gtube, { kind: 'rspamd' })), scoreOf(await ask(gtube, { kind: 'spamd' }))]
  assert.ok(
    alone.every((score) => score > 10),
    alone.join(),
  )
  const all = [{ kind: 'rspamd', weight: 0.5 }, { kind: 'spamd', weight: 0.01 }, { kind: 'clamd' }] as const
  const together = await ask(gtube, ...all)
  // What rspamd and SpamAssassin say of one message may differ by what they remember of the one before.
  const [rspamd = 0, spamd = 0] = alone
  assert.ok(Math.abs(scoreOf(together) - (0.5 * rspamd + 0.01 * spamd)) < 2, `${alone.join()} and ${scoreOf(together)}`)
  const infected = await ask(eicar, ...all)
  assert.ok(infected.kind === 'scored' && infected.hasVirus && infected.score >= 100, JSON.stringify(infected))
  assert.equal(infected.reasons[0]?.rule, 'spam.virus')
})

test('with one of them dead nothing is judged, unless it may be absent', { skip }, async () => {
  await clamd.kill()
  const others = [{ kind: 'rspamd' }, { kind: 'spamd' }] as const
  const unjudged = await ask(gtube, ...others, { kind: 'clamd' })
  assert.equal(unjudged.kind, 'unavailable')
  const missed = await ask(gtube, ...others, { kind: 'clamd', required: false })
  assert.ok(scoreOf(missed) > 10)
  assert.ok(missed.reasons.some(({ rule }) => rule === 'spam.engine-absent'))
})
