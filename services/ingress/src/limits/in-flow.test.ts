import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { Hand } from '@sallyport/runtime'
import { eventually } from '@sallyport/testkit'
import { message, play } from '../ingress.cases.ts'
import { InFlow } from './in-flow.ts'

let hand: Hand
let shares: Record<string, number>
/** What sleeps, and how long. */
let sleeping: { readonly ms: number; readonly wake: () => void }[]
let inFlow: InFlow

beforeEach(() => {
  hand = new Hand()
  shares = {}
  sleeping = []
  inFlow = new InFlow({
    hand,
    share: (application) => shares[application] ?? 1,
    paceAbove: 0.5,
    sleep: (ms) => new Promise((wake) => sleeping.push({ ms, wake })),
  })
  inFlow.tick(1)
})

function take(messages: number): void {
  for (let count = 0; count < messages; count++) hand.take()
}

/** Asks for a turn, and says in `entered` when it came. */
function ask(name: string, entered: string[] = []): Promise<void> | undefined {
  return inFlow.turn(name)?.then(() => void entered.push(name))
}

const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('while the thread is busy, who comes waits where delivery has enough in hand', () => {
  take(47)
  assert.equal(inFlow.turn('shop'), undefined)
  hand.take()
  assert.notEqual(inFlow.turn('shop'), undefined)
})

test('for each message that goes one is let in, in the order in which they came', async () => {
  take(48)
  const entered: string[] = []
  for (const name of ['first', 'second', 'third']) void ask(name, entered)
  hand.letGo()
  await turnOfTheLoop()
  assert.deepEqual(entered, ['first'])
  hand.letGo()
  await turnOfTheLoop()
  assert.deepEqual(entered, ['first', 'second'])
})

test('while more than enough is in hand, nobody is let in for what goes', async () => {
  take(56)
  const entered: string[] = []
  void ask('shop', entered)
  for (let count = 0; count < 8; count++) hand.letGo()
  await turnOfTheLoop()
  assert.deepEqual(entered, [])
  hand.letGo()
  await turnOfTheLoop()
  assert.deepEqual(entered, ['shop'])
})

test('who comes while others wait waits behind them', () => {
  take(48)
  void ask('first')
  void ask('second')
  hand.letGo()
  assert.notEqual(inFlow.turn('third'), undefined)
})

test('nobody waits longer than 50 ms, however much is in hand', async () => {
  take(1_000)
  const entered: string[] = []
  void ask('shop', entered)
  assert.equal(sleeping[0]?.ms, 50)
  sleeping[0]?.wake()
  await turnOfTheLoop()
  assert.deepEqual(entered, ['shop'])
})

test('whose time is over takes nobody the place of another', async () => {
  take(48)
  const entered: string[] = []
  void ask('first', entered)
  void ask('second', entered)
  sleeping[0]?.wake()
  await turnOfTheLoop()
  hand.letGo()
  await turnOfTheLoop()
  assert.deepEqual(entered, ['first', 'second'])
})

test('who sends a tenth of what the busiest sends waits a tenth as long at most, and a hundredth not at all', () => {
  Object.assign(shares, { small: 0.1, tiny: 0.01 })
  take(48)
  void ask('small')
  assert.equal(sleeping[0]?.ms, 5)
  assert.equal(inFlow.turn('tiny'), undefined)
})

test('while the thread has room nobody waits, as where the next hop is slow or away', () => {
  inFlow.tick(0.4)
  take(256)
  assert.equal(inFlow.turn('shop'), undefined)
})

test('MAIL is answered later while more is in hand than can be sent on, and the message is taken', async () => {
  const p = await play({ settings: { paceAbove: 0 }, hand })
  try {
    const slowed = async (): Promise<boolean> => /slowed_mail_total\{cause="flow"\} [1-9]/.test(await p.ports.metrics.metrics())
    const client = await p.ready()
    const send = async (): Promise<number> =>
      (await client.send({ from: 'a@example.com', to: 'b@example.org', content: message })).code
    assert.equal(await send(), 250)
    assert.equal(await slowed(), false)
    take(1_000)
    await eventually(async () => (await send()) === 250 && (await slowed()))
  } finally {
    await p.stop()
  }
})
