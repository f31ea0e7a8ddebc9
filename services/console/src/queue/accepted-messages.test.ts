import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BusRecord } from '@sallyport/bus'
import { annotationCodec, type Held, jobCodec, type Message, topics } from '@sallyport/contracts'
import { memoryContent, memoryLedger } from '@sallyport/testkit'
import { acceptedMessages } from './accepted-messages.ts'

const message = (id: string): Message => ({
  id,
  application: 'billing',
  policyRevision: 1,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00',
  receivedAt: 1,
  client: { address: '127.0.0.1', helo: 'h' },
  sender: 'a@example.com',
  recipients: [{ index: 0, address: 'b@example.net' }],
})
const content = { kind: 'inline' as const, contentBytes: 1, headerBytes: 1 }
const bytes = Buffer.from('x')
const undecided = (id: string): [string, Uint8Array] => [
  topics.annotations.name,
  annotationCodec.encode(
    { v: 1, kind: 'undecided', id, message: message(id), content, checks: [], acceptedAt: 1, hmac: '' },
    bytes,
  ),
]
const job = (id: string): [string, Uint8Array] => [
  'mail.outbound.normal',
  jobCodec.encode(
    {
      v: 1,
      kind: 'job',
      message: message(id),
      content,
      verifiedSender: 'yes',
      class: 'normal',
      destination: 'default',
      remaining: [0],
      attempt: 1,
      acceptedAt: 1,
      expiresAt: 2,
    },
    bytes,
  ),
]

/** `shown(pass)`: what the bus shows then, as Kafka does: also what is settled above something that is not. */
function world(shown: (pass: number) => readonly [string, Uint8Array][], held: (pass: number) => readonly string[] = () => []) {
  const ledger = memoryLedger()
  let pass = 0
  const row = (id: string): Held => ({
    v: 1,
    kind: 'held',
    message: message(id),
    content: { kind: 'stored', key: id, sha256: 'x', contentBytes: 1, headerBytes: 1 },
    cause: 'verdict',
    explanation: '',
    verdict: null,
    verifiedSender: 'yes',
    remaining: [0],
    heldAt: 1,
    expiresAt: 2,
    onExpiry: 'drop',
  })
  const ports = {
    content: memoryContent(),
    ledger,
    quarantine: { ids: () => held(++pass), held: row },
    bus: {
      async *unread(_group: string, names: readonly string[]): AsyncIterable<BusRecord> {
        for (const [topic, value] of shown(pass)) {
          if (names.includes(topic)) yield { topic, partition: 0, offset: 0, key: 'k', headers: {}, value, publishedAt: 1 }
        }
      },
    },
  }
  const found = async () => (await Array.fromAsync(acceptedMessages(ports))).map(({ message: { id }, state }) => `${id} ${state}`)
  return { ledger, found }
}

test('what nobody decided yet is undecided, and what was delivered is not there, though its record still is', async () => {
  const { ledger, found } = world(() => [undecided('a'), undecided('b')])
  await ledger.markSplit('b')
  await ledger.finish('b', 'o', [{ recipient: 0, attempt: 1, outcome: 'delivered' }])
  assert.deepEqual(await found(), ['a undecided'])
})

test('what was decided since is where delivery has put it, once', async () => {
  const { ledger, found } = world(
    () => [undecided('a'), undecided('b'), job('a')],
    () => ['b'],
  )
  for (const id of ['a', 'b']) await ledger.markSplit(id)
  assert.deepEqual(await found(), ['b held', 'a queued'])
})

test('what moves while it is looked for is found in another pass', async () => {
  const { ledger, found } = world(
    (pass) => (pass < 2 ? [undecided('a')] : [undecided('a'), job('a')]),
    (pass) => (pass < 3 ? [] : ['b']),
  )
  await ledger.markSplit('a')
  assert.deepEqual(await found(), ['a queued', 'b held'])
})

test('what is nowhere else is taken along as it was, rather than left behind', async () => {
  const { ledger, found } = world(() => [undecided('a')])
  await ledger.markSplit('a')
  assert.deepEqual(await found(), ['a undecided'])
})
