import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '@sallyport/testkit'
import { message, play } from '../ingress.cases.ts'
import { InFlow } from './in-flow.ts'

function flow(inHand: number, { utilization = 1, share = 1 } = {}): number {
  const inFlow = new InFlow({ inHand: () => inHand, share: () => share, paceAbove: 0.5 })
  inFlow.tick(utilization)
  return inFlow.waitMs('shop')
}

test('while the thread is busy, who sends most waits for what is in hand beyond what delivery needs, and longer for more', () => {
  assert.equal(flow(32), 0)
  assert.ok(flow(64) > 0)
  assert.ok(flow(128) > flow(64))
})

test('who sends a tenth of that waits a tenth as long', () => {
  assert.equal(flow(132, { share: 0.1 }).toFixed(6), (flow(132) / 10).toFixed(6))
})

test('nobody waits longer than 50 ms, however much is in hand', () => {
  assert.equal(flow(1_000_000), 50)
})

test('while the thread has room nobody waits, as where the next hop is slow or away', () => {
  assert.equal(flow(256, { utilization: 0.4 }), 0)
})

test('MAIL is answered later while more is in hand than can be sent on, and the message is taken', async () => {
  let inHand = 0
  const p = await play({ settings: { paceAbove: 0 }, inHand: () => inHand })
  try {
    const slowed = async (): Promise<boolean> => /slowed_mail_total\{cause="flow"\} [1-9]/.test(await p.ports.metrics.metrics())
    const client = await p.ready()
    const send = async (): Promise<number> =>
      (await client.send({ from: 'a@example.com', to: 'b@example.org', content: message })).code
    assert.equal(await send(), 250)
    assert.equal(await slowed(), false)
    inHand = 1_000
    await eventually(async () => (await send()) === 250 && (await slowed()))
  } finally {
    await p.stop()
  }
})
