/** Design §4.6: until the durable publish begins the message is the client's; from then on it is ours, whatever the client hears. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SallyportError, topics } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import { message, type Play, type PlayOptions, play, verdict } from '../ingress.cases.ts'

const large = `${message}${'x'.repeat(70)}\r\n`.padEnd(300_000, `${'y'.repeat(70)}\r\n`).concat('\r\n')
const send = async (p: Play, content: string) =>
  await (await p.ready()).send({ from: 'a@example.com', to: 'b@example.org', content })

interface Road {
  readonly what: string
  readonly options: PlayOptions
  /** Where the publish that makes it ours goes. */
  readonly topic: string
  readonly outcome: string
  accepted(p: Play): readonly { readonly record: { readonly message: { readonly id: string } } }[]
}

const roads: readonly Road[] = [
  {
    what: 'judged',
    options: { verdict: () => verdict('relay') },
    topic: topics.decided.name,
    outcome: 'relay',
    accepted: (p) => p.decided(),
  },
  {
    what: 'undecided',
    options: { verdict: undefined, settings: { budgetMs: 20 } },
    topic: topics.annotations.name,
    outcome: 'undecided',
    accepted: (p) => p.undecided(),
  },
]

for (const { what, options, topic, outcome, accepted } of roads) {
  test(`${what}: a client that goes while the publish is under way takes nothing back`, async () => {
    const refunded: string[] = []
    const p = await play({ ...options, refund: (id) => void refunded.push(id) })
    try {
      let hasBegun = false
      p.ports.bus.faults.publish = (record, { durable }) => {
        if (record.topic === topic && durable) hasBegun = true
        return undefined
      }
      p.ports.bus.faults.delayMs = 200
      const client = await p.ready()
      void client.send({ from: 'a@example.com', to: 'b@example.org', content: large }).catch(() => {})
      await eventually(() => hasBegun)
      client.destroy()
      await eventually(() => p.ports.events.of('settled').length === 1)
      assert.equal(accepted(p).length, 1)
      const [settled] = p.ports.events.of('settled')
      assert.deepEqual([settled?.outcome, settled?.accepted], [outcome, true])
      assert.deepEqual(refunded, [])
      assert.equal(p.content.stored.size, 1, 'the content of an accepted message was dropped')
    } finally {
      await p.stop()
    }
  })

  test(`${what}: a publish whose outcome nobody knows is 451, and the content stays for the message that may be ours`, async () => {
    const p = await play(options)
    try {
      p.ports.bus.faults.publish = (record, { durable }) =>
        record.topic === topic && durable ? new SallyportError('BUS_UNAVAILABLE', 'no answer came') : undefined
      const reply = await send(p, large)
      assert.match(reply.text, /^451 4\.3\.0 /)
      await p.ingress.stop()
      assert.equal(p.content.stored.size, 1)
    } finally {
      await p.stop()
    }
  })
}

test('a client that goes before takes everything back: content and reservation', async () => {
  const refunded: string[] = []
  const p = await play({ verdict: undefined, refund: (id) => void refunded.push(id) })
  try {
    const client = await p.ready()
    void client.send({ from: 'a@example.com', to: 'b@example.org', content: large }).catch(() => {})
    const { id } = await p.asked(0)
    assert.equal(p.content.stored.size, 1)
    client.destroy()
    await eventually(() => p.content.stored.size === 0)
    await eventually(() => p.ports.events.of('settled').length === 1)
    await p.sendVerdict(id, verdict('relay'))
    assert.deepEqual(refunded, [id])
    assert.equal(p.decided().length, 0)
  } finally {
    await p.stop()
  }
})
