/** A record that nobody can read goes to `mail.dead` with the reason, and delays nothing. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openEmbeddedBus } from '@sallyport/bus'
import { deadCodec, newMessageId, topics } from '@sallyport/contracts'
import { openEnvironment } from '@sallyport/lmdb'
import { eventually, smtpClient, temporaryFolder } from '@sallyport/testkit'
import { api } from '../process/api.ts'
import { type CountingSink, startCountingSink } from '../process/counting-sink.ts'
import { type GatewayProcess, startGatewayProcess } from '../process/gateway-process.ts'
import { oneApplication } from '../process/policies.ts'

const partitions = 6
const damaged = [topics.received, topics.annotations, topics.decided, topics.outboundNormal, topics.deferred1m].map(
  ({ name }) => name,
)
/** As a torn write, a foreign program or a newer version would leave it. */
const values: readonly Uint8Array[] = [
  new Uint8Array(),
  Buffer.from('not a frame at all'),
  Buffer.from([0xff, 0xff, 0xff, 0xff, 0x7b]),
  frame('{"v":1,"kind":"nothing known"}'),
  frame('{"v":1,'),
]

const folder = temporaryFolder()
let sink: CountingSink
let gateway: GatewayProcess

before(async () => {
  sink = await startCountingSink()
  const start = () => startGatewayProcess({ folder: folder.path, policy: oneApplication({ nextHop: sink.port, mode: 'enforce' }) })
  const first = await start()
  await first.stop()
  await withBus(async (bus) => {
    for (const topic of damaged) {
      for (let partition = 0; partition < partitions; partition++) {
        for (const value of values) await bus.publish({ topic, key: newMessageId(), partition, value })
      }
    }
  })
  gateway = await start()
})
after(async () => {
  await gateway?.stop()
  await sink?.stop()
  folder.remove()
})

test('with damaged records before it in every topic and partition, mail is judged and delivered', async () => {
  const client = await smtpClient({ port: gateway.port('smtp') })
  await client.ehlo()
  for (let message = 0; message < 50; message++) {
    const reply = await client.send({
      from: 'app@example.com',
      to: 'b@example.net',
      content: `From: app@example.com\r\nSubject: x\r\nX-Token: ${message}\r\n\r\nx\r\n`,
    })
    assert.equal(reply.code, 250, reply.text)
  }
  const refused = await client.send({
    from: 'x@stranger.example',
    to: 'b@example.net',
    content: 'From: x@stranger.example\r\n\r\nx\r\n',
  })
  assert.equal(refused.code, 550, refused.text)
  await client.quit()
  await eventually(() => sink.received.size === 50, { deadlineMs: 10_000 })
})

test('nothing is left behind: every group has passed the damaged records', async () => {
  await eventually(
    async () => {
      const { body } = await api(gateway, 'GET', '/api/lag')
      const behind = JSON.stringify(body).match(/"records":(\d+)/g) ?? []
      return behind.length > 0 && behind.every((each) => each === '"records":0')
    },
    { deadlineMs: 10_000 },
  )
})

test('every damaged record is in mail.dead, with where it was and why', async () => {
  assert.equal(await gateway.stop(), 0)
  const found = new Map<string, number>()
  await withBus(async (bus) => {
    const consumer = await bus.consume({
      group: 'operator',
      topics: [topics.dead.name],
      handle: ({ value }) => {
        const { record } = deadCodec.decode(value ?? new Uint8Array())
        assert.ok(record.reason.length > 0)
        const reader = `${record.topic} ${record.group}`
        found.set(reader, (found.get(reader) ?? 0) + 1)
      },
    })
    const lag = async () => (await bus.lag('operator', [topics.dead.name])).reduce((sum, { records }) => sum + records, 0)
    await eventually(async () => (await lag()) === 0, { deadlineMs: 10_000 })
    await consumer.stop()
  })
  const each = partitions * values.length
  assert.deepEqual(Object.fromEntries([...found].sort()), {
    'mail.annotations verdict': each,
    'mail.decided delivery-split': each,
    'mail.deferred.1m delivery-timer': each,
    'mail.outbound.normal delivery-send': each,
    'mail.received check-address': each,
    'mail.received check-domain': each,
    'mail.received check-spam': each,
    'mail.received check-throttle': each,
  })
})

async function withBus(use: (bus: Awaited<ReturnType<typeof openEmbeddedBus>>) => Promise<void>): Promise<void> {
  const environment = await openEnvironment({ path: folder.join('data/bus') })
  const bus = await openEmbeddedBus({ environment, topics: Object.values(topics), partitions })
  try {
    await use(bus)
  } finally {
    await bus.close()
    await environment.close()
  }
}

function frame(json: string): Uint8Array {
  const text = Buffer.from(json)
  const head = Buffer.alloc(4)
  head.writeUInt32BE(text.length)
  return Buffer.concat([head, text])
}
