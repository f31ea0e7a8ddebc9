import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { explanationSchema, newMessageId, withMessageIdTime } from '@sallyport/contracts'
import { explanationTokens } from '@sallyport/runtime'
import { Compile } from 'typebox/compile'
import { refusedEvents, settledEvent } from '../events.cases.ts'
import { apiStage } from './stage.cases.ts'

let stage: Awaited<ReturnType<typeof apiStage>>
before(async () => {
  stage = await apiStage()
})
after(() => stage.close())

for (const [query, application, by, domain, address] of [
  ['ip=10.1.0.7&sender=invoices@example.com', 'billing', 'network', 'pass', 'unknown'],
  ['ip=10.1.0.7&sender=a@stranger.example', 'billing', 'network', 'fail', 'unknown'],
  ['ip=10.1.0.7&sender=', 'billing', 'network', 'pass', 'pass'],
  ['ip=10.1.0.7', 'billing', 'network', 'unknown', 'unknown'],
  ['ip=192.0.2.1', null, null, undefined, undefined],
] as const) {
  test(`explain ${query}`, async () => {
    const answer = (await stage.ask({ url: `/api/explain?${query}` })).json()
    assert.deepEqual([...Compile(explanationSchema).Errors(answer)], [])
    const outcome = (check: string) => answer.checks.find((one: { check: string }) => one.check === check)?.outcome
    assert.deepEqual(
      [answer.application, answer.recognizedBy, outcome('domain'), outcome('address')],
      [application, by, domain, address],
    )
  })
}

test('explain of what is no address says so', async () => {
  const answer = await stage.ask({ url: '/api/explain?ip=mail.example.com' })
  assert.equal(answer.statusCode, 400)
  assert.match(answer.json().detail, /ip: must be an IP address/)
})

const tokens = () => explanationTokens(stage.ports.signer)
const page = (token: string) => stage.app.inject({ url: `/explain/${token}` })

test('the page of a refusal: check, rule, evidence, fix, whom to ask; without a token, a script, or anything from elsewhere', async () => {
  const at = stage.ports.clock.now()
  const id = withMessageIdTime(newMessageId(), at)
  const [settled, judged] = refusedEvents(id, 'billing', at)
  assert.ok(settled?.kind === 'settled' && judged)
  await stage.append({ ...settled, headerFrom: ['<script>alert(1)</script>@x.example'] }, judged)
  const answer = await page(tokens().tokenOf(id))
  assert.equal(answer.statusCode, 200)
  for (const said of [
    'not ours',
    'How to fix it: write ours',
    'domain.envelope-not-authorized',
    'x.example',
    'owner@example.com',
    'SPF',
    id,
  ]) {
    assert.ok(answer.body.includes(said), said)
  }
  assert.doesNotMatch(answer.body, /<script|src=|https?:/)
  assert.match(String(answer.headers['content-security-policy']), /default-src 'none'; style-src 'sha256-/)
  assert.equal(answer.headers['referrer-policy'], 'no-referrer')
  assert.equal(answer.headers['cache-control'], 'no-store')
})

test('a link that is guessed, old or of a message that is not known leads nowhere; one of a message that left says so', async () => {
  const at = stage.ports.clock.now()
  const [unknown, left] = [withMessageIdTime(newMessageId(), at), withMessageIdTime(newMessageId(), at)]
  await stage.append(settledEvent(left, 'billing', at))
  for (const token of ['AAAAAAAAAAAAAAAAAAAAAA', 'x', tokens().tokenOf(unknown), `${tokens().tokenOf(left)}A`]) {
    const answer = await page(token)
    assert.deepEqual([answer.statusCode, answer.body.includes('There is no explanation here')], [404, true], token)
  }
  assert.match((await page(tokens().tokenOf(left))).body, /was not refused/)
  stage.ports.clock.advance(31 * 86_400_000)
  assert.equal((await page(tokens().tokenOf(left))).statusCode, 404)
})
