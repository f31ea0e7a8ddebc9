import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '@sallyport/testkit'
import type { ClientProducer, SendRequest } from './client-port.ts'
import { ProducerPool } from './producer-pool.ts'

interface Made {
  readonly kind: string
  readonly sends: SendRequest[]
  isClosed: boolean
}

function world(send: (made: Made, request: SendRequest) => Promise<number>) {
  const made: Made[] = []
  const retired: string[] = []
  const pool = new ProducerPool({
    onRetired: (reason) => void retired.push(reason),
    client: {
      async producer(kind): Promise<ClientProducer> {
        const one: Made = { kind, sends: [], isClosed: false }
        made.push(one)
        return {
          send(request) {
            one.sends.push(request)
            return send(one, request)
          },
          async close() {
            one.isClosed = true
          },
        }
      },
    },
  })
  return { made, retired, pool }
}

const request = (partition: number, acks: SendRequest['acks'] = 'all'): SendRequest => ({
  topic: 't',
  partition,
  acks,
  records: [],
})

test('a partition keeps its producer; there are fewer than partitions; durable and plain have their own', async () => {
  const { made, pool } = world(async () => 0)
  for (let round = 0; round < 3; round++) {
    for (let partition = 0; partition < 40; partition++) {
      await pool.send(request(partition), 1_000)
      await pool.send(request(partition, 'leader'), 1_000)
    }
  }
  assert.ok(made.length <= 9, String(made.length))
  for (const { kind, sends } of made) for (const { acks } of sends) assert.equal(acks === 'all', kind === 'idempotent')
  for (let partition = 0; partition < 40; partition++)
    for (const acks of ['all', 'leader'] as const)
      assert.equal(made.filter(({ sends }) => sends.some((sent) => sent.partition === partition && sent.acks === acks)).length, 1)
  await pool.close()
  assert.ok(made.every(({ isClosed }) => isClosed))
})

test('a producer that failed is never used again, whatever failed', async () => {
  const { made, retired, pool } = world(async ({ sends }) => {
    if (sends.length === 2) throw new Error('The broker received an out of order sequence number')
    return sends.length
  })
  assert.equal(await pool.send(request(0), 1_000), 1)
  await assert.rejects(pool.send(request(0), 1_000), /out of order/)
  assert.equal(await pool.send(request(0), 1_000), 1)
  assert.deepEqual([made.length, made[0]?.isClosed, made[1]?.isClosed, retired.length], [2, true, false, 1])
  await pool.close()
})

test('a send that is stuck fails at its deadline; its producer is closed only when it is done', async () => {
  const stuck = Promise.withResolvers<number>()
  const { made, pool } = world((one) => (one === made[0] ? stuck.promise : Promise.resolve(5)))
  await assert.rejects(pool.send(request(0), 20), /no answer within/)
  assert.equal(await pool.send(request(0), 1_000), 5)
  assert.equal(made[0]?.isClosed, false)
  stuck.resolve(1)
  await eventually(() => made[0]?.isClosed, { deadlineMs: 10_000, what: 'the old producer is closed' })
  await pool.close()
})

test('where no producer can be opened it fails, and the next send tries again', async () => {
  let opens = 0
  const pool = new ProducerPool({
    onRetired: () => {},
    client: {
      async producer() {
        if (opens++ === 0) throw new Error('refused')
        return { send: async () => 9, close: async () => {} }
      },
    },
  })
  await assert.rejects(pool.send(request(0), 1_000), /refused/)
  assert.equal(await pool.send(request(0), 1_000), 9)
  await pool.close()
})

test('the partitions of a topic are spread over the producers, and what nobody waits for goes by others', async () => {
  const { made, pool } = world(async () => 0)
  for (let partition = 0; partition < 6; partition++) await pool.send(request(partition), 1_000)
  assert.deepEqual(
    made.map(({ sends }) => sends.length),
    [1, 1, 1, 1, 1, 1],
  )
  for (let partition = 0; partition < 6; partition++) await pool.send({ ...request(partition), isPatient: true }, 1_000)
  assert.deepEqual(
    made.slice(6).map(({ kind, sends }) => [kind, sends.length]),
    [
      ['idempotent', 3],
      ['idempotent', 3],
    ],
  )
})
