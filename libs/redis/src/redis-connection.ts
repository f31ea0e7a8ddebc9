/**
 * One connection to Redis, for a port that must not hang on it: a call fails within a second or two, whatever becomes of the
 * server, and the connection comes back by itself. Nothing is queued for later: a command is sent while the connection
 * stands, and a call waits for one at most as long as a call may take.
 */
import { createRequire } from 'node:module'
import { type CallEnded, type ErrorCode, SallyportError, timed } from '@sallyport/contracts'
import { inSpan, SpanKind } from '@sallyport/tracing'
import type { Redis } from 'ioredis'
import type { RedisScript } from './redis-script.ts'
import { type RedisServer, redisAddress } from './redis-server.ts'
import { isConnectionLost, reasonOf, wasNotDone } from './redis-trouble.ts'

export interface RedisChange {
  readonly isUp: boolean
  /** host:port */
  readonly server: string
  /** Of what is down. Holds no secret. */
  readonly reason?: string
}

export interface RedisConnectionOptions {
  readonly redis: RedisServer
  /** Who needs it, for the texts of errors: `the limiter`. */
  readonly purpose: string
  /** The error that calls fail with. */
  readonly unavailable: ErrorCode
  /** Until a command counts as unanswered. Default 1,000. */
  readonly callTimeoutMs?: number
  /** Told once when it goes down, whatever it tries then, and once when it is up again. */
  readonly onChange?: (change: RedisChange) => void
  /** Told of each call, by its operation: a command or the name of a script. */
  readonly onCall?: CallEnded | undefined
  /** Asks so often whether the server still answers, for a connection that only listens. Default never. */
  readonly pingEveryMs?: number
}

export interface RedisConnection {
  /** For what has to be set up whenever the connection stands (`ready`), and for what arrives unasked. */
  readonly client: Redis
  readonly isReady: boolean
  /**
   * Does one thing, `operation` (a command, for metrics), once more where the connection was lost meanwhile and it may be repeated (the default). Fails with the
   * error of the options, which is retriable.
   */
  call<T>(operation: string, work: (client: Redis) => Promise<T>, options?: { readonly isRepeatable?: boolean }): Promise<T>
  /** Runs a script that may run twice for one call: in full where the server does not know it yet. Strings of its reply are Buffers. */
  run(script: RedisScript, keys: readonly string[], words: readonly (string | number)[]): Promise<unknown>
  /** Resolves when it stands, or when it is known not to for now. */
  settled(): Promise<void>
  close(): Promise<void>
}

/** Only now: the gateway of one machine exports it, too, and would pay for it in each of its threads. */
const loadClient = (): typeof import('ioredis') => require('ioredis')
const require = createRequire(import.meta.url)

const mostBackOffMs = 1_000
const brokenMs = 10

/** Begins to connect, and never fails for want of a server. Fails with CONFIG_INVALID where the options name none. */
export function openRedis(options: RedisConnectionOptions): RedisConnection {
  return new Connection(options)
}

class Connection implements RedisConnection {
  readonly client: Redis
  readonly #options: RedisConnectionOptions
  readonly #callTimeoutMs: number
  readonly #server: string
  readonly #password: string | undefined
  readonly #waiting = new Set<() => void>()
  readonly #pings: NodeJS.Timeout | undefined
  #downSinceMs: number | undefined = performance.now()
  #reason = 'it did not answer yet'
  #isKnownDown = false
  #isClosed = false

  constructor(options: RedisConnectionOptions) {
    const { callTimeoutMs = 1_000, pingEveryMs } = options
    const { password, ...address } = redisAddress(options.redis)
    this.#options = options
    this.#callTimeoutMs = callTimeoutMs
    this.#server = `${address.host}:${address.port}`
    this.#password = password
    this.client = new (loadClient().Redis)({
      ...address,
      ...(password === undefined ? {} : { password }),
      connectTimeout: 5 * callTimeoutMs,
      commandTimeout: callTimeoutMs,
      // A connection whose other end is frozen or gone is left, and with it all that waits there.
      socketTimeout: callTimeoutMs,
      disconnectTimeout: 500,
      keepAlive: 10_000,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (times) => Math.min(25 * 2 ** times, mostBackOffMs) + Math.random() * 100,
      // What was the primary is a replica now.
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
    })
    this.client.on('error', (error: unknown) => {
      this.#reason = reasonOf(error, password)
    })
    this.client.on('ready', () => this.#up())
    this.client.on('close', () => this.#down())
    if (pingEveryMs !== undefined) {
      this.#pings = setInterval(() => this.isReady && this.client.ping().catch(() => {}), pingEveryMs)
      this.#pings.unref()
    }
  }

  get isReady(): boolean {
    return this.client.status === 'ready'
  }

  call<T>(
    operation: string,
    work: (client: Redis) => Promise<T>,
    { isRepeatable = true }: { readonly isRepeatable?: boolean } = {},
  ): Promise<T> {
    const { purpose, onCall } = this.#options
    const attributes = { 'db.system.name': 'redis', 'sallyport.purpose': purpose }
    return timed(operation, onCall, () =>
      inSpan('redis', { kind: SpanKind.CLIENT, attributes }, () => this.#call(work, isRepeatable)),
    )
  }

  async #call<T>(work: (client: Redis) => Promise<T>, isRepeatable: boolean): Promise<T> {
    const endMs = performance.now() + this.#callTimeoutMs
    for (;;) {
      if (!this.isReady) await this.#ready(endMs)
      if (!this.isReady) throw this.#unavailable(this.#reason)
      try {
        return await work(this.client)
      } catch (error) {
        const isOver = this.#isClosed || performance.now() >= endMs
        if (isOver || !(isRepeatable ? isConnectionLost(error) : wasNotDone(error)))
          throw this.#unavailable(reasonOf(error, this.#password))
        // The end of a connection is told a moment after it no longer takes commands.
        if (this.isReady) await new Promise((resolve) => setTimeout(resolve, brokenMs))
      }
    }
  }

  run(script: RedisScript, keys: readonly string[], words: readonly (string | number)[]): Promise<unknown> {
    return this.call(script.name, async (client) => {
      try {
        return await client.callBuffer('evalsha', [script.sha, keys.length, ...keys, ...words])
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
        return await client.callBuffer('eval', [script.lua, keys.length, ...keys, ...words])
      }
    })
  }

  async settled(): Promise<void> {
    if (!this.isReady) await this.#ready(performance.now() + this.#callTimeoutMs)
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#reason = 'it is closed'
    clearInterval(this.#pings)
    this.#wake()
    // What was sent is answered before that.
    if (this.isReady) await this.client.quit().catch(() => {})
    this.client.disconnect()
  }

  /** Resolves when the connection stands, at `endMs`, or at once where it has been down for longer than a call may take. */
  #ready(endMs: number): Promise<void> {
    const nowMs = performance.now()
    if (this.#isClosed || nowMs - (this.#downSinceMs ?? nowMs) > this.#callTimeoutMs) {
      // In a turn of its own: who tries again at once must not keep the connection from coming back.
      return new Promise((resolve) => setImmediate(resolve))
    }
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        resolve()
      }
      const timer = setTimeout(done, Math.max(0, endMs - nowMs))
      this.#waiting.add(done)
    })
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done()
  }

  #up(): void {
    this.#downSinceMs = undefined
    this.#reason = 'the connection was lost'
    this.#wake()
    if (!this.#isKnownDown) return
    this.#isKnownDown = false
    this.#options.onChange?.({ isUp: true, server: this.#server })
  }

  #down(): void {
    this.#downSinceMs ??= performance.now()
    if (this.#isClosed || this.#isKnownDown) return
    this.#isKnownDown = true
    this.#options.onChange?.({ isUp: false, server: this.#server, reason: this.#reason })
  }

  #unavailable(reason: string): SallyportError {
    const { unavailable, purpose } = this.#options
    return new SallyportError(unavailable, `${purpose} cannot use Redis at ${this.#server}: ${reason}`)
  }
}
