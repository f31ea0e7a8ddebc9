import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutListFooter } from './list-footer.ts'
import { quotedPrintable, strip } from './strip.ts'

const id = 'ab'.repeat(32)
const stripped = (text: string) => Buffer.from(strip(Buffer.from(text, 'latin1'), id)).toString('latin1')
const headerOf = (text: string) => text.slice(0, text.indexOf('\r\n\r\n'))
const bodyOf = (text: string) => text.slice(text.indexOf('\r\n\r\n') + 4)

test('a message keeps what its author wrote, in one order, with constant addresses and times', () => {
  const message = stripped(
    'From a@b Thu Aug 29 16:42:46 2002\nReturn-Path: <a@b>\nReceived: from x\n\tby y\nSubject: Hello\nX-Spam-Status: Yes\nMIME-Version: 1.0\nFrom: Ann <ann@a.example>\nTo: someone@else\nDate: Thu, 29 Aug 2002 08:32:08 -0700\nX-Mailer: Old\nReply-To: bob@b.example\n\nHi\nthere\n',
  )
  assert.equal(
    message,
    'From: Ann <ann@a.example>\r\nTo: customer@recipient.example\r\nDate: Mon, 06 Jan 2025 10:00:00 +0000\r\nMessage-ID: <20250106100000.1@client.example>\r\nSubject: Hello\r\nReply-To: bob@b.example\r\nMIME-Version: 1.0\r\n\r\nHi\r\nthere\r\n',
  )
})

const traces = [
  'X-Spam-Flag: YES', 'X-Forefront-Verdict: SPM', 'Authentication-Results: x; dkim=pass', 'Received-SPF: pass', 'ARC-Seal: i=1', 'List-Id: <l.example>',
  'List-Unsubscribe: <mailto:x@l.example>', 'Precedence: bulk', 'X-MS-Exchange-Organization-SCL: 5', 'Delivered-To: zzzz@localhost',
  'DKIM-Signature: v=1', 'Sender: list-admin@l.example', 'Errors-To: list-admin@l.example', 'In-Reply-To: <1@l.example>', 'Cc: phishing@pot',
] // biome-ignore format: a table
for (const trace of traces) {
  test(`nothing is left of ${trace.slice(0, trace.indexOf(':'))}`, () => {
    assert.equal(stripped(`From: a@b.example\n${trace}\nSubject: s\n\nx\n`), stripped('From: a@b.example\nSubject: s\n\nx\n'))
  })
}

const subjects: readonly (readonly [string, string])[] = [
  ['[SPAM] Win', 'Win'],
  ['Re: [SAtalk] Habeas', 'Re: Habeas'],
  ['Re: Re: [ILUG] [OT] cats', 'Re: Re: cats'],
  ['Build [42] failed', 'Build [42] failed'],
  ['=?utf-8?Q?[x]?=', '=?utf-8?Q?[x]?='],
]
for (const [given, expected] of subjects) {
  test(`subject ${given}`, () =>
    assert.match(headerOf(stripped(`Subject: ${given}\n\nx`)), new RegExp(`Subject: ${RegExp.escape(expected)}(\r\n|$)`)))
}

test('a reply address that is the list goes, another stays', () => {
  const list = 'X-BeenThere: talk@l.example\n'
  assert.doesNotMatch(stripped(`From: a@b.c\n${list}Reply-To: Talk <talk@l.example>\n\nx`), /Reply-To/)
  assert.match(stripped(`From: a@b.c\n${list}Reply-To: me@b.c\n\nx`), /Reply-To: me@b\.c/)
})

test('an author behind the address of the list gets one of his own', () => {
  const header = headerOf(stripped('From: Rob K via talk <talk@l.example>\nList-Id: <talk.l.example>\n\nx'))
  assert.match(header, /^From: Rob K <[a-z]{7}@[a-z]{8}\.com>\r\n/)
})

test('removed addresses become addresses that no other message has, masks become the recipient', () => {
  const first = stripped('From:[removed]\n\t<[removed]>\n\nwrite to [removed], dear phishing@pot or zzzz@jmason.org\n')
  assert.match(headerOf(first), /^From: [a-z]{7}@[a-z]{8}\.com\r\nTo/)
  assert.match(
    bodyOf(first),
    /^write to [a-z]{7}@[a-z]{8}\.com, dear customer@recipient\.example or customer@recipient\.example\r\n$/,
  )
  const other = Buffer.from(strip(Buffer.from('From:[removed]\n\nx'), 'cd'.repeat(32))).toString()
  assert.notEqual(headerOf(first), headerOf(other))
  assert.match(stripped('Subject: s\n\nsrc=/fphishing@pot10/a'), /src=\/f10\/a/)
})

const footer =
  '_______________________________________________\nTalk mailing list\nTalk@l.example\nhttp://l.example/mailman/listinfo/talk\n'
const footers: readonly (readonly [string, string, string])[] = [
  ['mailman', `Text\n\n${footer}`, 'Text\r\n'],
  ['mailman, quoted', `Text\n> old\n${footer.replace(/^/gm, '> ')}`, 'Text\n> old\n>\r\n'],
  ['none', 'Text\n_____________________________\nSigned, Ann\n', 'Text\n_____________________________\nSigned, Ann\n'],
  ['with advertisement', `Text\n\n-------------------------------------------------------\nThis sf.net email is sponsored by: X\nBuy\n${footer}`, 'Text\r\n'],
  ['signature of a list', "Text\n-- \nUsers' Group: u@l.example\nhttp://l.example/mailman/listinfo/u for (un)subscription information.\nList maintainer: m@l.example\n", 'Text\r\n'],
  ['signature of an author', 'Text\n-- \nAnn\n', 'Text\n-- \nAnn\n'],
  ['bare link', 'Text\nhttp://xent.example/mailman/listinfo/fork\n', 'Text\r\n'],
  ['groups', 'A\n------------------------ Yahoo! Groups Sponsor ---------------------~-->\nAd\n---------------------------------------------------------------------~->\n\nB\n', 'A\n\nB\r\n'],
] // biome-ignore format: a table
for (const [name, given, expected] of footers) test(`list footer: ${name}`, () => assert.equal(withoutListFooter(given), expected))

test('a part that was only a footer goes, and with it the wrapping that the list made', () => {
  const message = stripped(
    `From: a@b.c\nContent-Type: multipart/mixed; boundary="==1"\n\n--==1\nContent-Type: text/html\n\n<p>Hi</p>\n--==1\nContent-Type: text/plain\n\n${footer}\n--==1--\n`,
  )
  assert.match(message, /\r\nContent-Type: text\/html\r\n\r\n<p>Hi<\/p>$/)
  assert.doesNotMatch(message, /==1/)
})

for (const [encoding, encode] of [
  ['base64', (text: string) => Buffer.from(text).toString('base64')],
  ['quoted-printable', (text: string) => quotedPrintable(text)],
] as const) {
  test(`a footer is found in ${encoding}, and the rest is encoded so again`, () => {
    const [kept, clean] = [`Gr\xc3\xbc\xc3\x9fe = ${'long '.repeat(30)}`, 'Text']
    const of = (text: string) =>
      bodyOf(stripped(`From: a@b.c\nContent-Type: text/plain\nContent-Transfer-Encoding: ${encoding}\n\n${encode(text)}\n`))
    const body = of(`${clean}\r\n${kept}\r\n\r\n${footer.replaceAll('\n', '\r\n')}`)
    assert.equal(body.replace(encoding === 'base64' ? /\r\n/g : '', ''), encode(`${clean}\r\n${kept.trimEnd()}\r\n`))
    for (const line of body.split('\r\n')) assert.ok(line.length <= 76, line)
  })
}

test('what has nothing of a list or a mask is written back byte for byte', () => {
  const body =
    '--b\r\nContent-Type: text/plain\r\n\r\nA\xff\r\n--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n'
  assert.equal(bodyOf(stripped(`From: a@b.c\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${body}`)), body)
})
