/** SpamAssassin, asked over the protocol of spamd (SPAMC/1.5): REPORT, which names the rules, their points and what they say. */
import type { EngineAddress } from './address.ts'
import { exchange } from './exchange.ts'
import { firstBytes } from './first-bytes.ts'
import type { Engine, EngineMessage } from './port.ts'
import { isWholeSpamdAnswer, readSpamdAnswer } from './spamd-answer.ts'

export interface SpamdOptions {
  readonly name: string
  readonly address: EngineAddress
  /** Of a longer message spamd gets the beginning: its time grows with every byte. */
  readonly maxBytes: number
}

/** A connection for each question: spamd closes it behind its answer. */
export function spamdEngine({ name, address, maxBytes }: SpamdOptions): Engine {
  return {
    name,
    async ask(message, signal) {
      const answer = await exchange(
        {
          engine: name,
          address,
          question: question(message, maxBytes),
          halfClose: true,
          isWhole: isWholeSpamdAnswer,
          maxAnswerBytes: 2 ** 20,
        },
        signal,
      )
      return { ...readSpamdAnswer(name, answer), isPartial: message.contentBytes > maxBytes }
    },
    async close() {
      // Nothing is kept between questions.
    },
  }
}

async function* question(message: EngineMessage, maxBytes: number): AsyncIterable<Uint8Array> {
  const sentBytes = Math.min(message.contentBytes, maxBytes)
  // Rules about the envelope read it where a delivered message has it.
  const returnPath = Buffer.from(`Return-Path: <${message.sender.replace(/\p{Cc}/gu, ' ')}>\r\n`)
  yield Buffer.concat([Buffer.from(`REPORT SPAMC/1.5\r\nContent-length: ${returnPath.length + sentBytes}\r\n\r\n`), returnPath])
  yield* firstBytes(message.content(), sentBytes)
}
