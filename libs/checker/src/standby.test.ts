/** More processes of a checker than partitions: those without one stand by, and take over. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, memoryBus, testPorts } from '@sallyport/testkit'
import { defineChecker, pass } from './definition.ts'
import { policyRevision } from './stage.cases.ts'
import { startChecker } from './start-checker.ts'

test('a process without a partition is ready, says so, and takes over when another stops', async () => {
  const bus = memoryBus({ partitions: 1 })
  const start = () =>
    startChecker(defineChecker({ name: 'probe', check: () => pass() }), testPorts({ bus, compiled: policyRevision(1) }))
  const roles = [await start(), await start()]
  const idle = (): boolean[] => roles.map((role) => (role.readiness().warnings ?? []).some((text) => text.includes('no partition')))
  await eventually(() => idle().filter(Boolean).length === 1)
  assert.deepEqual(
    roles.map((role) => role.readiness().ready),
    [true, true],
  )
  const busy = idle().indexOf(false)
  await roles[busy]?.stop()
  const other = roles[1 - busy]
  await eventually(() => other?.readiness().warnings === undefined)
  assert.deepEqual(other?.readiness(), { ready: true, waitingFor: [] })
  await other?.stop()
})
