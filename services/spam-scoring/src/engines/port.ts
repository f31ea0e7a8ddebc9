/** An engine: a spam or virus scanner beside the built-in scorer, asked over its own protocol. */
import type { Reason } from '@sallyport/contracts'

export interface EngineMessage {
  readonly id: string
  readonly application: string
  readonly sender: string
  readonly recipients: readonly string[]
  readonly clientAddress: string
  readonly helo: string
  readonly contentBytes: number
  /** The content in chunks, from its beginning at each call. Fails as the content store does. */
  content(): AsyncIterable<Uint8Array>
}

export interface EngineAnswer {
  /** In the engine's own points; a virus scanner answers 0 or `infectedScore`. */
  readonly score: number
  /** The strongest first. */
  readonly reasons: readonly Reason[]
  /** The engine scored only the beginning of the message. */
  readonly isPartial: boolean
  /** The name of the signature where a virus was found: it stands above every score. */
  readonly virus?: string
}

export interface Engine {
  readonly name: string
  /** One question. Fails with ENGINE_UNAVAILABLE (refused, timed out, broken answer), never with a score that was not given. */
  ask(message: EngineMessage, signal: AbortSignal): Promise<EngineAnswer>
  close(): Promise<void>
}
