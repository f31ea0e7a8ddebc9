/** One message from one template: its fields, its structure and what is attached. */
import { calendarRequest, pdf, png } from './attachments.ts'
import { html, layouts } from './html.ts'
import { dateField, displayName, encodedWords, hasChildren, type Part, writePart } from './mime.ts'
import type { Random } from './random.ts'
import { inventSender, type Sender } from './sender.ts'
import { type Block, blocksOf, fill, type Kind, type Template } from './template.ts'
import { plainText } from './text.ts'
import { inventTime, inventValues } from './values.ts'
import type { Language } from './vocabulary.ts'

type Shape = 'text' | 'html' | 'alternative'
const textKinds: readonly Kind[] = ['alert', 'build']

export function inventMessage(random: Random, set: 'training' | 'measuring', language: Language, template: Template): Uint8Array {
  const sender = inventSender(random, language)
  const sent = inventTime(random)
  const values = inventValues(random, language, sender, sent)
  const subject = fill(template.subject, random, values)
  const blocks = blocksOf(template, random, values)
  const content = bodyPart(random, set, language, { sender, subject, blocks, kind: template.kind })
  const whole = withAttachments(random, template.kind, content, { sender, subject, sent, blocks })
  const head = fields(random, template, sender, subject, sent)
  return Buffer.from(writePart(whole, random, head), 'latin1')
}

function fields(random: Random, template: Template, sender: Sender, subject: string, sent: Date): string[] {
  const form = random.pick(['B', 'Q'] as const)
  const address = `${template.from}@${random.chance(0.4) ? random.pick(['mail.', 'notify.', 'e.', 'mailer.']) : ''}${sender.domain}`
  const id = random.pick([
    random.letters(32, '0123456789abcdef'),
    `${random.letters(8)}-${random.letters(4)}-4${random.letters(3)}`,
    `${random.letters(10, '0123456789')}.${random.letters(3, '0123456789')}.${sent.getTime()}`,
  ])
  const isBulk = template.kind === 'newsletter'
  const isAutomatic = textKinds.includes(template.kind) || random.chance(0.2)
  const optional: readonly (readonly [boolean, string])[] = [
    [random.chance(0.25), `Reply-To: ${random.pick(['support', 'help', 'service', template.from])}@${sender.domain}`],
    [
      isBulk,
      `List-Unsubscribe: <https://u.${sender.domain}/${random.letters(22)}>,\r\n <mailto:leave-${random.letters(12)}@${sender.domain}>`,
    ],
    [isBulk, 'List-Unsubscribe-Post: List-Unsubscribe=One-Click'],
    [isBulk && random.chance(0.5), `List-Id: <${template.from}.${sender.domain}>`],
    [isAutomatic, 'Auto-Submitted: auto-generated'],
    [
      random.chance(0.15),
      `X-Mailer: ${random.pick(['PHPMailer 6.9.1 (https://github.com/PHPMailer/PHPMailer)', 'nodemailer (6.9.14)', 'JavaMail', 'Symfony Mailer'])}`,
    ],
    [random.chance(0.1), `X-Entity-Ref-ID: ${random.letters(18)}`],
    [template.kind === 'alert' && random.chance(0.4), 'X-Priority: 1'],
  ]
  return [
    `From: ${displayName(sender.company, form)} <${address}>`,
    random.chance(0.5) ? `To: ${displayName(sender.customer, form)} <${sender.customerAddress}>` : `To: ${sender.customerAddress}`,
    `Subject: ${encodedWords(subject, form)}`,
    `Date: ${dateField(sent, random.pick([0, 0, 1, 2, 9, -5]))}`,
    `Message-ID: <${id}@${random.chance(0.6) ? sender.host : sender.domain}>`,
    ...optional.filter(([isThere]) => isThere).map(([, field]) => field),
    'MIME-Version: 1.0',
  ]
}

interface Content {
  readonly sender: Sender
  readonly subject: string
  readonly blocks: readonly Block[]
  readonly kind: Kind
}

function bodyPart(random: Random, set: 'training' | 'measuring', language: Language, content: Content): Part {
  const { sender, subject, blocks, kind } = content
  const shape: Shape =
    textKinds.includes(kind) && random.chance(0.7)
      ? 'text'
      : random.pick(['text', 'html', 'alternative', 'alternative', 'alternative'] as const)
  const isTracked = shape !== 'text' && random.chance(kind === 'newsletter' ? 1 : 0.4)
  const buttonLink = isTracked
    ? `https://${random.pick(['click', 'links', 't'])}.${sender.domain}/${random.pick(['ls/click?upn=', 'c/', 'r?'])}${random.letters(random.between(40, 160))}`
    : `https://www.${sender.domain}/${random.letters(20)}`
  const plain: Part = {
    type: 'text/plain',
    fields: [],
    body: plainText(blocks, buttonLink, set === 'training' ? 'bare' : 'rules'),
    encoding: random.pick(['quoted-printable', 'quoted-printable', 'base64', '8bit'] as const),
    charset: language !== 'ja' && random.chance(0.12) ? 'iso-8859-1' : 'utf-8',
  }
  if (shape === 'text') return { ...plain, body: latinOnly(plain) }
  const hasInline = random.chance(0.3)
  const cid = `logo.${random.letters(8)}@${sender.domain}`
  const remoteLogo = random.chance(0.5) ? `https://static.${sender.domain}/logo.png` : ''
  const page = {
    language,
    title: subject,
    company: sender.company,
    domain: sender.domain,
    logo: hasInline ? `cid:${cid}` : remoteLogo,
    buttonLink,
    pixel: isTracked ? `https://o.${sender.domain}/open/${random.letters(40)}.gif` : '',
  }
  const markup: Part = {
    type: 'text/html',
    fields: [],
    body: html(blocks, page, random.pick(layouts[set]), random),
    encoding: random.pick(['quoted-printable', 'quoted-printable', 'base64'] as const),
  }
  const related = hasInline ? withLogo(random, markup, cid) : markup
  return shape === 'html'
    ? related
    : { type: 'multipart/alternative', fields: [], body: [{ ...plain, body: latinOnly(plain) }, related] }
}

/** What ISO 8859-1 does not have is written as libraries do that convert: the nearest letters. */
function latinOnly(part: Part): string {
  const text = typeof part.body === 'string' ? part.body : ''
  if (part.charset !== 'iso-8859-1') return text
  const replaced = text
    .replaceAll('€', 'EUR')
    .replace(/[’‘]/g, "'")
    .replace(/[“”„]/g, '"')
    .replaceAll('•', '*')
    .replace(/[\u2009\u202f]/g, ' ')
  return replaced.replace(/[^\p{ASCII}\xa0-\xff]/gu, (letter) => letter.normalize('NFD').replace(/\P{ASCII}/gu, '') || '-')
}

function withLogo(random: Random, markup: Part, cid: string): Part {
  const logo: Part = {
    type: 'image/png; name=logo.png',
    fields: [`Content-ID: <${cid}>`, 'Content-Disposition: inline; filename=logo.png'],
    body: png(random.between(80, 160), random.between(24, 48), [
      random.between(0, 200),
      random.between(0, 200),
      random.between(0, 200),
    ]),
  }
  return { type: 'multipart/related', fields: [], body: [markup, logo] }
}

function withAttachments(
  random: Random,
  kind: Kind,
  content: Part,
  { sender, subject, sent, blocks }: Omit<Content, 'kind'> & { readonly sent: Date },
): Part {
  if (kind === 'invoice' || kind === 'statement') {
    const file = `${kind === 'invoice' ? random.pick(['invoice', 'document', 'RE']) : 'statement'}-${random.letters(7, '0123456789')}.pdf`
    const lines = [sender.company, subject, ...plainText(blocks, '', 'bare').split('\r\n')]
    const attached: Part = {
      type: `application/pdf; name="${file}"`,
      fields: [`Content-Disposition: attachment; filename="${file}"`],
      body: pdf(lines),
    }
    return { type: 'multipart/mixed', fields: [], body: [content, attached] }
  }
  if (kind !== 'invitation') return content
  const meeting = calendarRequest({
    id: `${random.letters(26)}@${sender.domain}`,
    title: subject,
    organizer: `calendar@${sender.domain}`,
    attendee: sender.customerAddress,
    made: sent,
    starts: new Date(sent.getTime() + random.between(1, 20) * 86_400_000),
    minutes: random.pick([30, 45, 60]),
  })
  const entry: Part = {
    type: 'text/calendar; method=REQUEST',
    fields: [],
    body: meeting,
    encoding: random.pick(['8bit', 'base64'] as const),
  }
  if (content.type === 'multipart/alternative' && hasChildren(content)) return { ...content, body: [...content.body, entry] }
  return { type: 'multipart/mixed', fields: [], body: [content, entry] }
}
