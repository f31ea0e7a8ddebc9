/** Forgetting by age: messages first, roll-ups later. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recorded } from '../events.cases.ts'
import type { RecordsContract } from '../records.contract.ts'
import { finding, told } from './stories.cases.ts'

const day = 24 * 3_600_000
const startAt = 20_416 * day

export function pruneContract(contract: RecordsContract): void {
  test('what is too old is forgotten, and only that; its counts stay longer; its events do not come back', async () => {
    let now = startAt + 5 * day
    const records = await contract.open(() => now)
    const checks = [finding('domain')]
    const old = Array.from({ length: 600 }, (_, index) => told({ at: startAt + index, checks, messageId: `<${index}@x>` }))
    const young = told({ at: startAt + 3 * day, checks })
    const all = [...old, young].flatMap(({ events }) => events)
    await records.append(all.map((event, index) => recorded(event, index)))
    const counts = async () => (await records.statistics({ of: 'checks', by: ['check'] })).rows.map(({ messages }) => messages)
    const keeping = { messagesMs: 3 * day, rollupsMs: 10 * day }
    await records.prune(keeping)
    await records.prune(keeping)
    assert.equal(await records.message(old[0]?.id ?? ''), undefined)
    assert.ok(await records.message(young.id))
    assert.deepEqual(
      (await records.messages({})).messages.map(({ id }) => id),
      [young.id],
    )
    assert.deepEqual((await records.messages({ check: 'domain', recipient: 'a@example.net' })).messages.length, 1)
    assert.deepEqual(await counts(), [601])
    assert.deepEqual((await records.identities({ application: 'billing' })).senders, [
      { address: 'invoices@example.com', messages: 1, lastAt: startAt + 3 * day },
    ])
    assert.deepEqual((await records.violations({})).violations[0]?.samples[0], young.id)
    await records.append(all.map((event, index) => recorded(event, 2_000 + index)))
    assert.deepEqual(await counts(), [601])
    assert.equal(await records.message(old[0]?.id ?? ''), undefined)
    assert.equal((await records.positions()).get(0), 2_000 + all.length - 1)
    now = startAt + 12 * day
    await records.prune(keeping)
    assert.deepEqual(await counts(), [1])
    assert.equal((await records.state()).messages, 0)
    await records.close()
  })
}
