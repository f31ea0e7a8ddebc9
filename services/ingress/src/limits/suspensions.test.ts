import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Order, orderCodec, topics } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import { application, message, play } from '../ingress.cases.ts'

const order = (orderId: string, now: number, over: Partial<Order> = {}): Order => ({
  v: 1,
  kind: 'suspend',
  orderId,
  match: { application: 'billing' },
  by: 'ann',
  reason: 'taken over',
  at: now,
  expiresAt: now + 3_600_000,
  ...over,
})

async function ordered(orders: (now: number) => readonly Order[]) {
  const p = await play({ applications: [application({ retries: false })] })
  const put = async (...given: readonly Order[]): Promise<void> => {
    for (const one of given) {
      await p.ports.bus.publish({ topic: topics.orders.name, key: one.orderId, value: orderCodec.encode(one) })
    }
  }
  await put(...orders(p.ports.clock.now()))
  const client = await p.ready()
  const mail = async (): Promise<string> => {
    const { text } = await client.say('MAIL FROM:<a@example.com>')
    await client.say('RSET')
    return text
  }
  return { p, client, put, mail }
}

test('an application that is suspended is told so at MAIL, until the order ends or goes', async () => {
  const { p, mail } = await ordered((now) => [order('1', now), order('2', now, { expiresAt: now + 7_200_000 })])
  try {
    const refused = await eventually(async () => {
      const text = await mail()
      return text.startsWith('451') ? text : undefined
    })
    assert.match(
      refused,
      /^451 4\.7\.1 the mail team has suspended this application until 2026-01-01T0\d:\d\d:\d\dZ: ask them, or try again then$/,
    )
    assert.equal(p.received().length, 0)
    assert.match(await p.ports.metrics.metrics(), /refused_mail_total\{reason="suspended"\} \d/)
    p.ports.clock.advance(3_600_001)
    assert.match(await mail(), /^451 /)
    await p.ports.bus.publish({ topic: topics.orders.name, key: '2', value: null })
    await eventually(async () => (await mail()).startsWith('250'))
  } finally {
    await p.stop()
  }
})

test('what is no suspension of this application lets it in', async () => {
  const { p, client, mail } = await ordered((now) => [
    order('1', now, { match: { application: 'crm' } }),
    order('2', now, { kind: 'pause' }),
    order('3', now, { match: { application: 'billing', destination: 'default' } }),
    order('4', now, { match: { application: 'billing', message: 'x' } }),
    order('5', now, { match: {} }),
    order('6', now, { expiresAt: now }),
  ])
  try {
    await p.ports.bus.publish({ topic: topics.orders.name, key: '7', value: Buffer.from('nonsense') })
    assert.match(await mail(), /^250 /)
    assert.equal((await client.send({ from: 'a@example.com', to: 'b@example.org', content: message })).code, 250)
  } finally {
    await p.stop()
  }
})
