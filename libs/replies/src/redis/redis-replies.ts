/**
 * The reply channel over Redis pub/sub. A connection of its own listens, and asks every second whether the server still
 * answers, since silence alone says nothing; it subscribes anew whenever the connection stands. What is sent meanwhile is
 * lost, as every reply may be: the ingress that waits for it goes on at the end of its budget (design §4).
 */
import { randomBytes } from 'node:crypto'
import { type CallEnded, type Reply, replyCodec, SallyportError } from '@sallyport/contracts'
import { openRedis, type RedisChange, type RedisServer } from '@sallyport/redis'
import type { ReplyChannel } from '../port.ts'

export interface RedisRepliesOptions {
  /** Redis 6 or later. */
  readonly redis: RedisServer
  /** Whether the reply's signature holds. */
  readonly verify: (reply: Reply) => boolean
  /** Told of each reply that was dropped since its signature did not hold, or since it could not be read. */
  readonly onForged?: () => void
  /** What the name of every channel begins with: gateways that share a Redis have one each. Default `sallyport:`. */
  readonly prefix?: string
  /** After which Redis counts as not answering, ms. Default 1,000. */
  readonly callTimeoutMs?: number
  /** Told once when Redis goes away for sending or listening, and once when it is back for both. */
  readonly onChange?: (change: RedisChange) => void
  readonly onCall?: CallEnded | undefined
}

export interface RedisReplies extends ReplyChannel {
  /** How many replies were dropped by this channel's listeners since their signature did not hold. */
  forged(): number
}

const nameBytes = 16
const pingEveryMs = 1_000

/**
 * Opens at once, whether Redis is there or not; `listen` resolves without it as well. `send` fails with REPLIES_UNAVAILABLE
 * within twice `callTimeoutMs`. Fails with CONFIG_INVALID. Listeners run in a microtask of their own.
 */
export function openRedisReplies({ verify, onForged, prefix = 'sallyport:', ...options }: RedisRepliesOptions): RedisReplies {
  const shared = { ...options, purpose: 'the reply channel', unavailable: 'REPLIES_UNAVAILABLE' } as const
  const down = new Set<string>()
  const changeOf = (connection: string) => (change: RedisChange) => {
    const wasUp = down.size === 0
    if (change.isUp) down.delete(connection)
    else down.add(connection)
    if (wasUp !== (down.size === 0)) options.onChange?.(change)
  }
  const sending = openRedis({ ...shared, onChange: changeOf('sending') })
  const listening = openRedis({ ...shared, onChange: changeOf('listening'), pingEveryMs })
  const listeners = new Map<string, (reply: Reply) => void>()
  const topicOf = (channel: string): string => `${prefix}reply:${channel}`
  let forged = 0
  let isClosed = false

  listening.client.on('ready', () => {
    const topics = [...listeners.keys()].map(topicOf)
    // Where this fails the connection ends, or a ping ends it, and this is done again.
    if (topics.length > 0) listening.client.subscribe(...topics).catch(() => listening.client.disconnect(true))
  })
  listening.client.on('messageBuffer', (topic: Buffer, message: Buffer) => {
    const channel = topic.toString().slice(topicOf('').length)
    const onReply = listeners.get(channel)
    if (!onReply) return
    const reply = read(message)
    if (reply && verify(reply)) {
      queueMicrotask(() => listeners.get(channel) === onReply && onReply(reply))
      return
    }
    forged++
    onForged?.()
  })

  return {
    forged: () => forged,
    async listen(onReply) {
      if (isClosed) throw new SallyportError('BUS_CLOSED', 'the reply channel is closed')
      const channel = randomBytes(nameBytes).toString('hex')
      listeners.set(channel, (reply) => onReply(reply))
      // It is subscribed whenever the connection stands; where it does not now, nobody is to wait for that.
      await listening.call('SUBSCRIBE', (client) => client.subscribe(topicOf(channel))).catch(() => {})
      return {
        channel,
        async stop() {
          if (!listeners.delete(channel)) return
          if (listening.isReady) await listening.client.unsubscribe(topicOf(channel)).catch(() => {})
        },
      }
    },
    async send(channel, reply) {
      if (isClosed) return
      const message = Buffer.from(replyCodec.encode(reply))
      await sending.call('PUBLISH', (client) => client.publish(topicOf(channel), message), { isRepeatable: false })
    },
    async close() {
      if (isClosed) return
      isClosed = true
      listeners.clear()
      await Promise.all([sending.close(), listening.close()])
    },
  }
}

function read(message: Uint8Array): Reply | undefined {
  try {
    return replyCodec.decode(message).record
  } catch {
    return undefined
  }
}
