/** `kill -9` at random moments under load: what got a 250 is delivered, and only what was in flight may come twice. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startCountingSink } from '../process/counting-sink.ts'
import { type GatewayProcess, startGatewayProcess } from '../process/gateway-process.ts'
import { audit, startLoad } from '../process/load.ts'
import { oneApplication } from '../process/policies.ts'

/** 200 for the measurement of record: `SALLYPORT_KILLS=200 node --test test/chaos/kill-anytime.test.ts`. */
const kills = Number(process.env.SALLYPORT_KILLS ?? 8)
const connections = 20
const sinkDelayMs = 2
/** How long the next hop's answer may take to reach the disk: read, group commit and flush, on a machine under load. */
const writtenDownMs = 50

test(`${kills} kills under load lose nothing that got a 250`, { timeout: 60_000 + kills * 10_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-kill-'))
  const sink = await startCountingSink({ delayMs: sinkDelayMs })
  const start = (): Promise<GatewayProcess> =>
    startGatewayProcess({ folder, policy: oneApplication({ nextHop: sink.port, connections, mode: 'enforce' }) })
  let gateway = await start()
  let unanswered = 0
  let justAnswered = 0
  const load = startLoad({
    port: () => gateway.port('smtp'),
    clients: 10,
    bodyBytes: (index) => (index % 50 === 0 ? 100_000 : 800),
  })
  try {
    for (let kill = 0; kill < kills; kill++) {
      await sleep(50 + Math.random() * 700)
      const cutOffBefore = sink.cutOff()
      const momentMs = performance.now()
      await gateway.kill()
      justAnswered += sink.answeredSince(momentMs - writtenDownMs)
      await sleep(5 * sinkDelayMs)
      unanswered += sink.cutOff() - cutOffBefore
      gateway = await start()
    }
    await sleep(500)
    await load.stop()
    await arrival(() => load.promised.every(({ token }) => sink.received.has(token)))
    const { promised, lost, twice } = audit(load.promised, sink.received)
    t.diagnostic(`kills ${kills}, promised ${promised}, lost ${lost.length}, delivered twice ${twice}`)
    t.diagnostic(
      `in flight at the kills: ${unanswered} whose answer was not heard, ${justAnswered} answered in the ${writtenDownMs} ms before`,
    )
    assert.ok(promised > kills * 5, `only ${promised} messages were accepted: the test proves nothing`)
    assert.deepEqual(lost, [])
    assert.ok(twice <= unanswered + justAnswered, `${twice} deliveries came twice`)
  } finally {
    await load.stop()
    await gateway.kill()
    await sink.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

/** Deferred jobs come back after a minute, so the wait is longer than that. */
async function arrival(hasArrived: () => boolean): Promise<void> {
  const end = performance.now() + 150_000
  while (!hasArrived() && performance.now() < end) await sleep(50)
}
