/** A restart with a long queue is ready soon, and what waited is delivered once the next hop answers. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, temporaryFolder } from '@sallyport/testkit'
import { startCountingSink } from '../process/counting-sink.ts'
import { startGatewayProcess } from '../process/gateway-process.ts'
import { audit, startLoad } from '../process/load.ts'
import { oneApplication } from '../process/policies.ts'

/** 100,000 for the measurement of record: `SALLYPORT_QUEUED=100000 node --test test/chaos/restart-with-queue.test.ts`. */
const readyWithinMs = 2_000
const queued = Number(process.env.SALLYPORT_QUEUED ?? 5_000)

test(`with ${queued} messages in the queue a kill and a stop lose none, and a stop sends none twice`, {
  timeout: 120_000 + queued * 10,
}, async (t) => {
  using folder = temporaryFolder()
  const sink = await startCountingSink({ hangs: true })
  const start = () => startGatewayProcess({ folder: folder.path, policy: oneApplication({ nextHop: sink.port, mode: 'monitor' }) })
  let gateway = await start()
  const emptyMs = gateway.readyAfterMs
  const load = startLoad({ port: () => gateway.port('smtp'), clients: 20 })
  try {
    t.diagnostic(`ready after ${gateway.readyAfterMs.toFixed(0)} ms with an empty folder`)
    await eventually(() => load.promised.length >= queued, { deadlineMs: 60_000 + queued * 5 })
    await load.stop()
    await gateway.kill()
    gateway = await start()
    t.diagnostic(`ready after ${gateway.readyAfterMs.toFixed(0)} ms with ${load.promised.length} messages queued, after a kill`)
    // On a machine that is busy with other things neither start is quick: then it must not take longer than the empty one did.
    assert.ok(gateway.readyAfterMs < Math.max(readyWithinMs, 2 * emptyMs), `ready after ${gateway.readyAfterMs} ms`)
    assert.equal(sink.received.size, 0, 'the next hop hangs: nothing can have been delivered')
    const began = performance.now()
    sink.open()
    await eventually(() => sink.received.size > queued / 4, { deadlineMs: 60_000 })
    assert.equal(await gateway.stop(), 0)
    const left = load.promised.length - sink.received.size
    gateway = await start()
    t.diagnostic(`ready after ${gateway.readyAfterMs.toFixed(0)} ms with ${left} messages queued, after a stop`)
    await eventually(() => sink.received.size >= load.promised.length, { deadlineMs: 60_000 + queued * 5 }).catch(() => {})
    const tookMs = performance.now() - began
    const { lost, twice } = audit(load.promised, sink.received)
    t.diagnostic(`delivered in ${tookMs.toFixed(0)} ms, the restart included: lost ${lost.length}, twice ${twice}`)
    assert.deepEqual(lost, [])
    assert.equal(twice, 0)
  } finally {
    await load.stop()
    await gateway.kill()
    await sink.stop()
  }
})
