/** Mail of the organization's applications, each from its own network. */
import { randomUUID } from 'node:crypto'
import { type SmtpReply, smtpClient } from '@sallyport/testkit'
import { type ApplicationName, networkOf } from './organization.ts'

export interface TestMail {
  readonly from: string
  readonly subject: string
  readonly to?: string
  /** Default a well-built text of a few lines. */
  readonly content?: string
}

/** Sends them one after the other over one connection. Resolves with the last reply to each. */
export async function sendMail(
  port: number,
  application: ApplicationName,
  mails: readonly TestMail[],
): Promise<readonly SmtpReply[]> {
  const client = await smtpClient({ port, localAddress: `127.0.${networkOf[application]}.9`, timeoutMs: 60_000 })
  await client.ehlo(`${application}.example.com`)
  const replies: SmtpReply[] = []
  for (const { from, subject, to = 'customer@example.net', content = wellBuilt(from, to, subject) } of mails) {
    replies.push(await client.send({ from, to, content }))
  }
  await client.quit()
  return replies
}

export function wellBuilt(from: string, to: string, subject: string): string {
  return [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${randomUUID()}@example.com>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Hello,',
    '',
    'this is what you asked us for. If anything is missing, please answer to this message.',
    '',
    'Kind regards',
    'Your team at Example',
    '',
  ].join('\r\n')
}

const many = (times: number, mail: (index: number) => TestMail): readonly TestMail[] =>
  Array.from({ length: times }, (_, index) => mail(index))

/** A piece of a day of all of them: about 130 messages, with every fault that design §1 names. */
export async function sendDay(port: number): Promise<void> {
  const noDate = (from: string): string =>
    `From: ${from}\r\nTo: customer@example.net\r\nSubject: BEST OFFER!!! CLICK NOW\r\n\r\nhttp://203.0.113.7/offer\r\n`
  await Promise.all([
    sendMail(
      port,
      'billing',
      many(24, (n) => ({
        from: n % 4 === 0 ? 'invocies@example.com' : 'invoices@example.com',
        subject: `Your invoice ${2600 + n}`,
      })),
    ),
    sendMail(
      port,
      'crm',
      many(16, (n) => ({ from: n % 2 === 0 ? 'sales@crm.example.com' : 'anna@customer.example', subject: `Offer ${n}` })),
    ),
    sendMail(
      port,
      'monitoring',
      many(40, (n) => ({ from: 'alerts@monitoring.example.com', subject: `Disk of db-${n % 3} is full` })),
    ),
    sendMail(
      port,
      'newsletter',
      many(12, (n) => ({
        from: 'news@newsletter.example.com',
        subject: `News ${n}`,
        content: noDate('news@newsletter.example.com'),
        to: `reader${n}@example.org`,
      })),
    ),
    sendMail(
      port,
      'printer',
      many(10, (n) => ({ from: 'scanner@printer.local', subject: `Scan ${n}`, to: 'office@example.net' })),
    ),
    sendMail(
      port,
      'shop',
      many(20, (n) => ({ from: n === 7 ? 'root@web-3.internal' : 'orders@shop.example.com', subject: `Order ${7100 + n}` })),
    ),
    sendMail(
      port,
      'helpdesk',
      many(9, (n) => ({ from: n < 6 ? `agent${n}@example.com` : 'help@helpdesk.example.com', subject: `Ticket ${n}` })),
    ),
  ])
}
