/** Adding events: unique, as a whole or not at all, with their positions, there again after a restart. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type MailEvent, newMessageId, SallyportError } from '@sallyport/contracts'
import { eventsOf, recorded } from '../events.cases.ts'
import type { RecordsContract } from '../records.contract.ts'

export function appendContract(contract: RecordsContract): void {
  test('events are unique by message, kind, subject and attempt; the position is kept with them', async () => {
    const id = newMessageId()
    const { settled, judged, attempted } = eventsOf(id)
    const events = [settled(), judged(), attempted(1, [[0, 'deferred']]), attempted(2, [[0, 'delivered']])]
    const records = await contract.open(Date.now)
    await records.append(events.map((event, index) => recorded(event, 10 + index, index % 2)))
    await records.append([...events, ...events].map((event, index) => recorded(event, 3 + index, 0)))
    await records.append([recorded(settled({ reply: 'a repeat changes nothing' }), 30, 0)])
    const before = await records.message(id)
    assert.equal(before?.attempts.length, 2)
    assert.equal(before?.reply, `250 2.6.0 accepted ${id}`)
    const positions = [
      [0, 30],
      [1, 13],
    ]
    assert.deepEqual([...(await records.positions())].sort(), positions)
    await records.close()
    const again = await contract.reopen()
    assert.deepEqual(await again.message(id), before)
    assert.equal(again.generation, records.generation)
    assert.deepEqual([...(await again.positions())].sort(), positions)
    assert.equal(await again.message(newMessageId()), undefined)
    await again.close()
  })

  test('every store has a generation of its own', async () => {
    const generations: string[] = []
    for (let index = 0; index < 2; index++) {
      const records = await contract.open(Date.now)
      generations.push(records.generation)
      await records.close()
    }
    assert.match(generations[0] ?? '', /^[0-9a-f]{8}$/)
    assert.notEqual(generations[0], generations[1])
  })

  test('a transaction is added as a whole or not at all', async () => {
    const records = await contract.open(Date.now)
    const id = newMessageId()
    const bad = { ...eventsOf(newMessageId()).judged(), application: null } as unknown as MailEvent
    await assert.rejects(records.append([recorded(eventsOf(id).settled(), 1), recorded(bad, 2)]), SallyportError)
    assert.equal(await records.message(id), undefined)
    assert.equal((await records.positions()).size, 0)
    await records.append([recorded(eventsOf(id).settled(), 1)])
    assert.ok(await records.message(id))
    await records.close()
  })

  test('texts that a database may not like are kept as they are', async () => {
    const records = await contract.open(Date.now)
    const id = newMessageId()
    const { settled } = eventsOf(id)
    const subject = `nul \u0000, a lone surrogate \ud800, "quotes" 'and' \\ and {braces, and} \u{1f980}`
    await records.append([recorded(settled({ subject, sender: 'a\u0000"{,}\\@example.com', messageId: '{"\u0000' }), 1)])
    assert.equal((await records.message(id))?.envelope?.sender, 'a\u0000"{,}\\@example.com')
    assert.equal((await records.messages({ sender: 'a\u0000"{,}\\@EXAMPLE.com' })).messages[0]?.id, id)
    assert.equal((await records.messages({ messageId: '{"\u0000' })).messages[0]?.id, id)
    await records.close()
  })

  test('a message of a thousand recipients, told in parts', async () => {
    const records = await contract.open(Date.now)
    const id = newMessageId()
    const recipients = Array.from({ length: 1_000 }, (_, index) => `r${index}@example.net`)
    const { settled, attempted } = eventsOf(id)
    const results = recipients.map((address, index) => ({ index, address, result: 'delivered' as const, reply: '250 ok' }))
    const first = attempted(1, [])
    const second = attempted(1, [], 1)
    assert.ok(first.kind === 'attempted' && second.kind === 'attempted')
    await records.append([
      recorded(settled({ recipients }), 1),
      recorded({ ...first, recipients: results.slice(0, 500) }, 2),
      recorded({ ...second, recipients: results.slice(500) }, 3),
    ])
    const [found] = (await records.messages({ recipient: 'R999@example.net' })).messages
    assert.deepEqual([found?.status, found?.recipientCount, found?.recipients.length], ['delivered', 1_000, 20])
    await records.close()
  })
}
