/** An event about more recipients than a record has room for, as several about some of them each. */
import type { MailEvent, RecipientResult } from '@sallyport/contracts'

/** JSON of the recipients of one event; a record takes 256 KiB in all. */
const maxRecipientBytes = 160 * 1024
/** So many take less, as long as replies are cut to 500 characters. */
const surelyFits = 20

/** The event itself, as a rule. Of parts the second and later ones are numbered, so that each is an event of its own. */
export function eventParts(event: MailEvent): readonly MailEvent[] {
  if (event.kind !== 'attempted' && event.kind !== 'bounced') return [event]
  if (event.recipients.length <= surelyFits) return [event]
  const chunks = chunksOf(event.recipients)
  if (chunks.length < 2) return [event]
  return chunks.map((recipients, part) => ({ ...event, recipients, ...(part === 0 ? {} : { part }) }))
}

function chunksOf(results: readonly RecipientResult[]): RecipientResult[][] {
  let chunk: RecipientResult[] = []
  let bytes = 0
  const chunks = [chunk]
  for (const result of results) {
    // Around them stand the index, the result and the names of the fields.
    const most = 100 + jsonBytes(result.address) + jsonBytes(result.reply)
    if (bytes + most > maxRecipientBytes && chunk.length > 0) {
      chunk = []
      bytes = 0
      chunks.push(chunk)
    }
    chunk.push(result)
    bytes += most
  }
  return chunks
}

const jsonBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text))
