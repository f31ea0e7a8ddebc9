/** The lint on the MIME suites: what their makers broke is found, what is right is left alone, and no file takes more than its share of time. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { lint, lintInput, lintTopics, readMime } from '@sallyport/mail'
import { skipWithoutSuites, suiteFiles, suiteFolder } from './suites.ts'

/** Files that are made to show one thing, by what they show. Of the rest of the message they are bare: no date, no id. */
const broken: readonly (readonly [file: string, ...rules: readonly string[]])[] = [
  ['cpython-email/msg_14.txt', 'content-type-malformed'],
  ['cpython-email/msg_15.txt', 'message-id-malformed'],
  ['flanker/mailformed-headers.eml', 'header-eight-bit'],
  ['flanker/spam/broken-ctype.eml', 'content-type-malformed'],
  ['james-project/mailbox/store/src/test/resources/eml/emailWithOnlyAttachment.eml', 'attachment-packed-program'],
  ['james-project/server/container/core/src/test/resources/JAMES-1593.eml', 'link-runs-script'],
  ['mime4j/core/src/test/resources/mimetools-testmsgs/re-fwd.msg', 'from-malformed'],
  ['mime4j/core/src/test/resources/testmsgs/very-long-boundary.msg', 'boundary-malformed'],
  ['nodemailer-mailparser/htmllargecallstack.eml', 'html-clipped', 'html-only'],
  ['nodemailer-mailparser/outofmemory.eml', 'html-unreadable', 'link-to-address'],
  ['perl-mime-tools/testmsgs/malformed-content-type-zip.msg', 'content-type-malformed', 'attachment-misnamed'],
  ['rspamd/exe_attm.eml', 'attachment-program'],
  ['rspamd/phishing1.eml', 'link-text-mismatch'],
  ['rspamd/rar-date-bad-ext.eml', 'attachment-misnamed'],
  ['rspamd/url1.eml', 'link-shortener'],
  ['rspamd/url9.eml', 'link-international'],
  ['rspamd/url_suspect_numeric_ip_user.eml', 'link-user-info', 'link-to-address'],
  ['rspamd/zip-doublebad.eml', 'attachment-packed-program'],
  ['ruby-mail/mime_emails/raw_email4.eml', 'multipart-not-closed'],
  // RFC 2822 appendix A.5 (white space and comments of old) and A.6.
  ['ruby-mail/rfc2822/example13.eml', 'from-obsolete', 'header-space-before-colon'],
  ['ruby-mail/rfc2822/example14.eml', 'header-blank-continuation'],
  ['spamassassin-t/dkim/test-pass-08.msg', 'mime-version-malformed'],
  ['spamassassin-t/spam/olevbmacro/encrypted.eml', 'attachment-encrypted'],
  ['spamassassin-t/spam/olevbmacro/macro.eml', 'attachment-macros'],
  ['spamassassin-t/spam/olevbmacro/renamedmacro.eml', 'attachment-macros', 'attachment-misnamed'],
  ['spamassassin-t/spam/olevbmacro/zippwmacro.eml', 'attachment-encrypted'],
  ['stalwart-mail-parser/eml/malformed/002.eml', 'boundary-missing', 'body-empty'],
  ['stalwart-mail-parser/eml/malformed/008.eml', 'multipart-not-closed', 'boundary-of-outer'],
  ['stalwart-mail-parser/eml/malformed/018.eml', 'quoted-printable-malformed'],
  ['stalwart-mail-parser/eml/malformed/020.eml', 'content-type-repeated', 'alternative-order'],
]

/** Right in every way but their age: the examples of RFC 2822 appendix A.1 to A.4 (some without Subject), and documents without macros. */
const right: readonly string[] = [
  ...Array.from({ length: 12 }, (_, at) => `ruby-mail/rfc2822/example${String(at + 1).padStart(2, '0')}.eml`),
  'spamassassin-t/spam/olevbmacro/goodcsv.eml',
  'spamassassin-t/spam/olevbmacro/nomacro.eml',
  'nodemailer-mailparser/delivery-status.eml',
  'ruby-mail/mime_emails/raw_email12.eml',
]
const ofAge = new Set(['date-in-past', 'subject-missing', 'from-unreachable-domain'])

const facts = {
  sender: 'a@example.com',
  recipients: ['b@example.net'],
  isBulk: false,
  isSmtpUtf8: false,
  receivedAt: Date.UTC(2026, 10, 25),
}
/** The rules that find something in a file, as a client would send it, and those of them that have points. */
function found(content: Buffer): { readonly all: readonly string[]; readonly costly: readonly string[] } {
  const findings = lint(lintInput({ ...facts, mime: readMime(content) })).map(({ rule }) => ({
    ...rule,
    id: rule.id.replace('spam.', ''),
  }))
  return { all: findings.map(({ id }) => id), costly: findings.filter(({ points }) => points > 0).map(({ id }) => id) }
}
const read = (file: string): Buffer =>
  Buffer.from(readFileSync(join(suiteFolder(), file), 'latin1').replace(/\r?\n/g, '\r\n'), 'latin1')

test('the lint finds what the suites have broken', { skip: skipWithoutSuites }, () => {
  for (const [file, ...rules] of broken) {
    const { all } = found(read(file))
    assert.deepEqual(
      rules.filter((rule) => !all.includes(rule)),
      [],
      `${file}: ${all.join(' ')}`,
    )
  }
})

test('the lint leaves alone what is right', { skip: skipWithoutSuites }, () => {
  for (const file of right) {
    assert.deepEqual(
      found(read(file)).costly.filter((id) => !ofAge.has(id)),
      [],
      file,
    )
  }
})

test('the lint on every file, whole and cut: it ends, and most rules on header and MIME meet something', {
  skip: skipWithoutSuites,
}, () => {
  const met = new Set<string>()
  let files = 0
  for (const file of suiteFiles('', '**/*')) {
    if (/\.(?:json|xml|out|ref|class|java)$/.test(file)) continue
    let content: Buffer
    try {
      content = read(file)
    } catch {
      // A folder.
      continue
    }
    files++
    for (const id of found(content).all) met.add(id)
    found(content.subarray(0, content.byteLength >> 1))
  }
  assert.ok(files > 1_000, String(files))
  const wanted = lintTopics.filter(({ title }) => /header|Date|Message-ID|MIME|Encodings|Lines|Who/.test(title))
  const rules = wanted.flatMap((topic) => topic.rules).map(({ id }) => id.replace('spam.', ''))
  const unmet = rules.filter((id) => !met.has(id))
  // What nobody put into a suite; each of them has a case beside its rule.
  assert.ok(unmet.length <= 10, unmet.join(' '))
})
