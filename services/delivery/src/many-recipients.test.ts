/** A message to as many recipients as a policy allows by itself: what is told of them fits the records of the bus. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '@sallyport/testkit'
import { exampleDecided } from './test-job.cases.ts'
import { world } from './test-world.cases.ts'

test('a thousand recipients that fail at once are one notification, whole, and the job is settled', async () => {
  await using run = await world()
  const recipients = Array.from({ length: 1_000 }, (_, index) => ({ index, address: `subscriber-${index}@example.net` }))
  run.sink.replies.content = (content) =>
    content.includes('multipart/report')
      ? undefined
      : `554 5.7.1 ${'this is refused for a reason that is told at length, '.repeat(3)}`
  await run.accept(exampleDecided({}, { recipients }))
  const dsn = await eventually(() => run.sink.messages[0])
  const text = dsn.content.toString()
  assert.equal(text.match(/^Final-Recipient: rfc822; subscriber-/gm)?.length, 1_000)
  await run.settled()
  await eventually(() => run.content.stored.size === 0, { what: 'its content is deleted' })
})
