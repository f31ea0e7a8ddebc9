/** One POST whose body is streamed and whose answer is gathered up to a limit. */
import { type Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { SallyportError } from '@sallyport/contracts/basics'
import type { EngineAddress } from './address.ts'
import { EngineUnavailable, engineFailed } from './engine-unavailable.ts'

export interface HttpPost {
  /** For what an operator reads. */
  readonly engine: string
  readonly address: EngineAddress
  readonly path: string
  /** Names and values in turn, one octet a character. */
  readonly headers: readonly string[]
  readonly bodyBytes: number
  /** The body from its beginning: read again where a kept connection turns out to be closed. What it throws is thrown on. */
  body(): AsyncIterable<Uint8Array>
  readonly agent: Agent
  readonly maxAnswerBytes: number
}

interface Failure {
  readonly error: unknown
  /** Nothing was heard on a connection that was kept from before: the other side had closed it. */
  readonly isStale: boolean
}

/** Resolves with the body of a 200. Fails with ENGINE_UNAVAILABLE: refused, reset, another status, too long, or the signal. */
export async function postOverHttp(post: HttpPost, signal: AbortSignal): Promise<Buffer> {
  for (;;) {
    const answer = await attempt(post, signal)
    if (Buffer.isBuffer(answer)) return answer
    if (!answer.isStale) throw answer.error
  }
}

function attempt(post: HttpPost, signal: AbortSignal): Promise<Buffer | Failure> {
  const { engine, address, path, headers, bodyBytes, agent } = post
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(final(calledOff(engine)))
    const where = address.path === undefined ? { host: address.host, port: address.port } : { socketPath: address.path }
    const asked = request({
      ...where,
      path,
      agent,
      method: 'POST',
      headers: ['Host', address.host ?? 'localhost', ...headers, 'Content-Length', String(bodyBytes)],
    })
    const settle = (result: Buffer | Failure): void => {
      signal.removeEventListener('abort', abort)
      // A whole answer before the whole question leaves the connection in no state to be kept.
      if (!Buffer.isBuffer(result) || !asked.writableFinished) asked.destroy()
      resolve(result)
    }
    const abort = (): void => settle(final(calledOff(engine)))
    signal.addEventListener('abort', abort, { once: true })
    let isHeard = false
    asked.on('error', (error) => settle({ error: engineFailed(engine, error), isStale: asked.reusedSocket && !isHeard }))
    asked.once('response', (response) => {
      isHeard = true
      gather(post, response).then(settle, (error: unknown) => settle(final(engineFailed(engine, error))))
    })
    asked.setNoDelay(true)
    say(asked, post).catch((error: unknown) => settle(final(error)))
  })
}

async function say(asked: ClientRequest, { body, bodyBytes }: HttpPost): Promise<void> {
  let saidBytes = 0
  for await (const part of body()) {
    if (asked.destroyed) return
    saidBytes += part.byteLength
    if (!asked.write(part)) await roomOrEnd(asked)
  }
  if (saidBytes !== bodyBytes) throw new SallyportError('CONTENT_DAMAGED', `content has ${saidBytes} bytes, not ${bodyBytes}`)
  asked.end()
}

function roomOrEnd(asked: ClientRequest): Promise<void> {
  return new Promise((go) => {
    if (asked.destroyed || !asked.writableNeedDrain) return go()
    const done = (): void => {
      asked.off('drain', done).off('close', done)
      go()
    }
    asked.on('drain', done).on('close', done)
  })
}

async function gather({ engine, maxAnswerBytes }: HttpPost, response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response) {
    bytes += chunk.byteLength
    if (bytes > maxAnswerBytes) throw new EngineUnavailable('failed', `${engine} answers more than ${maxAnswerBytes} bytes`)
    chunks.push(chunk)
  }
  const answer = Buffer.concat(chunks)
  if (response.statusCode === 200) return answer
  const said = answer.subarray(0, 200).toString('latin1').replace(/\s+/g, ' ')
  throw new EngineUnavailable('failed', `${engine} answers HTTP ${response.statusCode} ${said}`)
}

const final = (error: unknown): Failure => ({ error, isStale: false })
const calledOff = (engine: string): EngineUnavailable => new EngineUnavailable('called-off', `${engine}: nobody waits any longer`)
