/** What of a message is shown: its text, or its HTML for the frame, and the names of what is attached. */
import PostalMime from 'postal-mime'
import { bytes } from '../../format/numbers.ts'

export interface Preview {
  readonly html: string | undefined
  readonly text: string
  /** Name and size. */
  readonly attachments: readonly string[]
}

export async function previewOf(source: string): Promise<Preview> {
  const { html, text, attachments } = await PostalMime.parse(source)
  return {
    html: html === undefined || html.trim() === '' ? undefined : html,
    text: text ?? '',
    attachments: attachments.map(({ filename, mimeType, content }) => {
      const size = typeof content === 'string' ? content.length : content.byteLength
      return `${filename ?? 'without a name'} (${mimeType}, ${bytes(size)})`
    }),
  }
}
