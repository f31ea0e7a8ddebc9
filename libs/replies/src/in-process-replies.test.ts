import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BroadcastChannel, Worker } from 'node:worker_threads'
import { newMessageId, type Reply } from '@sallyport/contracts'
import { hmacSigner } from '@sallyport/runtime'
import { eventually, memoryReplies } from '@sallyport/testkit'
import { inProcessReplies } from './in-process-replies.ts'
import { repliesContract, replyOf } from './replies.contract.ts'

repliesContract({
  name: 'in process',
  async open(verify) {
    const listening = inProcessReplies({ verify })
    return { listening, sending: inProcessReplies({ verify }), forged: () => listening.forged() }
  },
})

repliesContract({
  name: 'memory (testkit)',
  async open(verify) {
    const replies = memoryReplies({ verify })
    return { listening: replies, sending: replies, forged: () => replies.forged() }
  },
})

const key = new Uint8Array(32).fill(9)

/** A thread that sends replies to a channel, signed with the key or without it. */
function sendFromThread(channel: string, replies: readonly Reply[]): Promise<void> {
  const code = `
    const { workerData } = require('node:worker_threads')
    import(workerData.module).then(async ({ inProcessReplies }) => {
      const replies = inProcessReplies({ verify: () => true })
      for (const reply of workerData.replies) await replies.send(workerData.channel, reply)
    })`
  const worker = new Worker(code, {
    eval: true,
    workerData: { module: import.meta.resolve('./in-process-replies.ts'), channel, replies },
  })
  return new Promise((resolve, reject) => worker.once('error', reject).once('exit', () => resolve()))
}

test('another thread of the process reaches the listener; its signature holds there, a forged one does not', async () => {
  const signer = hmacSigner(key)
  const forgedCalls: number[] = []
  const replies = inProcessReplies({ verify: (reply) => signer.verify(reply), onForged: () => void forgedCalls.push(1) })
  const received: Reply[] = []
  const listener = await replies.listen((reply) => void received.push(reply))
  const { hmac: _, ...unsigned } = replyOf(newMessageId())
  const genuine = signer.sign(unsigned)
  await sendFromThread(listener.channel, [replyOf(newMessageId(), 'forged'), genuine])
  await eventually(() => received.length === 1)
  assert.deepEqual(received, [genuine])
  assert.deepEqual([replies.forged(), forgedCalls.length], [1, 1])
  await replies.close()
})

test('what cannot be read is dropped and counted', async () => {
  const replies = inProcessReplies({ verify: () => true })
  const listener = await replies.listen(() => assert.fail('nothing is to be heard'))
  const end = new BroadcastChannel(`sallyport-reply-${listener.channel}`)
  end.postMessage({ v: 1 })
  end.postMessage(Uint8Array.of(0, 0, 0, 2, 0x7b, 0x7d))
  await eventually(() => replies.forged() === 2)
  end.close()
  await replies.close()
  await assert.rejects(
    replies.listen(() => {}),
    { code: 'BUS_CLOSED' },
  )
})

test('in the same thread the reply is handed over as it is, after the sender went on', async () => {
  const replies = inProcessReplies({ verify: () => true })
  let received: Reply | undefined
  const listener = await replies.listen((reply) => {
    received = reply
  })
  const reply = replyOf(newMessageId())
  const sent = replies.send(listener.channel, reply)
  assert.equal(received, undefined)
  await sent
  assert.equal(received, reply)
  await replies.close()
})

test('ends toward many channels of other threads are bounded: one that was closed is opened again', async () => {
  const replies = inProcessReplies({ verify: () => true })
  const listener = new BroadcastChannel('sallyport-reply-channel-0')
  let heard = 0
  listener.onmessage = () => {
    heard++
  }
  for (let index = 0; index < 200; index++) await replies.send(`channel-${index}`, replyOf(newMessageId()))
  await replies.send('channel-0', replyOf(newMessageId()))
  await eventually(() => heard === 2)
  listener.close()
  await replies.close()
})
