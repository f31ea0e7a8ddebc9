/** The reply channel: a verdict back to the one ingress that waits for it, at most once, signed. */
import type { Reply } from '@sallyport/contracts'

export interface ReplyListener {
  /** The random name of this channel. */
  readonly channel: string
  stop(): Promise<void>
}

export interface ReplyChannel {
  /** Opens a channel with a random name. `onReply` gets every reply whose signature holds; it must ignore repeats. */
  listen(onReply: (reply: Reply) => void): Promise<ReplyListener>
  /** Sends at most once; a channel that is gone is no error. */
  send(channel: string, reply: Reply): Promise<void>
  close(): Promise<void>
}
