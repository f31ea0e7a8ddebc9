import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decidedCodec, eventCodec, type MailEvent, newMessageId, topics, withMessageIdTime } from '@sallyport/contracts'
import { compilePolicy, parsePolicy } from '@sallyport/policy'
import { openSqliteRecords } from '@sallyport/records'
import { fakeClock, memoryContent, temporaryFolder, testPorts } from '@sallyport/testkit'
import { judgedEvent, refusedEvents, settledEvent } from '../events.cases.ts'
import { policyText } from '../policy.cases.ts'
import { openOwnerBook } from './owner-book.ts'
import { ownerEvents } from './owner-events.ts'
import { ownerNotices } from './owner-notices.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Ids of one process only grow; here each test begins anew. */
const idAt = (ms: number): string => withMessageIdTime(newMessageId(), ms)

/** A console's owners on a bus and records that outlive it. */
async function world() {
  const folder = temporaryFolder()
  const checked = parsePolicy(policyText('Example'))
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults))
  const clock = fakeClock({ now: Math.floor(Date.now() / day) * day + 7 * hour })
  const ports = { ...testPorts({ compiled: compilePolicy(checked.document, 1), clock }), content: memoryContent() }
  const records = await openSqliteRecords({ path: folder.join('records.db'), now: () => clock.now() })
  async function start() {
    const book = await openOwnerBook(ports.bus, ports.log)
    const options = { publicUrl: 'https://mail.example.com', digestEveryMs: hour, digestHour: 6 }
    return { book, keep: ownerEvents(book, ports), notices: ownerNotices({ ports, records, book, ...options }) }
  }
  let running = await start()
  return {
    clock,
    async happen(...events: readonly MailEvent[]) {
      await records.append(events.map((event) => ({ event, json: eventCodec.encode(event).subarray(4), partition: 0, offset: 1 })))
      for (const event of events) await running.keep(event)
    },
    tick: () => running.notices.tick(),
    /** As kill -9: what was in memory is gone. */
    async crash() {
      running = await start()
    },
    /** Each once, as delivery takes them: the first of an id wins. */
    async mail() {
      const byId = new Map<string, { to: string; sender: string; text: string; subject: string }>()
      for (const { value } of ports.bus.records(topics.decided.name)) {
        const { record, bytes } = decidedCodec.decode(value ?? new Uint8Array())
        const mime = Buffer.from(bytes).toString()
        const text = textOf(bytes)
        const subject = /^Subject: (.*(?:\r\n .*)*)/m.exec(mime)?.[1]?.replace(/\r\n /g, ' ') ?? ''
        if (byId.has(record.message.id)) continue
        byId.set(record.message.id, {
          to: record.message.recipients[0]?.address ?? '',
          sender: record.message.sender,
          text,
          subject,
        })
      }
      return [...byId.values()]
    },
    async [Symbol.asyncDispose]() {
      await records.close()
      folder.remove()
    },
  }
}

/** Quoted-printable undone, in one line. */
const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString()
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\s+/g, ' ')

const bounced = (id: string, at: number, tellOwner: boolean): MailEvent => ({
  v: 1,
  id,
  application: 'billing',
  traceparent: '',
  at,
  kind: 'bounced',
  attempt: 1,
  dsnId: null,
  cause: 'its sender is not verified',
  recipients: [{ index: 0, address: 'gone@example.net', result: 'bounced', reply: '550 5.1.1 no such user' }],
  ...(tellOwner ? { tellOwner } : {}),
})

test('the first refusal is told at once, with what to do and the link; the next not before a quiet day has passed', async () => {
  await using run = await world()
  const refuse = async (): Promise<string> => {
    const id = idAt(run.clock.now())
    await run.happen(...refusedEvents(id, 'billing', run.clock.now()))
    run.clock.advance(5_000)
    await run.tick()
    return id
  }
  const id = await refuse()
  const [first, ...others] = await run.mail()
  assert.ok(first)
  assert.deepEqual(others, [])
  assert.deepEqual([first.to, first.sender, first.subject], ['owner@example.com', '', 'A message of billing was refused'])
  for (const said of ['not ours', 'How to fix it: write ours', id, 'https://mail.example.com/explain/'])
    assert.ok(first.text.includes(said), said)
  for (let times = 0; times < 30; times++) {
    await refuse()
    run.clock.advance(hour)
  }
  assert.equal((await run.mail()).filter(({ subject }) => subject.includes('was refused')).length, 1)
  run.clock.advance(2 * day)
  await refuse()
  assert.equal((await run.mail()).filter(({ subject }) => subject.includes('was refused')).length, 2)
})

test('failed mail whose sender may not be told is in one digest an hour, and a kill loses none of it', async () => {
  await using run = await world()
  await run.tick()
  const ids = [idAt(run.clock.now()), idAt(run.clock.now())]
  for (const id of ids) await run.happen(settledEvent(id, 'billing', run.clock.now()), bounced(id, run.clock.now(), true))
  await run.happen(bounced(idAt(run.clock.now()), run.clock.now(), false))
  await run.crash()
  run.clock.advance(2 * minute)
  await run.tick()
  await run.tick()
  const [digest, ...more] = await run.mail()
  assert.deepEqual([digest?.to, digest?.subject, more.length], ['owner@example.com', '2 undeliverable messages of billing', 0])
  for (const id of ids) assert.ok(digest?.text.includes(id))
  assert.ok(digest?.text.includes('invoices@example.com'))
  await run.happen(bounced(idAt(run.clock.now()), run.clock.now(), true))
  run.clock.advance(30 * minute)
  await run.tick()
  assert.equal((await run.mail()).length, 1)
  run.clock.advance(31 * minute)
  await run.tick()
  assert.equal((await run.mail()).length, 2)
})

test('the digest of a day tells violations, how to fix each and what enforcing would refuse, once, also over a kill', async () => {
  await using run = await world()
  await run.tick()
  for (let count = 0; count < 3; count++) {
    const id = idAt(run.clock.now() + count)
    const at = run.clock.now() + count
    await run.happen(settledEvent(id, 'billing', at), judgedEvent(id, 'billing', at, count === 0 ? 'pass' : 'fail'))
  }
  await run.tick()
  assert.deepEqual(await run.mail(), [])
  run.clock.advance(day)
  await run.tick()
  await run.crash()
  await run.tick()
  const [digest, ...more] = await run.mail()
  assert.deepEqual([digest?.to, digest?.subject, more.length], ['owner@example.com', 'Mail of billing: what to fix', 0])
  for (const said of [
    '2 of 3 messages',
    '2 refused',
    'domain.envelope-not-authorized',
    'How to fix it: write ours',
    'invoices@example.com',
  ]) {
    assert.ok(digest?.text.includes(said), `${said}\n${digest?.text}`)
  }
  run.clock.advance(day)
  await run.tick()
  assert.equal((await run.mail()).length, 1, 'a day without violations says nothing')
})

test('mail of an application that the policy does not name is told to nobody', async () => {
  await using run = await world()
  await run.tick()
  const id = idAt(run.clock.now())
  await run.happen(...refusedEvents(id, 'stranger', run.clock.now()), {
    ...bounced(id, run.clock.now(), true),
    application: 'stranger',
  })
  run.clock.advance(2 * day)
  await run.tick()
  assert.deepEqual(await run.mail(), [])
})
