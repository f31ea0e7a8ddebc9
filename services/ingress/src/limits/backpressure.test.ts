import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SallyportError, topics } from '@sallyport/contracts'
import { eventually, type MemoryBus, memoryBus } from '@sallyport/testkit'
import { application, message, type Play, play } from '../ingress.cases.ts'

const mail = 'MAIL FROM:<a@example.com>'
const settings = { maxQueued: 100, maxDelayMs: 20, queueMeasureMs: 5 }

/** Records that wait for delivery-split, whoever put them there. */
async function fill(bus: MemoryBus, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await bus.publish({ topic: topics.decided.name, key: `k${index}`, value: new Uint8Array(8) })
  }
}
const drain = (bus: MemoryBus) => bus.consume({ group: 'delivery-split', topics: [topics.decided.name], handle: () => {} })
const queued = async (p: Play): Promise<number> =>
  Number(/^sallyport_ingress_queued_messages (\S+)$/m.exec(await p.ports.metrics.metrics())?.[1] ?? Number.NaN)

test('an application that fills the queue is slowed, then put off with words, while others are served; then it is drained', async () => {
  const watched = { checks: { domain: { mode: 'monitor' } } } as const
  const other = application({ name: 'other', from: { networks: ['192.0.2.0/24'] }, ...watched })
  const p = await play({ applications: [application(watched), other], settings, listener: { proxy: true } })
  try {
    const [flood, small] = [
      await p.ready({ preamble: 'PROXY UNKNOWN\r\n' }),
      await p.ready({ preamble: 'PROXY TCP4 192.0.2.1 10.0.0.1 1 2\r\n' }),
    ]
    const envelope = { from: 'a@example.com', to: 'b@example.org', content: message }
    let accepted = 0
    while ((await flood.send(envelope)).code === 250) accepted++
    // One that is being accepted while the queue is measured may count twice until the next measure.
    assert.ok(accepted >= 78 && accepted <= 80, `${accepted} were accepted`)
    assert.match(await p.ports.metrics.metrics(), /slowed_mail_total\{cause="share"\} 1\d\n/)
    assert.match((await flood.say(mail)).text, /^451 4\.3\.2 too many messages of this application wait for delivery/)
    assert.equal((await small.send(envelope)).code, 250)
    assert.deepEqual(p.ingress.readiness(), { ready: true, waitingFor: [], warnings: ['mail of billing is put off'] })
    await drain(p.ports.bus)
    await eventually(async () => (await queued(p)) === 0)
    assert.equal((await flood.send(envelope)).code, 250)
    assert.deepEqual(p.ingress.readiness(), { ready: true, waitingFor: [] })
  } finally {
    await p.stop()
  }
})

test('a full queue: 421 for who comes, 451 for who is there, until a tenth is free', async () => {
  const p = await play({ settings })
  try {
    const client = await p.ready()
    await fill(p.ports.bus, 100)
    await eventually(async () => (await queued(p)) === 100)
    assert.match((await client.say(mail)).text, /^451 4\.3\.2 too many messages wait for delivery/)
    const late = await p.client()
    assert.match(late.greeting.text, /^421 4\.3\.2 too many messages wait for delivery/)
    await late.closed
    assert.deepEqual(p.ingress.readiness().warnings, [
      '100 messages wait for delivery, smtp.maxQueued is 100: no mail is taken',
      'mail of billing is put off',
    ])
    await drain(p.ports.bus)
    await eventually(async () => (await client.say(mail)).code === 250)
    assert.equal((await p.client()).greeting.code, 220)
  } finally {
    await p.stop()
  }
})

test('publishes that hang slow MAIL, then stop it, and then it goes on', async () => {
  const p = await play({ verdict: undefined, settings: { ...settings, slowPublishMs: 0, maxPublishMs: 30 } })
  try {
    const [one, other] = [await p.ready(), await p.ready()]
    const settled = Promise.withResolvers<void>()
    const publish = p.ports.bus.publish
    p.ports.bus.publish = async (record, options) => {
      if (record.topic === topics.decided.name) await settled.promise
      return publish(record, options)
    }
    const sent = one.send({ from: 'a@example.com', to: 'b@example.org', content: message })
    const { id } = await p.asked(0)
    await p.sendVerdict(id, {
      action: 'relay',
      decidedBy: [],
      wouldBe: { action: 'relay', by: [] },
      contributions: [],
      policyRevision: 1,
    })
    const refused = await eventually(async () => {
      const reply = await other.say(mail)
      if (reply.code === 250) await other.say('RSET')
      return reply.code === 451 ? reply : undefined
    })
    assert.match(refused.text, /^451 4\.3\.2 the gateway is overloaded/)
    assert.ok(p.ingress.readiness().warnings?.some((warning) => /^the bus has not answered for \d+ ms$/.test(warning)))
    settled.resolve()
    assert.equal((await sent).code, 250)
    assert.equal((await other.say(mail)).code, 250)
  } finally {
    await p.stop()
  }
})

test('a bus that fails again and again is left alone for a moment, then tried', async () => {
  const p = await play({ applications: [application({ checks: { domain: { mode: 'off' }, address: { mode: 'off' } } })], settings })
  try {
    const client = await p.ready()
    p.ports.bus.faults.publish = () => new SallyportError('BUS_UNAVAILABLE', 'down')
    const envelope = { from: 'a@example.com', to: 'b@example.org', content: message }
    for (let index = 0; index < 10; index++) assert.match((await client.send(envelope)).text, /^451 4\.3\.0 /)
    assert.match((await client.say(mail)).text, /^451 4\.3\.2 the gateway is overloaded/)
    p.ports.bus.faults.publish = undefined
    p.ports.clock.advance(1_000)
    assert.equal((await client.send(envelope)).code, 250)
  } finally {
    await p.stop()
  }
})

test('a bus that does not say what waits stops nobody', async () => {
  const bus = memoryBus()
  await fill(bus, 200)
  const p = await play({ settings, ports: { bus } })
  try {
    await eventually(async () => (await queued(p)) === 200)
    p.ports.bus.lag = () => Promise.reject(new Error('down'))
    p.ports.clock.advance(30_001)
    assert.equal(Number.isNaN(await queued(p)), true)
    assert.deepEqual(p.ingress.readiness().warnings, ['the bus does not say how much waits for delivery'])
    assert.equal((await (await p.ready()).say(mail)).code, 250)
  } finally {
    await p.stop()
  }
})

test('who waits for MAIL when ingress stops is told at once', async () => {
  const p = await play({ settings: { ...settings, maxDelayMs: 60_000 } })
  try {
    const client = await p.ready()
    await fill(p.ports.bus, 100)
    await eventually(async () => (await queued(p)) === 100)
    const reply = client.say(mail)
    await eventually(() => p.ingress.readiness().warnings?.includes('mail of billing is put off'))
    await p.ingress.stop()
    assert.match((await reply).text, /^4[25]1 4\.3\.2 /)
  } finally {
    await p.stop()
  }
})
