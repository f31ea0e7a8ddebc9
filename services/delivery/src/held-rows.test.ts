import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, heldCodec, newMessageId, topics } from '@sallyport/contracts'
import { eventually, testPorts } from '@sallyport/testkit'
import { commandHandler } from './commands.ts'
import { followHeld } from './held-rows.ts'

const id = newMessageId()
const row = heldCodec.encode({
  v: 1,
  kind: 'held',
  message: {
    id,
    application: 'billing',
    policyRevision: 1,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    receivedAt: 0,
    client: { address: '127.0.0.1', helo: 'app' },
    sender: 'a@example.com',
    recipients: [{ index: 0, address: 'b@example.net' }],
  },
  content: { kind: 'stored', key: 'k', sha256: '0'.repeat(64), contentBytes: 1, headerBytes: 0 },
  cause: 'verdict',
  explanation: '',
  verdict: null,
  verifiedSender: 'no',
  remaining: [0],
  heldAt: 0,
  expiresAt: 1,
  onExpiry: 'drop',
})
const release: Command = { v: 1, kind: 'release', id, by: 'anna', reason: '', at: 0 }

async function stage() {
  const ports = testPorts()
  const rows = await followHeld(ports.bus, ports.log)
  const put = (value: Uint8Array | null) => ports.bus.publish({ topic: topics.held.name, key: id, value })
  const ended: string[] = []
  const command = commandHandler(rows, async (held, end) => void ended.push(`${end} ${held.message.id}`), ports.log, 60_000)
  return { rows, put, ended, command }
}

test('a command waits for the row that its author saw and this process does not yet', async () => {
  const { put, ended, command } = await stage()
  const done = command(release)
  await sleep(20)
  assert.deepEqual(ended, [])
  await put(row)
  await done
  assert.deepEqual(ended, [`release ${id}`])
})

test('a row that went is not waited for, until it comes again', async () => {
  const { rows, put, ended, command } = await stage()
  await put(row)
  await put(null)
  await eventually(() => rows.size === 0)
  await command(release)
  assert.deepEqual(ended, [])
  await put(row)
  await eventually(() => rows.size === 1)
  await command(release)
  assert.deepEqual(ended, [`release ${id}`])
})
