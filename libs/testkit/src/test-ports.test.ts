import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { eventually } from './eventually.ts'
import { fakeClock } from './fake-clock.ts'
import { recordingLogger } from './silent-logger.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { testPorts } from './test-ports.ts'

test('ports of a role: secrets by name, a signer that verifies, no policy yet', async () => {
  const ports = testPorts({ secretValues: { smarthost: 'x' } })
  assert.equal(await ports.secrets.read('smarthost'), 'x')
  await assert.rejects(ports.secrets.read('other'), { code: 'SECRET_MISSING' })
  assert.ok(ports.signer.verify(ports.signer.sign({ a: 1 })))
  assert.throws(() => ports.policy.current(), /no policy/)
})

test('a clock stands still, jumps, and moves forward', () => {
  const clock = fakeClock({ now: 1_000, elapsed: 5 })
  clock.advance(10)
  assert.deepEqual([clock.now(), clock.elapsed()], [1_010, 15])
  clock.setNow(3)
  assert.deepEqual([clock.now(), clock.elapsed()], [3, 15])
  const running = fakeClock({ running: true, elapsed: 0 })
  running.advance(60_000)
  assert.ok(running.elapsed() >= 60_000)
})

test('eventually says what did not become true, and why', async () => {
  let calls = 0
  assert.equal(await eventually(() => ++calls > 2 && 'yes'), 'yes')
  const never = eventually(() => assert.fail('still red'), { deadlineMs: 5, what: 'green' })
  await assert.rejects(never, /green did not become true within 5 ms: still red/)
})

test('a temporary folder is gone after use; a recording logger keeps its lines', () => {
  let path = ''
  {
    using folder = temporaryFolder()
    path = folder.path
    assert.ok(existsSync(path))
  }
  assert.ok(!existsSync(path))
  const { log, lines } = recordingLogger()
  log.warn({ id: 7 }, 'careful')
  assert.deepEqual([lines[0]?.level, lines[0]?.msg, lines[0]?.id], [40, 'careful', 7])
})
