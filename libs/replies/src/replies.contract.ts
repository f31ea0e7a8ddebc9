/** What every reply channel promises: call it with a way to open one, in a test file of the adapter. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { newMessageId, type Reply } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import type { ReplyChannel } from './port.ts'

export interface RepliesContract {
  readonly name: string
  /** Two ends that reach each other, as ingress and verdict have them; they may be the same. */
  open(verify: (reply: Reply) => boolean): Promise<{
    readonly listening: ReplyChannel
    readonly sending: ReplyChannel
    /** Replies that the listening end dropped. */
    forged(): number
  }>
}

/** A reply, signed well or not. */
export function replyOf(id: string, hmac = 'good'): Reply {
  const verdict = {
    action: 'relay' as const,
    decidedBy: [],
    wouldBe: { action: 'reject' as const, by: ['domain'] },
    contributions: [],
    policyRevision: 3,
  }
  return { v: 1, id, verdict, hmac }
}

export function repliesContract(contract: RepliesContract): void {
  suite(`reply channel: ${contract.name}`, () => {
    let ends: Awaited<ReturnType<RepliesContract['open']>>
    before(async () => {
      ends = await contract.open((reply) => reply.hmac === 'good')
    })
    after(async () => {
      await ends.listening.close()
      await ends.sending.close()
    })

    test('a reply reaches the one listener of its channel, whole', async () => {
      const received: Reply[][] = [[], []]
      const first = await ends.listening.listen((reply) => void received[0]?.push(reply))
      const second = await ends.listening.listen((reply) => void received[1]?.push(reply))
      assert.match(first.channel, /^[\x21-\x7e]{22,}$/, 'at least 128 bits in printable ASCII')
      assert.notEqual(first.channel, second.channel)
      const replies = Array.from({ length: 20 }, () => replyOf(newMessageId()))
      await Promise.all(replies.map((reply) => ends.sending.send(first.channel, reply)))
      const last = replyOf(newMessageId())
      await ends.sending.send(second.channel, last)
      await eventually(() => received[0]?.length === 20 && received[1]?.length === 1)
      assert.deepEqual(received, [replies, [last]])
      await Promise.all([first.stop(), second.stop()])
    })

    test('a reply whose signature does not hold is dropped and counted', async () => {
      const received: Reply[] = []
      const listener = await ends.listening.listen((reply) => void received.push(reply))
      const before = ends.forged()
      await ends.sending.send(listener.channel, replyOf(newMessageId(), 'forged'))
      const genuine = replyOf(newMessageId())
      await ends.sending.send(listener.channel, genuine)
      await eventually(() => received.length > 0 && ends.forged() > before)
      assert.deepEqual(received, [genuine])
      assert.equal(ends.forged(), before + 1)
      await listener.stop()
    })

    test('a channel that is gone, or never was, is no error', async () => {
      const received: Reply[] = []
      const listener = await ends.listening.listen((reply) => void received.push(reply))
      await listener.stop()
      await listener.stop()
      await ends.sending.send(listener.channel, replyOf(newMessageId()))
      await ends.sending.send('no-such-channel', replyOf(newMessageId()))
      const other = await ends.listening.listen((reply) => void received.push(reply))
      const marker = replyOf(newMessageId())
      await ends.sending.send(other.channel, marker)
      await eventually(() => received.length > 0)
      assert.deepEqual(received, [marker])
      await other.stop()
    })

    test('closed: nothing is sent, nobody listens', async () => {
      const { listening, sending } = await contract.open(() => true)
      const received: Reply[] = []
      const listener = await listening.listen((reply) => void received.push(reply))
      await listening.close()
      await sending.send(listener.channel, replyOf(newMessageId()))
      await sending.close()
      await sending.send(listener.channel, replyOf(newMessageId()))
      await listening.close()
      assert.equal(received.length, 0)
    })
  })
}
