import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import type { RedisChange } from '@sallyport/redis'
import { eventually, freePort } from '@sallyport/testkit'
import { replyOf } from '../replies.contract.ts'
import { openRedisReplies } from './redis-replies.ts'

test('without Redis it listens all the same, sending fails, the outage is told once, and it can be closed', async () => {
  const changes: RedisChange[] = []
  const replies = openRedisReplies({
    redis: { host: '127.0.0.1', port: await freePort() },
    verify: () => true,
    callTimeoutMs: 100,
    onChange: (change) => void changes.push(change),
  })
  const listener = await replies.listen(() => assert.fail('nothing is to be heard'))
  assert.match(listener.channel, /^[0-9a-f]{32}$/)
  await assert.rejects(replies.send(listener.channel, replyOf(newMessageId())), { code: 'REPLIES_UNAVAILABLE', retriable: true })
  await eventually(() => changes.length > 0)
  await listener.stop()
  await replies.close()
  await replies.close()
  await replies.send(listener.channel, replyOf(newMessageId()))
  await assert.rejects(
    replies.listen(() => {}),
    { code: 'BUS_CLOSED' },
  )
  assert.deepEqual(
    changes.map(({ isUp }) => isUp),
    [false],
  )
})
