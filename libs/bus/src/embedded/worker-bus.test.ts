/** The contract over a message port, and worker threads that come, share and die. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import type { TopicSpec } from '@sallyport/contracts'
import { openEnvironment } from '@sallyport/lmdb'
import { eventually, temporaryFolder } from '@sallyport/testkit'
import { busContract } from '../bus.contract.ts'
import type { Bus } from '../port.ts'
import { connectWorkerBus } from './connect-worker-bus.ts'
import { openEmbeddedBus } from './embedded-bus.ts'
import { serveBusToWorker } from './serve-bus.ts'

busContract('embedded, through a message port', async (topics) => {
  const folder = temporaryFolder()
  let close = async (): Promise<void> => {}
  const open = async (): Promise<Bus> => {
    const environment = await openEnvironment({ path: folder.path })
    const owner = await openEmbeddedBus({ environment, topics, partitions: 4 })
    const { port1, port2 } = new MessageChannel()
    const stopServing = serveBusToWorker(
      owner,
      topics.map(({ name }) => name),
      port1,
    )
    const bus = await connectWorkerBus(port2)
    close = async () => {
      await bus.close()
      await stopServing()
      await owner.close()
      await environment.close()
    }
    return bus
  }
  return {
    bus: await open(),
    async reopen() {
      await close()
      return open()
    },
    async close() {
      await close()
      folder.remove()
    },
  }
})

/** Consumes `t` as a member of `g` and tells its parent what it sees; a record `die` is never done. */
const workerSource = `
  import { parentPort, workerData } from 'node:worker_threads'
  import { connectWorkerBus } from ${JSON.stringify(new URL('./connect-worker-bus.ts', import.meta.url))}
  const bus = await connectWorkerBus(workerData.port)
  await bus.consume({
    group: 'g',
    topics: ['t'],
    handle: async ({ value }) => {
      const text = Buffer.from(value).toString()
      parentPort.postMessage(text)
      if (text.startsWith('die')) await new Promise(() => {})
    },
  })
  parentPort.postMessage('joined')
`

interface Member {
  readonly worker: Worker
  readonly said: string[]
}

function startMember(port: MessagePort): Member {
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(workerSource)}`), {
    workerData: { port },
    transferList: [port],
  })
  const said: string[] = []
  worker.on('message', (text: string) => said.push(text))
  return { worker, said }
}

test('members in worker threads share partitions, and a thread that dies hands its own over at once', async () => {
  using folder = temporaryFolder()
  const environment = await openEnvironment({ path: folder.path })
  const t: TopicSpec = { name: 't', retention: { kind: 'age', ms: 86_400_000 } }
  const bus = await openEmbeddedBus({ environment, topics: [t], partitions: 4 })
  const join = async (): Promise<Member> => {
    const { port1, port2 } = new MessageChannel()
    serveBusToWorker(bus, ['t'], port1)
    const member = startMember(port2)
    await eventually(() => member.said.includes('joined'), { deadlineMs: 20_000 })
    member.said.length = 0
    return member
  }
  const publish = async (label: string): Promise<string[]> => {
    const values = Array.from({ length: 4 }, (_, partition) => `${label} ${partition}`)
    for (const [partition, value] of values.entries()) {
      await bus.publish({ topic: 't', key: value, partition, value: Buffer.from(value) })
    }
    return values
  }
  const [first, second] = [await join(), await join()]
  const one = await publish('one')
  await eventually(() => first.said.length + second.said.length === 4)
  assert.deepEqual([...first.said, ...second.said].sort(), one)
  assert.deepEqual([first.said.length, second.said.length], [2, 2])

  const dying = await publish('die')
  await eventually(() => first.said.length + second.said.length === 8)
  const ofTheDead = first.said.filter((text) => text.startsWith('die'))
  assert.equal(ofTheDead.length, 2)
  await first.worker.terminate()
  await eventually(() => ofTheDead.every((text) => second.said.includes(text)), { what: 'what the dead thread had open' })
  const three = await publish('three')
  await eventually(() => three.every((text) => second.said.includes(text)))
  assert.deepEqual(second.said.filter((text) => text.startsWith('die')).sort(), dying)
  await second.worker.terminate()
  await bus.close()
  await environment.close()
})
