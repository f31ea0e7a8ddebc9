/** Sends messages of the console's own through the gateway itself. */
import { hostname } from 'node:os'
import type { Message } from '@sallyport/contracts'
import { buildTextMessage, findHeaderEnd, type MadeMessage } from '@sallyport/mail'
import { type OwnRoad, type PolicyView, publishOwn } from '@sallyport/runtime'
import type { NoticeText } from './notice-texts.ts'

export interface OwnMail {
  /** Durable when it resolves. With the same id it is the same message, which is delivered once. */
  send(
    about: { readonly id: string; readonly application: string; readonly to: string; readonly at: number },
    text: NoticeText,
  ): Promise<void>
  sendMade(
    about: { readonly id: string; readonly application: string; readonly to: string; readonly at: number },
    made: MadeMessage,
  ): Promise<void>
}

const noTrace = '00-00000000000000000000000000000000-0000000000000000-00'

export function ownMail(road: OwnRoad, policy: PolicyView): OwnMail {
  const mail: OwnMail = {
    async send(about, { subject, text }) {
      const { bounceFrom } = policy.current()
      const made = buildTextMessage({ from: bounceFrom, to: [about.to], subject, text, date: about.at, id: about.id })
      await mail.sendMade(about, made)
    },
    async sendMade({ id, application, to, at }, made) {
      const message: Message = {
        id,
        application,
        policyRevision: policy.current().revision,
        traceparent: noTrace,
        receivedAt: at,
        client: { address: '127.0.0.1', helo: hostname() },
        // Nobody is told where it fails: the next digest says the same again.
        sender: '',
        body: made.body,
        recipients: [{ index: 0, address: to, notify: ['NEVER'] }],
        ...(made.smtpUtf8 ? { smtpUtf8: true } : {}),
      }
      const headerEnd = findHeaderEnd(made.bytes)
      await publishOwn(road, { message, content: made.bytes, headerBytes: headerEnd < 0 ? made.bytes.byteLength : headerEnd })
    },
  }
  return mail
}
