/** Keeps a consumer in its group: joins, and joins anew after whatever put it out, until it is told to leave. */
import type { Logger } from 'pino'
import type { ClientMember, KafkaClient, MemberOptions } from './client-port.ts'
import { isRefused, messageOf } from './kafka-failure.ts'
import { atMost, pauseFor } from './waiting.ts'

const firstWaitMs = 100
const longestWaitMs = 5_000
/** Of leaving the group, which finds out by itself where that takes longer. */
const leaveMs = 5_000

export interface MembershipOptions extends Omit<MemberOptions, 'onEnd'> {
  readonly client: Pick<KafkaClient, 'join'>
  readonly log: Logger
  /** A session begins: what was assigned before it was known can be fetched now. */
  readonly onSession: () => void
  /** The session is over: nothing is held any more. */
  readonly onOut: () => void
  /** The cluster forbids it. It is tried on, for somebody may allow it. */
  readonly onRefused: (error: unknown) => void
}

export class Membership {
  /** Undefined while it is out of the group. */
  session: ClientMember | undefined
  readonly #options: MembershipOptions
  readonly #leaving = new AbortController()
  readonly #running: Promise<void>
  #end: (error: unknown) => void = () => {}

  constructor(options: MembershipOptions) {
    this.#options = options
    this.#running = this.#run()
  }

  /** Out of the group, and in again. */
  restart(error: unknown): void {
    this.#end(error)
  }

  async leave(): Promise<void> {
    this.#leaving.abort()
    this.#end(undefined)
    await atMost(leaveMs, this.#running)
  }

  async #run(): Promise<void> {
    await undefined
    const { group, log } = this.#options
    const { signal } = this.#leaving
    for (let waitMs = firstWaitMs; !signal.aborted; waitMs = Math.min(longestWaitMs, waitMs * 2)) {
      const began = performance.now()
      try {
        await this.#member()
      } catch (error) {
        if (isRefused(error)) this.#options.onRefused(error)
        if (!signal.aborted) log.warn({ group, reason: messageOf(error) }, 'out of the consumer group: joining again')
      }
      if (performance.now() - began > 2 * longestWaitMs) waitMs = firstWaitMs
      await pauseFor(waitMs, signal)
    }
  }

  /** One membership, from joining to leaving. */
  async #member(): Promise<void> {
    const { client, onSession, onOut, ...options } = this.#options
    const ended = new Promise<unknown>((resolve) => {
      this.#end = resolve
    })
    let session: ClientMember | undefined
    try {
      session = await client.join({ ...options, onEnd: (error) => this.#end(error) })
      if (this.#leaving.signal.aborted) return
      this.session = session
      onSession()
      const error = await ended
      if (error) throw error
    } finally {
      this.session = undefined
      onOut()
      if (session) await atMost(leaveMs, session.leave())
    }
  }
}
