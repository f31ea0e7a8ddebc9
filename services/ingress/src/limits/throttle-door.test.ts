import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compilePolicy, type Limit } from '@sallyport/policy'
import { eventually } from '@sallyport/testkit'
import { application, contribution, message, type PlayOptions, play, policyDocument, verdict } from '../ingress.cases.ts'

const throttled = (limits: readonly Limit[], over: Parameters<typeof application>[0] = {}) =>
  application({ retries: true, checks: { throttle: { mode: 'enforce', limits: [...limits] } }, ...over })

type Checks = NonNullable<ReturnType<typeof application>['checks']>

const perApplication: Limit = { per: 'application', count: 'messages', rate: '1/h', burst: 5 }
const wait = (limit: string, over = {}) => ({ limit, cost: 1, intervalMs: 3_600_000, waitMs: 30_000, ...over })
const limitOfApplication = '1/h messages per application billing, burst 5'

const defer = (waits: readonly ReturnType<typeof wait>[]) =>
  verdict('defer', {
    decidedBy: ['throttle'],
    contributions: [
      contribution('throttle', { outcome: 'fail', action: 'defer', rules: ['throttle.limit-reached'], text: 'full' }),
    ],
    waitMs: Math.max(...waits.map(({ waitMs }) => waitMs)),
    waits: [...waits],
  })

async function refusedOnce(limits: readonly Limit[], waits: readonly ReturnType<typeof wait>[], over: Partial<PlayOptions> = {}) {
  const p = await play({ applications: [throttled(limits)], verdict: () => defer(waits), ...over })
  const client = await p.ready()
  assert.match((await client.send({ from: 'a@example.com', to: 'b@example.org', content: message })).text, /^451 4\.7\.1 .*full/)
  return { p, client }
}

test('what was refused is answered at MAIL: which limit, what remains, when; after the wait it is asked again', async () => {
  const { p, client } = await refusedOnce([perApplication], [wait(limitOfApplication)])
  try {
    assert.match(
      (await client.say('MAIL FROM:<other@example.com>')).text,
      /^451 4\.7\.1 try again in (30|29) s: This message counts 1 message, and the limit of 1\/h messages per application billing, burst 5 is reached: 0 remain now, enough in (30|29) s, at 2026-\S+Z\. \(throttle\.limit-reached\)$/,
    )
    assert.equal((await client.say('RCPT TO:<b@example.org>')).code, 503)
    assert.equal(p.received().length, 1)
    assert.match(await p.ports.metrics.metrics(), /refused_mail_total\{reason="throttle"\} 1/)
    p.ports.clock.advance(31_000)
    assert.equal((await client.say('MAIL FROM:<other@example.com>')).code, 250)
  } finally {
    await p.stop()
  }
})

test('the wall clock has no say in how long it is remembered', async () => {
  const { p, client } = await refusedOnce([perApplication], [wait(limitOfApplication)])
  try {
    p.ports.clock.setNow(p.ports.clock.now() + 86_400_000)
    assert.equal((await client.say('MAIL FROM:<a@example.com>')).code, 451)
  } finally {
    await p.stop()
  }
})

test('a new policy ends what is remembered', async () => {
  const { p, client } = await refusedOnce([perApplication], [wait(limitOfApplication)])
  try {
    p.ports.policy.replace(compilePolicy(policyDocument([throttled([perApplication])]), 2))
    assert.equal((await client.say('MAIL FROM:<a@example.com>')).code, 250)
  } finally {
    await p.stop()
  }
})

test('who sends for another bucket is let in: by sender and sender domain', async () => {
  const limits: Limit[] = [
    { per: 'sender', count: 'messages', rate: '1/h', burst: 1 },
    { per: 'sender-domain', count: 'messages', rate: '1/h', burst: 2 },
  ]
  const waits = [
    wait('1/h messages per sender a@example.com, burst 1'),
    wait('1/h messages per sender-domain example.net, burst 2'),
  ]
  const { p, client } = await refusedOnce(limits, waits)
  try {
    for (const [sender, code] of [
      ['A@example.com', 451],
      ['b@example.com', 250],
      ['c@Example.NET', 451],
      ['c@example.org', 250],
      ['', 250],
    ] as const) {
      assert.equal((await client.say(`MAIL FROM:<${sender}>`)).code, code, sender)
      await client.say('RSET')
    }
  } finally {
    await p.stop()
  }
})

test('where the domain or the number of the recipients matters it is answered at RCPT, and the others may go', async () => {
  const limits: Limit[] = [
    { per: 'recipient-domain', count: 'messages', rate: '1/h', burst: 5 },
    { per: 'application', count: 'recipients', rate: '1/h', burst: 500 },
  ]
  const waits = [
    wait('1/h messages per recipient-domain full.example, burst 5'),
    wait('1/h recipients per application billing, burst 500', { cost: 10, waitMs: 7 * 3_600_000 + 1_000 }),
  ]
  const { p, client } = await refusedOnce(limits, waits)
  try {
    assert.equal((await client.say('MAIL FROM:<a@example.com>')).code, 250)
    assert.match(
      (await client.say('RCPT TO:<b@mail.full.example>')).text,
      /^451 4\.7\.1 try again in \d\d s: This message counts 1 message, and the limit of 1\/h messages per recipient-domain full\.example, burst 5 is reached/,
    )
    const lines = ['b@one.example', 'c@one.example', 'd@two.example'].map((to) => `RCPT TO:<${to}>`)
    const answers = await client.sayAll(lines)
    assert.deepEqual(
      answers.map(({ code }) => code),
      [250, 250, 451],
    )
    assert.match(
      answers[2]?.text ?? '',
      /This message counts 3 recipients, and the limit of 1\/h recipients per application billing, burst 500 is reached: 2 remain now/,
    )
  } finally {
    await p.stop()
  }
})

test('a declared size counts against a limit of bytes', async () => {
  const bytes: Limit = { per: 'application', count: 'bytes', rate: '1000/s', burst: 90_000 }
  const waits = [wait('1000/s bytes per application billing, burst 90000', { cost: 50_000, intervalMs: 1, waitMs: 20_000 })]
  const { p, client } = await refusedOnce([bytes], waits)
  try {
    assert.equal((await client.say('MAIL FROM:<a@example.com> SIZE=40000')).code, 451)
    assert.equal((await client.say('MAIL FROM:<a@example.com> SIZE=20000')).code, 250)
  } finally {
    await p.stop()
  }
})

test('who has no queue of its own is let in while its turn is near enough', async () => {
  const dayMs = 86_400_000
  const noQueue = throttled([perApplication], { retries: false })
  let waitMs = dayMs + 20_000
  const p = await play({
    applications: [noQueue],
    verdict: () => defer([wait(limitOfApplication, { waitMs })]),
  })
  try {
    const client = await p.ready()
    const send = async () => (await client.send({ from: 'a@example.com', to: 'b@example.org', content: message })).code
    assert.equal(await send(), 451)
    assert.equal((await client.say('MAIL FROM:<a@example.com>')).code, 451)
    p.ports.clock.advance(21_000)
    waitMs = 60_000
    assert.equal(await send(), 250)
    assert.equal(await send(), 250)
    assert.equal(p.received().length, 3)
  } finally {
    await p.stop()
  }
})

test('what is given back lets the application in again; a refusal gives nothing back', async () => {
  const refunds: string[] = []
  const answers = [defer([wait(limitOfApplication)]), verdict('reject')]
  const p = await play({
    applications: [throttled([perApplication])],
    verdict: () => undefined,
    refund: (id) => refunds.push(id),
  })
  try {
    const [rejected, deferred] = [await p.ready(), await p.ready()]
    const replies = [rejected, deferred].map((client) =>
      client.send({ from: 'a@example.com', to: 'b@example.org', content: message }),
    )
    const [first, second] = [await p.asked(0), await p.asked(1)]
    assert.ok(answers[0] && answers[1])
    await p.sendVerdict(second.id, answers[0])
    await eventually(async () => (await (await p.ready()).say('MAIL FROM:<a@example.com>')).code === 451)
    assert.deepEqual(refunds, [])
    await p.sendVerdict(first.id, answers[1])
    assert.deepEqual((await Promise.all(replies)).map(({ code }) => code).toSorted(), [451, 550])
    assert.deepEqual(refunds, [first.id])
    assert.equal((await (await p.ready()).say('MAIL FROM:<a@example.com>')).code, 250)
  } finally {
    await p.stop()
  }
})

test('in monitor nothing is remembered and nothing is capped', async () => {
  const limits: Limit[] = [{ per: 'application', count: 'recipients', rate: '1/h', burst: 1 }]
  const checks: Checks = { domain: { mode: 'enforce' }, throttle: { mode: 'monitor', limits } }
  const waits = [wait('1/h recipients per application billing, burst 1')]
  const { p, client } = await refusedOnce([], waits, { applications: [application({ retries: true, checks })] })
  try {
    await client.say('MAIL FROM:<a@example.com>')
    assert.equal((await client.say('RCPT TO:<b@example.org>')).code, 250)
    assert.equal((await client.say('RCPT TO:<c@example.org>')).code, 250)
  } finally {
    await p.stop()
  }
})

test('RCPT is capped at the smallest burst that counts recipients, of each recipient domain where that is limited', async () => {
  const limits: Limit[] = [
    { per: 'application', count: 'recipients', rate: '9/h', burst: 6 },
    { per: 'sender', count: 'recipients', rate: '1/h', burst: 4 },
    { per: 'recipient-domain', count: 'recipients', rate: '1/h', burst: 2 },
    { per: 'application', count: 'messages', rate: '1/h', burst: 1 },
  ]
  const p = await play({ applications: [throttled(limits)] })
  try {
    const client = await p.ready()
    await client.say('MAIL FROM:<a@example.com>')
    const to = async (address: string): Promise<string> => (await client.say(`RCPT TO:<${address}>`)).text
    assert.match(await to('a@one.example'), /^250 /)
    assert.match(await to('b@mail.one.example'), /^250 /)
    // Named twice, counted once.
    assert.match(await to('a@one.example'), /^250 /)
    assert.match(
      await to('c@one.example'),
      /^452 4\.5\.3 this recipient is one more than the 2 that may go at once by the limit of 1\/h recipients per recipient-domain one\.example, burst 2: send it in another transaction$/,
    )
    assert.match(await to('a@two.example'), /^250 /)
    assert.match(await to('b@two.example'), /^250 /)
    assert.match(await to('a@three.example'), /^452 4\.5\.3 .* 4 that may go at once .* per sender a@example\.com/)
    assert.equal((await client.data(message)).code, 250)
    assert.equal(p.decided()[0]?.record.message.recipients.length, 4)
  } finally {
    await p.stop()
  }
})
