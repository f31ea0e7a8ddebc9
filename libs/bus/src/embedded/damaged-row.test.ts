import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Dead, deadCodec, topics } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import { embeddedWorld, textsOf } from './embedded-world.cases.ts'
import { encodeRow } from './log-row.ts'

const whole = encodeRow('key', { a: 'b' }, 0, Buffer.from('value'))
const changed = (change: (row: Buffer) => void): Buffer => {
  const row = Buffer.from(whole)
  change(row)
  return row
}

const cases: Readonly<Record<string, Buffer>> = {
  'of no bytes': Buffer.alloc(0),
  'of zeros': Buffer.alloc(100),
  'cut within its fixed part': whole.subarray(0, 9),
  'cut within its key': whole.subarray(0, 15),
  'of another kind': changed((row) => row.fill(0, 0, 1)),
  'with a key longer than itself': changed((row) => row.writeUInt16BE(60_000, 10)),
  'with headers that are not JSON': changed((row) => row.fill(0xff, 17, 20)),
}

for (const [name, damaged] of Object.entries(cases)) {
  test(`a row ${name} goes to mail.dead as it is, and blocks nothing`, async () => {
    const world = await embeddedWorld({ kind: 'until-read', readers: ['g'] })
    const offsets = await world.publish('0', '1', '2')
    const [, second] = world.keys()
    assert.ok(second)
    await world.environment.write((transaction) => transaction.put(world.environment.table('log'), second, damaged))
    await world.reopen()
    const read = await world.read('g')
    await eventually(() => read.length === 2, { what: 'the records beside it' })
    assert.deepEqual(textsOf(read), ['0', '2'])
    const letters: { readonly record: Dead; readonly bytes: Uint8Array }[] = []
    await world.bus.consume({
      group: 'operator',
      topics: [topics.dead.name],
      handle: ({ value }) => void letters.push(deadCodec.decode(value ?? Buffer.alloc(0))),
    })
    await eventually(() => letters.length === 1, { what: 'the dead letter' })
    const [letter] = letters
    const { reason, at, ...where } = letter?.record ?? {}
    assert.deepEqual(where, { v: 1, kind: 'dead', topic: 't', partition: 0, offset: offsets[1], key: null, group: 'g' })
    assert.match(String(reason), /damaged/)
    assert.equal(at, world.now)
    assert.deepEqual(Buffer.from(letter?.bytes ?? []), damaged)
    await eventually(() => world.rows().length === 0, { what: 'its deletion with the others' })
    await world.bus.close()
  })
}
