/** The reply channel in memory. */
import { randomBytes } from 'node:crypto'
import type { Reply } from '@sallyport/contracts'
import type { ReplyChannel } from '@sallyport/replies'

export interface MemoryReplies extends ReplyChannel {
  readonly faults: {
    /** True loses this reply: at most once. */
    lose?: ((reply: Reply, channel: string) => boolean) | undefined
    delayMs?: number | undefined
  }
  /** Every reply that was sent, lost ones too. */
  readonly sent: readonly { readonly channel: string; readonly reply: Reply }[]
  /** Replies whose signature did not hold. */
  forged(): number
}

/** `verify`: default, every signature holds. */
export function memoryReplies(options: { readonly verify?: (reply: Reply) => boolean } = {}): MemoryReplies {
  const listeners = new Map<string, (reply: Reply) => void>()
  const sent: { channel: string; reply: Reply }[] = []
  const faults: MemoryReplies['faults'] = {}
  let forged = 0
  return {
    faults,
    sent,
    forged: () => forged,
    async listen(onReply) {
      const channel = randomBytes(16).toString('hex')
      listeners.set(channel, onReply)
      return { channel, stop: async () => void listeners.delete(channel) }
    },
    async send(channel, reply) {
      sent.push({ channel, reply })
      if (faults.lose?.(reply, channel)) return
      if (faults.delayMs) await new Promise((resolve) => setTimeout(resolve, faults.delayMs))
      const listener = listeners.get(channel)
      if (!listener) return
      if (options.verify?.(reply) === false) forged++
      else listener(reply)
    },
    close: async () => listeners.clear(),
  }
}
