/** The reply channel while Redis fails: a reply may be lost, never doubled, and those after it are heard again. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { newMessageId, type Reply } from '@sallyport/contracts'
import { openRedisReplies, type RedisReplies } from '@sallyport/replies'
import { replyOf } from '@sallyport/replies/contract'
import { eventually, freePort } from '@sallyport/testkit'
import { goMissing } from '../../infra/go-program.ts'
import { type Redis, redisMissing, startRedis } from '../../infra/redis.ts'
import { startToxiproxy } from '../../infra/toxiproxy.ts'
import { redisFaults } from '../redis-faults.ts'

const deadlineMs = 15_000

suite('replies over Redis', { skip: redisMissing }, () => {
  redisFaults({
    name: 'the reply channel',
    code: 'REPLIES_UNAVAILABLE',
    async open(redis, onChange) {
      const sender = openRedisReplies({ redis, verify: () => true, onChange })
      return { probe: async () => sender.send('nobody', replyOf(newMessageId())).then(() => true), close: () => sender.close() }
    },
  })

  let redis: Redis
  before(async () => {
    redis = await startRedis()
  })
  after(() => redis.stop())

  const open = (port = redis.port): RedisReplies =>
    openRedisReplies({ redis: { host: '127.0.0.1', port }, verify: ({ hmac }) => hmac === 'good' })

  /** Sends until one is heard, as a gateway does with its messages. */
  async function hearAgain(sending: RedisReplies, channel: string, received: readonly Reply[]): Promise<void> {
    const before = received.length
    await eventually(
      async () => {
        await sending.send(channel, replyOf(newMessageId()))
        await sleep(20)
        return received.length > before
      },
      { deadlineMs },
    )
  }

  const noneTwice = (received: readonly Reply[]) =>
    assert.equal(new Set(received.map(({ id }) => id)).size, received.length, 'a reply was heard twice')

  test('killed and started again: the channel is subscribed anew under its name', async () => {
    const [listening, sending] = [open(), open()]
    const received: Reply[] = []
    const { channel } = await listening.listen((reply) => void received.push(reply))
    await hearAgain(sending, channel, received)
    await redis.kill()
    await assert.rejects(sending.send(channel, replyOf(newMessageId())), { code: 'REPLIES_UNAVAILABLE', retriable: true })
    redis = await startRedis({ port: redis.port })
    await hearAgain(sending, channel, received)
    noneTwice(received)
    await Promise.all([listening.close(), sending.close()])
  })

  test('listened before Redis is there: heard when it is, and not what was stopped meanwhile', async () => {
    const port = await freePort()
    const [listening, sending] = [open(port), open(port)]
    const received: Reply[] = []
    const { channel } = await listening.listen((reply) => void received.push(reply))
    const stopped = await listening.listen(() => assert.fail('it was stopped'))
    await stopped.stop()
    const late = await startRedis({ port })
    await hearAgain(sending, channel, received)
    await sending.send(stopped.channel, replyOf(newMessageId()))
    await hearAgain(sending, channel, received)
    noneTwice(received)
    await Promise.all([listening.close(), sending.close()])
    await late.stop()
  })

  test('what is no reply, or is not signed, is dropped and counted', async () => {
    const [listening, sending] = [open(), open()]
    const received: Reply[] = []
    const { channel } = await listening.listen((reply) => void received.push(reply))
    await sending.send(channel, replyOf(newMessageId(), 'forged'))
    await hearAgain(sending, channel, received)
    assert.deepEqual([listening.forged(), received.every(({ hmac }) => hmac === 'good')], [1, true])
    await Promise.all([listening.close(), sending.close()])
  })

  suite('through a network that fails', { skip: goMissing }, () => {
    test('half open and silent: who only listens finds out, and hears again', async () => {
      const toxiproxy = await startToxiproxy()
      const proxy = await toxiproxy.proxy(redis.port)
      const [listening, sending] = [open(proxy.port), open()]
      const received: Reply[] = []
      const { channel } = await listening.listen((reply) => void received.push(reply))
      await hearAgain(sending, channel, received)
      const heal = await proxy.add({ type: 'timeout', stream: 'downstream', attributes: { timeout: 0 } })
      await sending.send(channel, replyOf(newMessageId()))
      await sleep(2_500)
      await heal()
      await hearAgain(sending, channel, received)
      noneTwice(received)
      await Promise.all([listening.close(), sending.close()])
      await toxiproxy.stop()
    })

    test('cut while many are sent: each is heard once or never', async () => {
      const toxiproxy = await startToxiproxy()
      const proxy = await toxiproxy.proxy(redis.port)
      await proxy.add({ type: 'latency', stream: 'downstream', attributes: { latency: 50 } })
      const [listening, sending] = [open(), open(proxy.port)]
      const received: Reply[] = []
      const { channel } = await listening.listen((reply) => void received.push(reply))
      await hearAgain(sending, channel, received)
      const sends = Promise.allSettled(Array.from({ length: 200 }, () => sending.send(channel, replyOf(newMessageId()))))
      await proxy.cut()
      const ends = await sends
      await proxy.mend()
      await hearAgain(sending, channel, received)
      noneTwice(received)
      const done = ends.filter(({ status }) => status === 'fulfilled').length
      assert.ok(received.length >= done, 'what Redis took was heard')
      await Promise.all([listening.close(), sending.close()])
      await toxiproxy.stop()
    })
  })
})
