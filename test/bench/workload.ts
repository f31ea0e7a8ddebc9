/** Messages of 1, 10 and 100 KiB such as applications send: plain text, alternative text and HTML, and with an attachment. */
const words =
  'your order has been shipped and will arrive on the day that we agreed please find the invoice attached thank you for buying from us if you have any question write to our customer service we are glad to help the total amount is due within fourteen days'.split(
    ' ',
  )

export const sender = 'user4711@d11.example'
export const recipient = 'rcpt@dest.example'

/** The authorized domains and addresses that every system under test looks the sender up in. */
export const domains: readonly string[] = Array.from({ length: 100 }, (_, index) => `d${index}.example`)
export const addresses: readonly string[] = Array.from({ length: 10_000 }, (_, index) => `user${index}@d${index % 100}.example`)

let seed = 1
function random(below: number): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
  return seed % below
}

function prose(bytes: number): string {
  const lines: string[] = []
  let line = ''
  for (let total = 0; total < bytes; ) {
    const word = words[random(words.length)] ?? ''
    if (line.length + word.length + 1 > 72) {
      lines.push(line)
      total += line.length + 2
      line = word
    } else line = line ? `${line} ${word}` : word
  }
  return lines.join('\n')
}

const head = (subject: string, contentType: string): string =>
  [
    'Message-ID: <20261101.101500.4711@app1.d11.example>',
    'Date: Sun, 01 Nov 2026 10:15:00 +0100',
    `From: "Example Shop" <${sender}>`,
    `To: "A Customer" <${recipient}>`,
    `Subject: ${subject}`,
    'MIME-Version: 1.0',
    contentType,
    '',
    '',
  ].join('\n')

function html(bytes: number): string {
  let text = '<html><body><table width="600">\n'
  while (text.length < bytes)
    text += `<tr><td><p>${prose(400)}</p><a href="https://www.d11.example/order/${random(1e6)}">View order</a></td></tr>\n`
  return `${text}</table></body></html>\n`
}

const part = (boundary: string, type: string, body: string): string =>
  `--${boundary}\nContent-Type: ${type}; charset=utf-8\nContent-Transfer-Encoding: 7bit\n\n${body}\n`
const alternative = (bytes: number): string =>
  `${part('ALT', 'text/plain', prose(bytes / 4))}${part('ALT', 'text/html', html((bytes * 3) / 4 - 900))}--ALT--\n`

/** With LF line ends, as `smtp-source -F` takes them. */
export function messageOf(size: '1k' | '10k' | '100k'): string {
  switch (size) {
    case '1k':
      return `${head('Your order 4711 has shipped', 'Content-Type: text/plain; charset=utf-8')}${prose(600)}\n`
    case '10k':
      return `${head('Your invoice for October', 'Content-Type: multipart/alternative; boundary=ALT')}${alternative(10_300)}`
    case '100k': {
      const pdf = Buffer.from(Array.from({ length: 68_000 }, () => random(256)))
      const attachment = (pdf.toString('base64').match(/.{1,76}/g) ?? []).join('\n')
      return `${head('Your documents', 'Content-Type: multipart/mixed; boundary=MIX')}--MIX\nContent-Type: multipart/alternative; boundary=ALT\n\n${alternative(8_000)}\n--MIX\nContent-Type: application/pdf; name=invoice.pdf\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=invoice.pdf\n\n${attachment}\n--MIX--\n`
    }
  }
}
