/** The way out: every accepted message as a tar archive (POSIX ustar), `ID.eml` beside its envelope `ID.json`. */
import { Readable } from 'node:stream'
import type { Message } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'
import { type Pack, pack } from 'tar-stream'
import { type AcceptedMessage, type AcceptedPorts, acceptedMessages, contentOf, openRecipients } from './accepted-messages.ts'

/** What a mail system needs to send it: RFC 5321 envelope and its ESMTP parameters. */
export interface ExportedEnvelope {
  readonly id: string
  readonly application: string
  readonly state: AcceptedMessage['state']
  readonly receivedAt: string
  readonly sender: string
  /** Those that have not ended. */
  readonly recipients: Message['recipients']
  readonly body: Message['body'] | null
  readonly smtpUtf8: boolean
  readonly ret: Message['ret'] | null
  readonly envelopeId: string | null
}

/** A message whose content cannot be read breaks the archive off: it must not look whole. The file `complete` is its last. */
export function exportArchive(ports: AcceptedPorts, log: RolePorts['log']): Readable {
  const archive = pack()
  write(archive, ports).catch((err: unknown) => {
    log.error({ err }, 'the export of the queue broke off')
    archive.destroy(err instanceof Error ? err : new Error(String(err)))
  })
  return Readable.from(archive)
}

async function write(archive: Pack, ports: AcceptedPorts): Promise<void> {
  let messages = 0
  for await (const found of acceptedMessages(ports)) {
    const chunks = await opened(ports, found)
    if (!chunks) continue
    const { id, receivedAt } = found.message
    const mtime = new Date(receivedAt)
    await entry(archive, { name: `${id}.eml`, size: found.content.contentBytes, mtime }, chunks)
    const envelope = Buffer.from(`${JSON.stringify(envelopeOf(found), null, 2)}\n`)
    await entry(archive, { name: `${id}.json`, size: envelope.length, mtime }, [envelope])
    messages++
  }
  const count = Buffer.from(`${messages}\n`)
  await entry(archive, { name: 'complete', size: count.length }, [count])
  archive.finalize()
}

/** Undefined where the message has ended since it was found, so that its content is gone. */
async function opened(ports: AcceptedPorts, found: AcceptedMessage): Promise<AsyncIterable<Uint8Array> | undefined> {
  const chunks = contentOf(ports.content, found)[Symbol.asyncIterator]()
  let first: IteratorResult<Uint8Array>
  try {
    first = await chunks.next()
  } catch (error) {
    if ((await openRecipients(ports.ledger, found)).length === 0) return undefined
    throw error
  }
  return (async function* () {
    for (let next = first; !next.done; next = await chunks.next()) yield next.value
  })()
}

async function entry(
  archive: Pack,
  header: { readonly name: string; readonly size: number; readonly mtime?: Date },
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const file = archive.entry(header)
  const ended = new Promise<void>((resolve, reject) => file.once('finish', resolve).once('error', reject).once('close', resolve))
  for await (const chunk of chunks) {
    if (archive.destroyed) throw new Error('the reader is gone')
    if (!file.write(Buffer.from(chunk))) await new Promise<void>((resolve) => file.once('drain', resolve).once('close', resolve))
  }
  file.end(undefined)
  await ended
}

function envelopeOf({ message, remaining, state }: AcceptedMessage): ExportedEnvelope {
  return {
    id: message.id,
    application: message.application,
    state,
    receivedAt: new Date(message.receivedAt).toISOString(),
    sender: message.sender,
    recipients: message.recipients.filter(({ index }) => remaining.includes(index)),
    body: message.body ?? null,
    smtpUtf8: message.smtpUtf8 ?? false,
    ret: message.ret ?? null,
    envelopeId: message.envelopeId ?? null,
  }
}
