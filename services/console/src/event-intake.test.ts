import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventCodec, newMessageId, SallyportError, topics } from '@sallyport/contracts'
import { openSqliteRecords, type RecordedEvent, type Records } from '@sallyport/records'
import { eventually, temporaryFolder, testPorts } from '@sallyport/testkit'
import { consoleGroup, startEventIntake } from './event-intake.ts'
import { settledEvent } from './events.cases.ts'

const unused = () => assert.fail('not expected')
function recordsOf(append: (events: readonly RecordedEvent[]) => Promise<void>): Records {
  const answers = { message: unused, messages: unused, statistics: unused, applications: unused, identities: unused }
  const others = {
    readiness: unused,
    events: unused,
    violations: unused,
    positions: unused,
    state: unused,
    prune: unused,
    close: unused,
  }
  return { generation: 'test', system: 'sqlite', append, ...answers, ...others }
}

async function publish(ports: ReturnType<typeof testPorts>, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newMessageId())
  for (const id of ids) await ports.bus.publish({ topic: topics.events.name, key: id, value: eventCodec.encode(settledEvent(id)) })
  return ids
}
const behind = async (ports: ReturnType<typeof testPorts>, records: Pick<Records, 'generation'>): Promise<number> =>
  (await ports.bus.lag(consoleGroup(records), [topics.events.name])).reduce((sum, { records }) => sum + records, 0)

test('events go to the records in batches, and are settled only when they are stored', async () => {
  const ports = testPorts()
  const batches: RecordedEvent[][] = []
  const storing: (() => void)[] = []
  const records = recordsOf((events) => {
    batches.push([...events])
    return new Promise((resolve) => storing.push(resolve))
  })
  const intake = await startEventIntake({ ...ports, records }, { batchEvents: 10, batchMs: 2 })
  const ids = await publish(ports, 25)
  await eventually(() => batches.length === 1)
  assert.equal(batches[0]?.length, 10)
  await ports.bus.idle()
  assert.equal(await behind(ports, records), 25)
  for (const count of [15, 0]) {
    storing.shift()?.()
    await eventually(async () => (await behind(ports, records)) === count)
  }
  await eventually(async () => (await behind(ports, records)) === 0)
  assert.deepEqual(
    batches
      .flat()
      .map(({ event }) => event.id)
      .sort(),
    ids.sort(),
  )
  const [first] = batches.flat()
  assert.deepEqual(first && JSON.parse(new TextDecoder().decode(first.json)), first?.event)
  await intake.stop()
})

test('while the records cannot be written events wait, and nothing is lost', async () => {
  using folder = temporaryFolder()
  const ports = testPorts()
  const sqlite = await openSqliteRecords({ path: folder.join('records.db') })
  let failures = 2
  const records: Records = {
    ...sqlite,
    append: (events) =>
      failures-- > 0 ? Promise.reject(new SallyportError('STORE_FULL', 'made by the test')) : sqlite.append(events),
  }
  const intake = await startEventIntake({ ...ports, records }, { batchEvents: 4, batchMs: 2 })
  const ids = await publish(ports, 9)
  await eventually(async () => (await behind(ports, records)) === 0)
  for (const id of ids) assert.equal((await sqlite.message(id))?.id, id)
  await intake.stop()
  await sqlite.close()
})

test('a stop stores what has come; what cannot be stored is given again after a restart', async () => {
  using folder = temporaryFolder()
  const ports = testPorts()
  const never = recordsOf(() => Promise.reject(new SallyportError('STORE_FULL', 'made by the test')))
  const broken = await startEventIntake({ ...ports, records: never }, { batchEvents: 1, batchMs: 1 })
  const ids = await publish(ports, 3)
  await ports.bus.idle()
  ports.bus.crash()
  await broken.stop()
  const records = await openSqliteRecords({ path: folder.join('records.db') })
  const intake = await startEventIntake({ ...testPorts({ bus: ports.bus }), records }, { batchEvents: 1_000, batchMs: 60_000 })
  await ports.bus.idle()
  await intake.stop()
  for (const id of ids) assert.equal((await records.message(id))?.id, id)
  assert.equal(await behind(ports, records), 0)
  await records.close()
})

test('records that were deleted are rebuilt from the log', async () => {
  using folder = temporaryFolder()
  const { bus } = testPorts()
  const ids = await publish(testPorts({ bus }), 5)
  for (const name of ['first.db', 'second.db']) {
    const records = await openSqliteRecords({ path: folder.join(name) })
    const intake = await startEventIntake({ ...testPorts({ bus }), records }, { batchEvents: 10, batchMs: 2 })
    for (const id of ids) await eventually(() => records.message(id))
    await intake.stop()
    await records.close()
  }
})

test('a record that is no event is buried, and the others go on', async () => {
  using folder = temporaryFolder()
  const ports = testPorts()
  const records = await openSqliteRecords({ path: folder.join('records.db') })
  const intake = await startEventIntake({ ...ports, records }, { batchEvents: 10, batchMs: 2 })
  await ports.bus.publish({ topic: topics.events.name, key: 'x', value: new Uint8Array([0, 0, 0, 1, 0x7b]) })
  const [id] = await publish(ports, 1)
  await eventually(() => ports.bus.deadLetters().length === 1)
  await eventually(async () => (await behind(ports, records)) === 0)
  assert.ok(id && (await records.message(id)))
  await intake.stop()
  await records.close()
})
