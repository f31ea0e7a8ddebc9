/** rspamd, asked over HTTP: `POST /checkv2` of its normal worker. */
import { Agent } from 'node:http'
import type { Secrets } from '@sallyport/runtime'
import type { EngineAddress } from './address.ts'
import { engineFailed } from './engine-unavailable.ts'
import { firstBytes } from './first-bytes.ts'
import type { Engine, EngineMessage } from './port.ts'
import { postOverHttp } from './post-over-http.ts'
import { readRspamdAnswer } from './rspamd-answer.ts'

export interface RspamdOptions {
  readonly name: string
  readonly address: EngineAddress
  /** Of a longer message rspamd gets the beginning. */
  readonly maxBytes: number
  /** Connections at once. */
  readonly concurrency: number
  /** The password of its `normal` worker or of a proxy before it, read anew for each question. */
  readonly password: { readonly secrets: Secrets; readonly secret: string } | undefined
}

/** rspamd refuses a header that is too long, and no rule of it wants to know the rest. */
const maxRecipientChars = 12_288

/** Connections are kept where the other side keeps them. */
export function rspamdEngine({ name, address, maxBytes, concurrency, password }: RspamdOptions): Engine {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency, maxFreeSockets: concurrency })
  return {
    name,
    async ask(message, signal) {
      const sentBytes = Math.min(message.contentBytes, maxBytes)
      const headers = [...envelopeHeaders(message)]
      if (password) headers.push('Password', await readPassword(name, password))
      const answer = await postOverHttp(
        {
          engine: name,
          address,
          path: '/checkv2',
          headers,
          bodyBytes: sentBytes,
          body: () => firstBytes(message.content(), sentBytes),
          agent,
          maxAnswerBytes: 2 ** 22,
        },
        signal,
      )
      return { ...readRspamdAnswer(name, answer), isPartial: sentBytes < message.contentBytes }
    },
    async close() {
      agent.destroy()
    },
  }
}

/** Names and values in turn. What rspamd knows them by: https://rspamd.com/doc/architecture/protocol.html */
function* envelopeHeaders({ id, sender, recipients, clientAddress, helo }: EngineMessage): Iterable<string> {
  yield* ['From', headerValue(sender)]
  let chars = 0
  for (const recipient of recipients) {
    chars += recipient.length + 'Rcpt: \r\n'.length
    if (chars > maxRecipientChars) break
    yield* ['Rcpt', headerValue(recipient)]
  }
  yield* ['IP', headerValue(clientAddress), 'Helo', headerValue(helo), 'Queue-Id', headerValue(id), 'MTA-Tag', 'sallyport']
}

/** UTF-8 (RFC 6531 addresses) as node writes header values, one octet a character; nothing that would end the line. */
const headerValue = (text: string): string =>
  Array.from(Buffer.from(text, 'utf8').toString('latin1'), (char) => (char < ' ' || char === '\x7f' ? ' ' : char)).join('')

async function readPassword(engine: string, { secrets, secret }: NonNullable<RspamdOptions['password']>): Promise<string> {
  try {
    return headerValue(await secrets.read(secret))
  } catch (cause) {
    throw engineFailed(engine, cause)
  }
}
