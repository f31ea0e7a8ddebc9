/**
 * What a client sends: command lines, and content after DATA. Takes the place of smtp-server's parser, which ends commands at a bare LF
 * and copies content through a stream per message.
 *
 * Commands run one after the other, however they are pipelined (RFC 2920). Nothing is read on while one is being worked on, so memory
 * is bounded by what the socket's pipe holds.
 */
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js'
import { DataDecoder } from './data-decoder.ts'

/** Takes the content of one message. */
export interface ContentTaker {
  /** A promise asks to wait with what follows. Must not reject. The chunk does not change afterwards. */
  take(content: Buffer): Promise<void> | undefined
  /** All of it came. `resume` goes on with what the client sent behind it. */
  end(hasBareLineEnd: boolean, resume: () => void): void
}

export interface CommandStreamHooks {
  /** Around commands that are worked on in one turn: their replies share a write. */
  beginTurn(): void
  endTurn(): void
  /** False as long as the client must be silent. */
  mayTalk(): boolean
  onEarlyTalk(): void
  /** It was dropped to its end. */
  onLineTooLong(): void
  /** It has none within reason. */
  onEndlessLine(): void
  /** False refuses the line. */
  mayEndInBareLf(): boolean
}

const lf = 0x0a
const cr = 0x0d
/** Room for an AUTH line (RFC 4954 §4: 12,288 octets). */
const maxLineBytes = 16 * 1024
/** A longer line is read to its end, which is what its reply follows, but not for ever. */
const maxDroppedBytes = 1024 * 1024
/** One read of a socket is at most 64 KiB: while a reply is awaited the socket is read on, so that its end is seen. */
const highWaterMark = 128 * 1024
/** Commands that are worked on in one turn of the event loop, so that one client cannot hold up the others. */
const maxCommandsAtOnce = 100
const nothing = Buffer.alloc(0)

export class CommandStream extends SMTPStream {
  readonly #hooks: CommandStreamHooks
  /** The beginning of a line whose end has not come. */
  #line = nothing
  /** Of a line that is too long. */
  #droppedBytes = 0
  #decoder: DataDecoder | undefined
  #taker: ContentTaker | undefined

  constructor(hooks: CommandStreamHooks) {
    super({ highWaterMark })
    this.#hooks = hooks
  }

  /** What follows the current command is content. */
  startContent(taker: ContentTaker): void {
    this._dataMode = true
    this.#decoder = new DataDecoder()
    this.#taker = taker
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding | 'buffer', next: () => void): void {
    if (!this.isClosed && !this.#hooks.mayTalk()) this.#hooks.onEarlyTalk()
    this.#read(chunk, 0, next)
  }

  /** smtp-server would run an unfinished line as a command when the client closes. */
  override _flushData(): void {}

  #read(chunk: Buffer, from: number, next: () => void): void {
    let at = from
    let isRunning = false
    let isDone = false
    let commands = 0
    const resume = (): void => {
      isDone = true
      if (!isRunning) run()
    }
    const run = (): void => {
      this.#hooks.beginTurn()
      runTurn()
      this.#hooks.endTurn()
    }
    const runTurn = (): void => {
      isRunning = true
      for (;;) {
        if (this.isClosed || at >= chunk.length) break
        if (this._dataMode) {
          isRunning = false
          this.#readContent(at === 0 ? chunk : chunk.subarray(at), next)
          return
        }
        const end = chunk.indexOf(lf, at)
        const lineBytes = this.#line.length + (end === -1 ? chunk.length : end) - at
        if (this.#droppedBytes > 0 || lineBytes > maxLineBytes) {
          this.#line = nothing
          this.#droppedBytes += lineBytes
          if (this.#droppedBytes > maxDroppedBytes) this.#hooks.onEndlessLine()
          if (end === -1) break
          at = end + 1
          this.#droppedBytes = 0
          this.#hooks.onLineTooLong()
          continue
        }
        if (end === -1) {
          this.#line = Buffer.concat([this.#line, chunk.subarray(at)])
          break
        }
        const line = this.#line.length > 0 ? Buffer.concat([this.#line, chunk.subarray(at, end)]) : chunk.subarray(at, end)
        this.#line = nothing
        at = end + 1
        const endsInCr = line[line.length - 1] === cr
        if (!endsInCr && !this.#hooks.mayEndInBareLf()) break
        isDone = false
        this.oncommand(endsInCr ? line.subarray(0, -1) : line, resume)
        if (!isDone) {
          isRunning = false
          return
        }
        if (++commands >= maxCommandsAtOnce) {
          commands = 0
          isRunning = false
          setImmediate(run)
          return
        }
      }
      isRunning = false
      next()
    }
    run()
  }

  #readContent(chunk: Buffer, next: () => void): void {
    const decoder = this.#decoder
    const taker = this.#taker
    if (decoder === undefined || taker === undefined) {
      next()
      return
    }
    const { content, rest } = decoder.take(chunk)
    const wait = content.length > 0 ? taker.take(content) : undefined
    const goOn = (): void => {
      // Content whose connection was closed meanwhile has no end.
      if (rest === undefined || this.isClosed) {
        next()
        return
      }
      this._dataMode = false
      this.#decoder = undefined
      this.#taker = undefined
      taker.end(decoder.hasBareLineEnd, () => this.#read(rest, 0, next))
    }
    if (wait === undefined) goOn()
    else void wait.then(goOn)
  }
}
