import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import { type Environment, openEnvironment } from '@sallyport/lmdb'
import { fakeClock, type MemoryEnvironment, memoryEnvironment, memoryLedger, temporaryFolder } from '@sallyport/testkit'
import { openEmbeddedLedger } from './embedded-ledger.ts'
import { ledgerContract } from './ledger.contract.ts'
import type { Ledger } from './port.ts'

function clockOfNow() {
  const clock = fakeClock({ now: Date.now() })
  return {
    clock,
    advance: async (ms: number) => clock.advance(ms),
    advanceHours: async (hours: number) => clock.advance(hours * 3_600_000),
  }
}

{
  const time = clockOfNow()
  let environment: MemoryEnvironment = memoryEnvironment()
  const openOn = (given: MemoryEnvironment) => openEmbeddedLedger({ environment: given, clock: time.clock })
  ledgerContract({
    name: 'embedded',
    ...time,
    open() {
      environment = memoryEnvironment()
      return openOn(environment)
    },
    reopen: () => openOn(environment),
  })
}

{
  const time = clockOfNow()
  const folder = temporaryFolder()
  let opened: { environment: Environment; path: string } | undefined
  let count = 0
  const openOn = async (path: string): Promise<Ledger> => {
    await opened?.environment.close()
    opened = { environment: await openEnvironment({ path, mapBytes: 64 * 1024 * 1024 }), path }
    return await openEmbeddedLedger({ environment: opened.environment, clock: time.clock })
  }
  ledgerContract({
    name: 'embedded, on LMDB',
    ...time,
    runs: 15,
    open: () => openOn(folder.join(String(++count))),
    reopen: () => openOn(opened?.path ?? ''),
  })
  after(async () => {
    await opened?.environment.close()
    folder.remove()
  })
}

{
  const time = clockOfNow()
  let ledger = memoryLedger(time.clock)
  ledgerContract({
    name: 'memory (testkit)',
    ...time,
    async open() {
      ledger = memoryLedger(time.clock)
      return ledger
    },
    async reopen() {
      ledger.loseClaims()
      return ledger
    },
  })
}

async function opened(): Promise<{ ledger: Ledger; environment: MemoryEnvironment; clock: ReturnType<typeof fakeClock> }> {
  const environment = memoryEnvironment()
  const clock = fakeClock({ now: Date.now() })
  return { environment, clock, ledger: await openEmbeddedLedger({ environment, clock }) }
}

test('a claim writes nothing; only outcomes are durable writes', async () => {
  const { ledger, environment } = await opened()
  const id = newMessageId()
  await ledger.claim(id, [0], 'a', 60_000)
  await ledger.renew(id, [0], 'a', 60_000)
  await ledger.release(id, [0], 'a')
  assert.deepEqual(environment.writes, { all: 0, durable: 0 })
  await ledger.markSplit(id)
  assert.deepEqual(environment.writes, { all: 1, durable: 0 })
  await ledger.finish(id, 'a', [{ recipient: 0, attempt: 1, outcome: 'delivered' }])
  assert.deepEqual(environment.writes, { all: 2, durable: 1 })
})

test('a finish that fails keeps the claim, so that it can be tried again', async () => {
  const { ledger, environment } = await opened()
  const id = newMessageId()
  await ledger.claim(id, [0], 'a', 60_000)
  environment.faults.write = () => new Error('MDB_PANIC')
  const finish = () => ledger.finish(id, 'a', [{ recipient: 0, attempt: 1, outcome: 'delivered' }])
  await assert.rejects(finish(), { code: 'LEDGER_UNAVAILABLE', retriable: true, message: /MDB_PANIC/ })
  assert.equal((await ledger.claim(id, [0], 'b', 60_000)).claimed, false)
  environment.faults.write = undefined
  await finish()
  assert.equal((await ledger.claim(id, [0], 'b', 60_000)).claimed, true)
})

/** Counts how often the store is asked for a message's row. */
function countReads(environment: MemoryEnvironment): () => number {
  const table = environment.table('ledger')
  const { get } = table
  let reads = 0
  Object.assign(table, {
    get(key: Uint8Array) {
      reads++
      return get(key)
    },
  })
  return () => reads
}

test('a row is looked up in the store once, and then known as it was committed', async () => {
  const { ledger, environment } = await opened()
  const reads = countReads(environment)
  const id = newMessageId()
  assert.equal(await ledger.wasSplit(id), false)
  assert.equal((await ledger.claim(id, [0], 'a', 60_000)).claimed, true)
  assert.equal(reads(), 1)
  await ledger.finish(id, 'a', [{ recipient: 0, attempt: 1, outcome: 'delivered' }], true)
  const before = reads()
  assert.equal(await ledger.wasSplit(id), true)
  assert.deepEqual(await ledger.entries(id, [0, 1]), new Map([[0, { attempt: 1, outcome: 'delivered' }]]))
  assert.equal(reads(), before)
})

test('what could not be written is not known', async () => {
  const { ledger, environment } = await opened()
  const id = newMessageId()
  assert.equal(await ledger.wasSplit(id), false)
  environment.faults.write = () => new Error('MDB_PANIC')
  await assert.rejects(ledger.markSplit(id))
  await assert.rejects(ledger.finish(id, 'a', [{ recipient: 0, attempt: 1, outcome: 'delivered' }]))
  assert.equal(await ledger.wasSplit(id), false)
  assert.equal((await ledger.entries(id, [0])).size, 0)
})

test('rows beyond some thousands are looked up again', async () => {
  const { ledger, environment } = await opened()
  const reads = countReads(environment)
  const first = newMessageId()
  await ledger.markSplit(first)
  for (let index = 0; index < 5_000; index++) await ledger.wasSplit(newMessageId())
  const before = reads()
  assert.equal(await ledger.wasSplit(first), true)
  assert.equal(reads(), before + 1)
})

test('prune works in transactions of a bounded size, over thousands of rows', async () => {
  const { ledger, environment, clock } = await opened()
  for (let index = 0; index < 1_300; index++) await ledger.markSplit(newMessageId())
  clock.advance(10_000)
  const before = environment.writes.all
  assert.equal(await ledger.prune(5_000), 1_300)
  assert.equal(environment.writes.all - before, 3)
})

test('a row for one recipient takes a dozen bytes', async () => {
  const { ledger, environment } = await opened()
  await ledger.finish(newMessageId(), 'a', [{ recipient: 0, attempt: 1, outcome: 'delivered' }])
  const [row] = environment.table('ledger').range({})
  assert.equal(row?.value.byteLength, 10)
})

test('a damaged row is said, and no claim stays behind', async () => {
  const { ledger: writer, environment, clock } = await opened()
  const id = newMessageId()
  await writer.finish(id, 'a', [{ recipient: 200, attempt: 1, outcome: 'deferred' }])
  const ledger = await openEmbeddedLedger({ environment, clock })
  const table = environment.table('ledger')
  const [row] = table.range({})
  for (const cut of [3, 8, 9, 10]) {
    await environment.write((transaction) => row && transaction.put(table, row.key, row.value.subarray(0, cut)))
    await assert.rejects(ledger.claim(id, [200], 'a', 60_000), { code: 'DATA_FOLDER_CORRUPT' })
  }
  assert.ok(row)
  await environment.write((transaction) => transaction.put(table, row.key, row.value))
  assert.equal((await ledger.claim(id, [200], 'b', 60_000)).claimed, true)
  await assert.rejects(ledger.entries('not-an-id', [0]), RangeError)
})

test('claims whose owners never come back do not pile up without end', async () => {
  const { ledger, clock } = await opened()
  const first = newMessageId()
  await ledger.claim(first, [0], 'a', 1_000)
  for (let index = 0; index < 3_000; index++) {
    clock.advance(1)
    assert.equal((await ledger.claim(newMessageId(), [0], 'a', 1_000)).claimed, true)
  }
  assert.equal(await ledger.renew(first, [0], 'a', 1_000), false)
})
