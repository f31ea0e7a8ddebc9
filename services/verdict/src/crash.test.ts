/** However often verdict dies between two of its steps, an accepted message gets exactly one decision, and nothing stays behind. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bus } from '@sallyport/bus'
import { receivedCodec, SallyportError, topics } from '@sallyport/contracts'
import { eventStream, type RunningRole } from '@sallyport/runtime'
import { eventually } from '@sallyport/testkit'
import { stage } from './stage.cases.ts'

/** Dies at a publish: before it was written, or after, without learning that it was. */
interface Death {
  readonly atPublish: number
  readonly when: 'before' | 'after'
}

function mortalBus(bus: Bus, death: Death | undefined): { readonly bus: Bus; isDead(): boolean; published(): number } {
  let published = 0
  let isDead = false
  const die = (): never => {
    isDead = true
    throw new SallyportError('BUS_CLOSED', 'this process is dead')
  }
  return {
    isDead: () => isDead,
    published: () => published,
    bus: {
      ...bus,
      async publish(record, options) {
        if (isDead) die()
        const isLast = published++ === death?.atPublish
        if (isLast && death.when === 'before') die()
        const position = await bus.publish(record, options)
        return isLast ? die() : position
      },
    },
  }
}

type Scene = 'asks again' | 'joins' | 'remembers'

/** Plays one message through `deaths` and a last life that is left alone. Resolves with the publishes of the last life. */
async function live(scene: Scene, deaths: readonly Death[]): Promise<number> {
  const play = stage()
  const { bus } = play.ports
  const id = play.newId()
  const check = () =>
    bus.consume({
      group: 'check-all',
      topics: [topics.received.name],
      async handle({ value }) {
        const { checks } = receivedCodec.decode(value ?? new Uint8Array()).record
        for (const check of checks) await play.annotation(id, check, check === 'address' ? 'fail' : 'pass')
      },
    })
  if (scene !== 'asks again') {
    await play.opened(id)
    await play.annotation(id, 'domain', 'pass')
  }
  if (scene === 'joins') await play.undecided(id)
  if (scene !== 'asks again') await play.annotation(id, 'address', 'fail')
  if (scene !== 'joins') await play.undecided(id)
  let lastPublishes = 0
  for (const death of [...deaths, undefined]) {
    const mortal = mortalBus(bus, death)
    const role: RunningRole = await play.start({ bus: mortal.bus, events: eventStream(mortal.bus, { durable: false }) })
    await check()
    try {
      await eventually(async () => {
        play.clock.advance(5)
        return mortal.isDead() || (await play.unread()) === 0
      })
    } finally {
      bus.crash()
      await role.stop()
    }
    lastPublishes = mortal.published()
  }
  const actions = play.decided().map(({ record }) => record.verdict.action)
  assert.ok(actions.length > 0, 'the message was lost')
  assert.deepEqual(new Set(actions), new Set(['reject']), JSON.stringify({ scene, deaths }))
  return lastPublishes
}

for (const scene of ['asks again', 'joins', 'remembers'] as const) {
  test(`${scene}: every single death, and every two in a row`, async () => {
    const steps = await live(scene, [])
    assert.ok(steps >= 3, String(steps))
    const deaths = Array.from({ length: steps }, (_, atPublish) => [
      { atPublish, when: 'before' } as const,
      { atPublish, when: 'after' } as const,
    ]).flat()
    for (const death of deaths) await live(scene, [death])
    for (const first of deaths) for (const second of deaths) await live(scene, [first, second])
  })
}
