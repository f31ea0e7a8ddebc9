/** A thread with little memory that scores messages made to exhaust it, as the check does, and says what came out. */
import { readFileSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { shippedModel } from '../../../services/spam-scoring/src/config.ts'
import { contentBeginning } from '../../../services/spam-scoring/src/content-beginning.ts'
import { readModel } from '../../../services/spam-scoring/src/model/model-file.ts'
import { scoreContent } from '../../../services/spam-scoring/src/score-content.ts'

const multipart = (boundary: string): string => `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n`
const levels = (count: number, make: (level: number) => string): string =>
  Array.from({ length: count }, (_, level) => make(level)).join('')
const html = 'Content-Type: text/html; charset=utf-8\r\n\r\n'
const zip = 'Content-Type: application/zip; name="a.zip"\r\nContent-Transfer-Encoding: base64\r\n\r\nUEsDBBQAAAAIAAAAIQAAAAAA\r\n'

/** What stands before, and what follows again and again until so many bytes are there. */
const messages: Readonly<Record<string, readonly [head: string, unit: string, bytes: number]>> = {
  '900 levels of multiparts': [levels(900, (level) => `${multipart(`b${level}`)}--b${level}\r\n`), 'x', 100],
  '900 levels of messages': ['Content-Type: message/rfc822\r\n\r\n'.repeat(900), 'x', 100],
  '10,000 parts': [multipart('b'), '--b\r\n\r\nx\r\n', 100_000],
  '10,000 archives': [multipart('b'), `--b\r\n${zip}`, 10_000 * (zip.length + 5)],
  '100 MB of parts': [multipart('b'), '--b\r\n\r\n', 100_000_000],
  '100 MB of text': [`${multipart('b')}--b\r\n\r\n`, 'lorem ipsum dolor sit amet\r\n', 100_000_000],
  '100 MB of base64': [
    `${multipart('b')}--b\r\nContent-Transfer-Encoding: base64\r\n\r\n`,
    `${'QUJD'.repeat(19)}\r\n`,
    100_000_000,
  ],
  '100 MB of a line': ['Subject: x\r\n\r\n', 'x', 100_000_000],
  '100 MB of header': ['', 'a:\r\n', 100_000_000],
  '100 MB of open elements': [html, '<b>', 100_000_000],
  '100 MB of links': [html, '<a href="https://example.com/a">x</a>\r\n', 100_000_000],
  '100 MB of styles': [`${html}<style>`, '.a{color:red}\r\n', 100_000_000],
}

export interface Outcome {
  readonly name: string
  /** Undefined where it is only begun. */
  readonly scored?: { readonly points: number; readonly keptBytes: number }
}

const model = readModel(readFileSync(shippedModel))
/** The default of `spamScoring.scoreBytes`. */
const scoreBytes = 524_288
const say = (outcome: Outcome): void => parentPort?.postMessage(outcome)

async function* chunks([head, unit, bytes]: (typeof messages)[string]): AsyncIterable<Uint8Array> {
  yield Buffer.from(head)
  const chunk = Buffer.from(unit.repeat(Math.ceil(65_536 / unit.length)))
  for (let left = bytes; left > 0; left -= chunk.byteLength) yield chunk.subarray(0, left)
}

for (const [name, message] of Object.entries(messages)) {
  say({ name })
  const content = await contentBeginning(chunks(message), scoreBytes)
  const { points } = scoreContent(model, {
    content,
    contentBytes: message[0].length + message[2],
    sender: 'a@example.com',
    recipients: ['b@example.net'],
    isBulk: false,
    isSmtpUtf8: false,
    receivedAt: 0,
  })
  say({ name, scored: { points, keptBytes: content.byteLength } })
}
