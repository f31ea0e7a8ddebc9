/** ClamAV, asked over clamd's `zINSTREAM`: chunks with their length before them, and one line as answer. */
import { SallyportError } from '@sallyport/contracts/basics'
import type { EngineAddress } from './address.ts'
import { EngineUnavailable } from './engine-unavailable.ts'
import { exchange } from './exchange.ts'
import { firstBytes } from './first-bytes.ts'
import type { Engine, EngineAnswer, EngineMessage } from './port.ts'

export interface ClamdOptions {
  readonly name: string
  readonly address: EngineAddress
  /** Of a longer message clamd gets the beginning. At most its own StreamMaxLength: beyond, it refuses the message. */
  readonly maxBytes: number
  /** What a virus counts. */
  readonly infectedScore: number
}

/** A connection for each question. */
export function clamdEngine({ name, address, maxBytes, infectedScore }: ClamdOptions): Engine {
  return {
    name,
    async ask(message, signal) {
      const answer = await exchange(
        {
          engine: name,
          address,
          question: question(message, maxBytes),
          halfClose: false,
          isWhole: (bytes) => bytes.includes(0),
          maxAnswerBytes: 65_536,
        },
        signal,
      )
      return { ...readAnswer(name, answer, infectedScore), isPartial: message.contentBytes > maxBytes }
    },
    async close() {
      // Nothing is kept between questions.
    },
  }
}

async function* question(message: EngineMessage, maxBytes: number): AsyncIterable<Uint8Array> {
  yield Buffer.from('zINSTREAM\0')
  let sentBytes = 0
  for await (const chunk of firstBytes(message.content(), maxBytes)) {
    sentBytes += chunk.byteLength
    yield lengthBefore(chunk.byteLength)
    yield chunk
  }
  // Less than that and clamd would call clean what it has not seen.
  const wantedBytes = Math.min(message.contentBytes, maxBytes)
  if (sentBytes < wantedBytes) throw new SallyportError('CONTENT_DAMAGED', `content has ${sentBytes} bytes, not ${wantedBytes}`)
  yield lengthBefore(0)
}

function lengthBefore(bytes: number): Uint8Array {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes)
  return length
}

function readAnswer(engine: string, answer: Buffer, infectedScore: number): Omit<EngineAnswer, 'isPartial'> {
  const end = answer.indexOf(0)
  const said = answer.toString('latin1', 0, end < 0 ? answer.byteLength : end)
  const [, virus] = /^stream: (.+) FOUND$/.exec(said) ?? []
  if (end >= 0 && said === 'stream: OK') return { score: 0, reasons: [] }
  if (end >= 0 && virus !== undefined) {
    const reason = {
      rule: 'spam.virus',
      text: `The message carries a virus: ${virus}.`,
      fix: 'Look for the attachment and for where it comes from: the machine or the account that sent it may be taken over.',
      evidence: { engine, signature: virus, points: infectedScore },
    }
    return { score: infectedScore, reasons: [reason], virus }
  }
  if (/INSTREAM size limit exceeded/i.test(said)) {
    throw new EngineUnavailable(
      'failed',
      `${engine} does not take messages of this size: raise its StreamMaxLength or lower maxBytes`,
    )
  }
  throw new EngineUnavailable('failed', `${engine} gave an answer that is none of clamd's: ${said.slice(0, 100)}`)
}
