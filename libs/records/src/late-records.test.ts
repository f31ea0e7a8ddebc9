import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { SallyportError } from '@sallyport/contracts'
import { eventually, temporaryFolder } from '@sallyport/testkit'
import { openLateRecords } from './late-records.ts'
import { openSqliteRecords } from './sqlite/sqlite-records.ts'

const folder = temporaryFolder()
after(() => folder.remove())
let opened = 0

const away = new SallyportError('STORE_UNAVAILABLE', 'PostgreSQL db:5432/sallyport: nobody listens there: start the server')

/** A store that is away for its first `times`. */
async function stage(times: number) {
  const troubles: (string | undefined)[] = []
  let left = times
  let isGone = false
  const late = await openLateRecords(
    async () => {
      if (left-- > 0) throw away
      const records = await openSqliteRecords({ path: folder.join(`records-${opened++}.sqlite`) })
      const goneOr =
        <A extends readonly unknown[], T>(ask: (...given: A) => Promise<T>) =>
        async (...given: A): Promise<T> => {
          if (isGone) throw away
          return ask(...given)
        }
      return { ...records, messages: goneOr(records.messages), positions: goneOr(records.positions) }
    },
    { system: 'sqlite', tell: (trouble) => troubles.push(trouble), firstWaitMs: 1 },
  )
  return {
    late,
    troubles,
    goes(gone: boolean) {
      isGone = gone
    },
  }
}

test('a store that is there at once: nothing is told, and it answers', async () => {
  const { late, troubles } = await stage(0)
  await late.reached
  assert.match(late.generation ?? '', /^\w+$/)
  assert.deepEqual([await late.positions(), late.trouble?.(), troubles], [new Map(), undefined, []])
  await late.close()
})

test('one that is away at first: every question fails with the cause until it is there, which is told once', async () => {
  const { late, troubles } = await stage(3)
  assert.deepEqual([late.generation, late.trouble?.()], [undefined, away.message])
  await assert.rejects(late.messages({ limit: 1 }), { code: 'STORE_UNAVAILABLE', message: away.message })
  await late.reached
  assert.deepEqual((await late.messages({ limit: 1 })).messages, [])
  assert.deepEqual(troubles, [away.message, undefined])
  await late.close()
})

test('one that goes later: it is told, and also that it is back though nobody asks', async () => {
  const { late, troubles, goes } = await stage(0)
  goes(true)
  for (let times = 0; times < 3; times++) await assert.rejects(late.messages({ limit: 1 }), { code: 'STORE_UNAVAILABLE' })
  assert.equal(late.trouble?.(), away.message)
  goes(false)
  await eventually(() => late.trouble?.() === undefined)
  assert.deepEqual(troubles, [away.message, undefined])
  await late.close()
})

test('one that is closed before it was ever there', async () => {
  const { late } = await stage(Number.POSITIVE_INFINITY)
  await late.close()
  await assert.rejects(late.state(), { code: 'STORE_UNAVAILABLE' })
})

test('what waiting cannot mend is thrown', async () => {
  const wrong = new SallyportError('CONFIG_INVALID', 'the address is none')
  await assert.rejects(
    openLateRecords(() => Promise.reject(wrong), { system: 'sqlite', tell: () => assert.fail('not expected') }),
    wrong,
  )
})
