/**
 * The reply channel within one process. In the listener's own thread a reply is handed over as it is; to another thread it
 * goes through a BroadcastChannel of the listener's name.
 */
import { randomBytes } from 'node:crypto'
import { BroadcastChannel } from 'node:worker_threads'
import { type Reply, replyCodec, SallyportError } from '@sallyport/contracts'
import type { ReplyChannel } from './port.ts'

export interface InProcessRepliesOptions {
  /** Whether the reply's signature holds. */
  readonly verify: (reply: Reply) => boolean
  /** Told of each reply that was dropped since its signature did not hold, or since it could not be read. */
  readonly onForged?: () => void
}

export interface InProcessReplies extends ReplyChannel {
  /** How many replies were dropped by this channel's listeners since their signature did not hold. */
  forged(): number
}

type Deliver = (reply: Reply) => void

const nameBytes = 16
/** Open ends toward listeners of other threads; the least recently opened is closed beyond this. */
const maxEnds = 64
/** The listeners of this thread, whoever opened them. */
const here = new Map<string, Deliver>()

/** Listeners run in a microtask of their own: what they throw never reaches the sender. */
export function inProcessReplies(options: InProcessRepliesOptions): InProcessReplies {
  const own = new Map<string, () => void>()
  const ends = new Map<string, BroadcastChannel>()
  let forged = 0
  let isClosed = false

  function reject(): void {
    forged++
    options.onForged?.()
  }

  function endToward(channel: string): BroadcastChannel {
    let end = ends.get(channel)
    if (!end) {
      end = openEnd(channel)
      ends.set(channel, end)
      const [oldest] = ends
      if (ends.size > maxEnds && oldest) closeEnd(...oldest)
    }
    return end
  }

  function closeEnd(channel: string, end: BroadcastChannel): void {
    ends.delete(channel)
    end.close()
  }

  return {
    forged: () => forged,
    async listen(onReply) {
      if (isClosed) throw new SallyportError('BUS_CLOSED', 'the reply channel is closed')
      const channel = randomBytes(nameBytes).toString('hex')
      const deliver: Deliver = (reply) => {
        if (!options.verify(reply)) reject()
        else queueMicrotask(() => own.has(channel) && onReply(reply))
      }
      const end = openEnd(channel)
      end.onmessage = ({ data }: { data: unknown }) => {
        const reply = read(data)
        if (reply) deliver(reply)
        else reject()
      }
      const stop = (): void => {
        own.delete(channel)
        here.delete(channel)
        end.close()
      }
      own.set(channel, stop)
      here.set(channel, deliver)
      return { channel, stop: async () => own.get(channel)?.() }
    },
    async send(channel, reply) {
      if (isClosed) return
      const deliver = here.get(channel)
      if (deliver) deliver(reply)
      else endToward(channel).postMessage(replyCodec.encode(reply))
    },
    async close() {
      isClosed = true
      for (const stop of [...own.values()]) stop()
      for (const [channel, end] of ends) closeEnd(channel, end)
    },
  }
}

/** Keeps no thread alive. */
function openEnd(channel: string): BroadcastChannel {
  const end = new BroadcastChannel(`sallyport-reply-${channel}`)
  end.unref()
  return end
}

function read(data: unknown): Reply | undefined {
  try {
    return data instanceof Uint8Array ? replyCodec.decode(data).record : undefined
  } catch {
    return undefined
  }
}
