/** Every row of design §4.6 over a real dialogue. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Action, type Contribution, partitionOf, SallyportError, topics, type Verdict } from '@sallyport/contracts'
import { verifiedSender } from '@sallyport/policy'
import { eventually } from '@sallyport/testkit'
import fc from 'fast-check'
import { application, contribution, message, type Play, type PlayOptions, play, verdict } from '../ingress.cases.ts'

const send = async (p: Play) => await (await p.ready()).send({ from: 'a@example.com', to: 'b@example.org', content: message })
const outcomes = (p: Play) => p.ports.events.of('settled').map(({ outcome, accepted }) => `${outcome} ${accepted}`)
const full = new SallyportError('STORE_FULL', 'full')
const down = new SallyportError('BUS_UNAVAILABLE', 'down')
const wait = verdict('defer', {
  decidedBy: ['throttle'],
  waitMs: 60_000,
  contributions: [contribution('throttle', { outcome: 'fail', action: 'defer', text: 'too fast', rules: ['throttle.rate'] })],
})
const unavailable = verdict('defer', {
  contributions: [contribution('domain', { outcome: 'unavailable', action: 'defer', rules: ['domain.no-answer'] })],
})

interface Row {
  readonly what: string
  readonly options: PlayOptions
  readonly reply: RegExp
  readonly outcome: string
  readonly decided?: Action
  readonly undecided?: true
  readonly prepare?: (p: Play) => void
}

const once = (given: Verdict) => () => given
const failing = (topic: string, error: Error) => (p: Play) => {
  p.ports.bus.faults.publish = (record, { durable }) =>
    record.topic === topic && (durable || topic === topics.received.name) ? error : undefined
}
const rows: readonly Row[] = [
  { what: 'relay', options: {}, reply: /^250 2\.6\.0 Queued as [-0-9a-f]{36}$/, outcome: 'relay true', decided: 'relay' },
  { what: 'hold', options: { verdict: once(verdict('hold')) }, reply: /^250 2\.6\.0 /, outcome: 'hold true', decided: 'hold' },
  { what: 'reject', options: { verdict: once(verdict('reject')) }, reply: /^550 5\.7\.1 /, outcome: 'reject false' },
  {
    what: 'defer, it retries',
    options: { verdict: once(wait), applications: [application({ retries: true })] },
    reply: /^451 4\.7\.1 try again in 60 s/,
    outcome: 'defer false',
  },
  { what: 'defer, only a wait', options: { verdict: once(wait) }, reply: /^250 /, outcome: 'defer true', decided: 'relay' },
  {
    what: 'defer, and its turn would be later than the throttle reserves',
    options: { verdict: once({ ...wait, waitMs: 86_400_001 }) },
    reply: /^451 4\.7\.1 try again in 86401 s/,
    outcome: 'defer false',
  },
  {
    what: 'defer, a check could not judge',
    options: { verdict: once(unavailable) },
    reply: /^250 /,
    outcome: 'hold true',
    decided: 'hold',
  },
  {
    what: 'defer, too many wait already',
    options: { verdict: once(wait), applications: [application({ maxWaiting: 1 })] },
    reply:
      /^451 4\.3\.2 1 messages of this application wait for their turn, no more may \(maxWaiting\), and the next goes in (59|60) s: /,
    outcome: 'defer false',
  },
  {
    what: 'no verdict',
    options: { verdict: undefined, settings: { budgetMs: 20 } },
    reply: /^250 2\.6\.0 /,
    outcome: 'undecided true',
    undecided: true,
  },
  {
    what: 'no verdict, the policy says defer',
    options: { verdict: undefined, settings: { budgetMs: 20 }, applications: [application({ whenUndecided: 'defer' })] },
    reply: /^451 4\.3\.0 /,
    outcome: 'failed false',
  },
  {
    what: 'reply at once',
    options: { verdict: undefined, applications: [application({ reply: 'at-once' })] },
    reply: /^250 2\.6\.0 /,
    outcome: 'undecided true',
    undecided: true,
  },
  {
    what: 'no enforced check, with every checker and verdict stopped',
    options: { verdict: undefined, applications: [application({ checks: { domain: { mode: 'monitor' } } })] },
    reply: /^250 /,
    outcome: 'relay true',
    decided: 'relay',
  },
  {
    what: 'no enforced check, and the question fails',
    options: { verdict: undefined, applications: [application({ checks: { domain: { mode: 'monitor' } } })] },
    prepare: failing(topics.received.name, down),
    reply: /^250 /,
    outcome: 'relay true',
    decided: 'relay',
  },
  {
    what: 'the question fails',
    options: { verdict: undefined },
    prepare: failing(topics.received.name, down),
    reply: /^451 4\.3\.0 /,
    outcome: 'failed false',
  },
  {
    what: 'the bus fails',
    options: {},
    prepare: failing(topics.decided.name, down),
    reply: /^451 4\.3\.0 /,
    outcome: 'failed false',
  },
  {
    what: 'the bus is full',
    options: {},
    prepare: failing(topics.decided.name, full),
    reply: /^452 4\.3\.1 /,
    outcome: 'failed false',
  },
  {
    what: 'undecided, and the store is full',
    options: { verdict: undefined, settings: { budgetMs: 20 } },
    prepare: (p) => {
      p.content.faults.create = () => full
    },
    reply: /^452 4\.3\.1 /,
    outcome: 'failed false',
  },
  {
    what: 'undecided, and the bus fails',
    options: { verdict: undefined, settings: { budgetMs: 20 } },
    prepare: failing(topics.annotations.name, down),
    reply: /^451 4\.3\.0 /,
    outcome: 'failed false',
  },
]

for (const { what, options, reply, outcome, decided, undecided, prepare } of rows) {
  test(what, async () => {
    const p = await play(options)
    try {
      if (what.includes('too many wait')) assert.equal((await send(p)).code, 250)
      prepare?.(p)
      const before = p.decided().length
      assert.match((await send(p)).text, reply)
      assert.equal(outcomes(p).at(-1), outcome)
      const now = p.decided().slice(before)
      assert.deepEqual(
        now.map(({ record, isDurable }) => [record.verdict.action, isDurable]),
        decided ? [[decided, true]] : [],
      )
      if (outcome === 'defer true') assert.ok((now[0]?.record.notBefore ?? 0) >= (now[0]?.record.acceptedAt ?? 0) + 59_000)
      const [accepted] = p.undecided()
      assert.equal(p.undecided().length, undecided ? 1 : 0)
      if (accepted) {
        assert.equal(accepted.isDurable, true)
        assert.equal(p.ports.signer.verify(accepted.record), true)
        assert.equal(accepted.partition, partitionOf(accepted.record.id, 4))
        assert.ok(accepted.record.content.kind === 'stored')
        const stored = Buffer.from(p.content.stored.get(accepted.record.content.key) ?? [])
        assert.ok(stored.toString().endsWith(message))
        assert.equal(stored.length, accepted.record.content.contentBytes)
        assert.equal(accepted.bytes.byteLength, accepted.record.content.headerBytes)
      }
    } finally {
      await p.stop()
    }
  })
}

test('what could not be accepted to wait takes no place of those that wait', async () => {
  const p = await play({ verdict: once(wait), applications: [application({ maxWaiting: 1 })] })
  try {
    failing(topics.decided.name, down)(p)
    assert.equal((await send(p)).code, 451)
    p.ports.bus.faults.publish = undefined
    assert.equal((await send(p)).code, 250)
    assert.match((await send(p)).text, /^451 4\.3\.2 1 messages of this application wait/)
  } finally {
    await p.stop()
  }
})

test('`opened` is signed, goes where annotations go, and names nobody where nobody waits', async () => {
  for (const [mode, waits] of [
    ['enforce', true],
    ['monitor', false],
  ] as const) {
    const p = await play({ applications: [application({ checks: { domain: { mode } } })] })
    try {
      await send(p)
      const opened = await eventually(() => p.opened()[0])
      assert.equal(p.ports.signer.verify(opened), true)
      assert.equal(opened.replyTo !== null, waits)
      const asked = await eventually(() => p.received()[0])
      assert.deepEqual(asked.record.annotateTo, { topic: 'mail.annotations', partition: partitionOf(opened.id, 4) })
      assert.deepEqual(asked.record.checks, ['address', 'domain'])
    } finally {
      await p.stop()
    }
  }
})

test('a client that is gone before the publish begins leaves nothing', async () => {
  const p = await play({ verdict: undefined })
  try {
    const client = await p.ready()
    void client.send({ from: 'a@example.com', to: 'b@example.org', content: message }).catch(() => {})
    const opened = await p.asked(0)
    client.destroy()
    await client.closed
    await eventually(async () => /ingress_connections 0/.test(await p.ports.metrics.metrics()))
    // The verdict never comes: neither the message nor its place waits for it.
    await eventually(() => outcomes(p).length === 1)
    await eventually(async () => /ingress_unsettled 0/.test(await p.ports.metrics.metrics()))
    await p.sendVerdict(opened.id, verdict('relay'))
    assert.deepEqual(outcomes(p), ['abandoned false'])
    assert.equal(p.ports.events.of('settled')[0]?.reply, '')
    assert.equal(p.decided().length, 0)
  } finally {
    await p.stop()
  }
})

test('what is not accepted is refunded, once', async () => {
  const refunded: string[] = []
  const p = await play({
    verdict: ({ message: { sender } }) => verdict(sender === 'a@example.com' ? 'reject' : 'relay'),
    refund: (id) => void refunded.push(id),
  })
  try {
    const client = await p.ready()
    for (const from of ['a@example.com', 'b@example.com']) await client.send({ from, to: 'b@example.org', content: message })
    assert.deepEqual(refunded, [p.received()[0]?.record.message.id])
  } finally {
    await p.stop()
  }
})

const judged = (domain: Contribution['outcome'], address: Contribution['outcome']): Verdict =>
  verdict('relay', { contributions: [contribution('domain', { outcome: domain }), contribution('address', { outcome: address })] })
for (const [domain, address, expected] of [
  ['pass', 'pass', 'yes'],
  ['fail', 'pass', 'no'],
  ['pass', 'fail', 'no'],
  ['fail', 'unavailable', 'no'],
  ['unavailable', 'fail', 'no'],
  ['unavailable', 'pass', 'unknown'],
] as const) {
  test(`domain ${domain}, address ${address}: the sender is verified: ${expected}`, () => {
    assert.equal(verifiedSender(judged(domain, address)), expected)
  })
}

test('a failed event is counted and nothing else', async () => {
  const p = await play()
  try {
    p.ports.events.faults.publish = () => new Error('no events')
    assert.equal((await send(p)).code, 250)
    await eventually(async () => /failures_total\{what="event"\} 1/.test(await p.ports.metrics.metrics()))
  } finally {
    await p.stop()
  }
})

test('however replies repeat, race the budget or come too late, a message is settled once', async () => {
  const p = await play({ verdict: undefined, settings: { budgetMs: 15, tickMs: 1 } })
  const actions = fc.array(fc.tuple(fc.constantFrom<Action>('relay', 'reject', 'defer', 'hold'), fc.integer({ min: 0, max: 25 })), {
    maxLength: 5,
  })
  try {
    await fc.assert(
      fc.asyncProperty(actions, async (given) => {
        const [decided, undecided, events] = [p.decided().length, p.undecided().length, outcomes(p).length]
        const asked = p.opened().length
        const reply = send(p)
        const { id } = await eventually(() => p.opened()[asked])
        await Promise.all(
          given.map(async ([action, delayMs]) => {
            await new Promise((resolve) => setTimeout(resolve, delayMs))
            await p.sendVerdict(id, verdict(action))
          }),
        )
        const { code } = await reply
        const accepted = p.decided().length - decided + p.undecided().length - undecided
        assert.equal(accepted, code === 250 ? 1 : 0)
        assert.equal(outcomes(p).length - events, 1)
      }),
      { numRuns: 25 },
    )
  } finally {
    await p.stop()
  }
})
