/** Real messages for the bench: from the labelled corpus, with the sender that the systems under test authorize. */
import { readCorpus } from '../quality/corpus.ts'
import { sender } from './workload.ts'

const wanted = 400
const maxBytes = 60_000

/**
 * Ham and spam in turn, at most 60 KB each, as DATA takes them: CRLF, dots doubled, ended. Undefined where the corpus is not
 * at hand. Header From is replaced, since it has to be one of ours; nothing else is.
 */
export function realMail(): readonly Buffer[] | undefined {
  const corpus = readCorpus(['spamassassin', 'lists'])
  if (!corpus) return undefined
  const found = { ham: [] as Buffer[], spam: [] as Buffer[] }
  for (const { label, id, bytes } of corpus) {
    // By hash, so that it is a sample of all and the same each time.
    if (bytes.length > maxBytes || Number.parseInt(id.slice(0, 2), 16) > 60) continue
    if (found[label].length < wanted / 2) found[label].push(asData(bytes))
    else if (found.ham.length + found.spam.length >= wanted) break
  }
  return found.ham.flatMap((ham, index) => [ham, found.spam[index] ?? ham])
}

function asData(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const header = text.slice(0, end).replace(/^From:.*(?:\r\n[ \t].*)*$/im, `From: <${sender}>`)
  const withFrom = /^From:/im.test(header) ? header : `From: <${sender}>\r\n${header}`
  const content = `${withFrom}${text.slice(end)}`.replace(/\r\n\./g, '\r\n..')
  return Buffer.from(`${content.endsWith('\r\n') ? content : `${content}\r\n`}.\r\n`, 'latin1')
}
