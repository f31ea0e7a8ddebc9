/** Stored content outlives its delivery for a while: a check that only watches may be behind it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '@sallyport/testkit'
import { exampleDecided } from './test-job.cases.ts'
import { world } from './test-world.cases.ts'

const header = Buffer.from('Subject: x\r\n\r\n')

async function delivered(contentGraceMs: number) {
  const run = await world({ settings: { contentGraceMs } })
  const stored = await run.content.put('key', Buffer.concat([header, Buffer.from('text\r\n')]))
  const content = { kind: 'stored', headerBytes: header.byteLength, ...stored } as const
  await run.accept({ ...exampleDecided({ content }), acceptedAt: run.ports.clock.now() }, header)
  await eventually(() => run.sink.messages.length === 1)
  return run
}

test('it is kept until its time is over', async () => {
  const graceMs = 300
  const beganMs = performance.now()
  await using run = await delivered(graceMs)
  await eventually(() => run.content.stored.size === 0, { deadlineMs: 20_000 })
  assert.ok(performance.now() - beganMs >= graceMs)
})

test('a stop deletes what is only kept for that', async () => {
  await using run = await delivered(3_600_000)
  await run.settled()
  await sleep(20)
  assert.equal(run.content.stored.size, 1)
  await run.restart()
  assert.equal(run.content.stored.size, 0)
})
