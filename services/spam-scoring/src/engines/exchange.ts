/** One question and one answer over a connection of its own: how spamd and clamd are asked. */
import { connect } from 'node:net'
import type { EngineAddress } from './address.ts'
import { EngineUnavailable, engineFailed } from './engine-unavailable.ts'

export interface Exchange {
  /** For what an operator reads. */
  readonly engine: string
  readonly address: EngineAddress
  /** The question. What it throws is thrown on. Read no faster than the engine takes it. */
  readonly question: AsyncIterable<Uint8Array>
  /** Close our half when the question is out (RFC 9293 §3.6). */
  readonly halfClose: boolean
  /** The answer is whole; otherwise it is when the engine closes. */
  isWhole(answer: Buffer): boolean
  readonly maxAnswerBytes: number
}

/**
 * Resolves with the answer: as soon as it is whole, also while the question is still going out, since an engine that refuses
 * answers before it has heard everything. Fails with ENGINE_UNAVAILABLE: refused, reset, an answer too long, or the signal.
 */
export function exchange(
  { engine, address, question, halfClose, isWhole, maxAnswerBytes }: Exchange,
  signal: AbortSignal,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(calledOff(engine))
    const socket = connect({ ...address, noDelay: true })
    let answer: Buffer = Buffer.alloc(0)
    let fault: unknown
    const settle = (act: () => void): void => {
      signal.removeEventListener('abort', abort)
      socket.destroy()
      act()
    }
    const fail = (error: unknown): void => settle(() => reject(error))
    const abort = (): void => fail(calledOff(engine))
    signal.addEventListener('abort', abort, { once: true })

    socket.on('data', (chunk: Buffer) => {
      if (answer.byteLength + chunk.byteLength > maxAnswerBytes) {
        return fail(new EngineUnavailable('failed', `${engine} answers more than ${maxAnswerBytes} bytes`))
      }
      answer = answer.byteLength === 0 ? chunk : Buffer.concat([answer, chunk])
      if (isWhole(answer)) settle(() => resolve(answer))
    })
    // A write that fails comes before the answer that explains it: what counts is what was heard when all is over.
    socket.on('error', (error) => {
      fault ??= error
    })
    socket.once('close', () => {
      if (answer.byteLength > 0) settle(() => resolve(answer))
      else if (fault === undefined) fail(new EngineUnavailable('failed', `${engine} closed the connection without an answer`))
      else fail(engineFailed(engine, fault))
    })
    say().catch(fail)

    async function say(): Promise<void> {
      for await (const part of question) {
        if (socket.destroyed) return
        if (!socket.write(part)) await roomOrEnd()
      }
      if (halfClose && !socket.destroyed) socket.end()
    }

    function roomOrEnd(): Promise<void> {
      return new Promise((go) => {
        if (socket.destroyed || !socket.writableNeedDrain) return go()
        const done = (): void => {
          socket.off('drain', done).off('close', done)
          go()
        }
        socket.on('drain', done).on('close', done)
      })
    }
  })
}

const calledOff = (engine: string): EngineUnavailable => new EngineUnavailable('called-off', `${engine}: nobody waits any longer`)
