/** However large an envelope, its content and its verdict may be together: every record that carries them fits the bus. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  annotationCodec,
  type Decided,
  decidedCodec,
  eventCodec,
  type Held,
  heldCodec,
  type Job,
  jobCodec,
  receivedCodec,
} from '@sallyport/contracts'
import { application, contribution, type Play, play, verdict } from '../ingress.cases.ts'

const kib = 1_024
const maxRecordBytes = 256 * kib
/** What `decide` makes of a check that has much to say. */
const talkative = (check: string) =>
  contribution(check, { rules: Array.from({ length: 20 }, (_, at) => `${check}.${at}`.padEnd(100, 'x')), text: '"'.repeat(500) })
const longVerdict = verdict('hold', { contributions: Array.from({ length: 8 }, (_, at) => talkative(`check-${at}`)) })
/** Three bytes and one unit a character, as in the reply of a next hop. */
const longReply = `451 ${'…'.repeat(500)}`

const addresses: Readonly<Record<string, (at: number) => string>> = {
  short: (at) => `<${at}@b.c>`,
  'SMTPUTF8 and ORCPT': (at) => `<${'ü'.repeat(28)}${at}@${'例え.'.repeat(9)}jp> ORCPT=utf-8;${'\\x{FC}'.repeat(40)}${at}@b.c`,
  quoted: (at) => `<"${'\\"'.repeat(25)}${at}"@b.c> NOTIFY=SUCCESS,FAILURE,DELAY`,
}
const contents: Readonly<Record<string, string>> = {
  'inline at its most': `From: a@example.com\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat((190 * kib) / 78 - 20)}`,
  'of a long subject': `From: a@example.com\r\nSubject: ${`${'\\'.repeat(70)}\r\n `.repeat(800)}\r\n\r\n`,
  'stored with the longest header': `From: a@example.com\r\n${`X-Long: ${'y'.repeat(68)}\r\n`.repeat(820)}\r\n${'x\r\n'.repeat(100 * kib)}`,
}

async function accepted(p: Play, address: (at: number) => string, content: string): Promise<Decided> {
  const client = await p.ready()
  await client.say(`MAIL FROM:<a@example.com> SMTPUTF8 BODY=8BITMIME ENVID=${'+22'.repeat(33)}`)
  for (let at = 0, isFull = false; !isFull; at += 100) {
    const replies = await client.sayAll(Array.from({ length: 100 }, (_, of) => `RCPT TO:${address(at + of)}`))
    isFull = replies.some(({ code }) => code !== 250)
    for (const { code, text } of replies) assert.ok(code === 250 || (isFull && code === 452), `${code} ${text}`)
  }
  assert.equal((await client.data(content)).code, 250)
  return (p.decided().at(-1) ?? assert.fail()).record
}

for (const [what, address] of Object.entries(addresses)) {
  for (const [how, content] of Object.entries(contents)) {
    test(`as many ${what} recipients as are taken, content ${how}`, async () => {
      const p = await play({
        applications: [application({ maxRecipients: 100_000 })],
        settings: { maxInlineBytes: 190 * kib, maxErrors: 1_000 },
        verdict: () => longVerdict,
      })
      try {
        const decided = await accepted(p, address, content)
        const { message, content: ref, verifiedSender, acceptedAt, verdict: given } = decided
        const bytes = p.decided().at(-1)?.bytes ?? new Uint8Array()
        const header = bytes.subarray(0, ref.headerBytes)
        const remaining = message.recipients.map(({ index }) => index)
        const stored = { kind: 'stored' as const, key: 'k'.repeat(60), sha256: 'f'.repeat(64), contentBytes: 1e6, headerBytes: 1e4 }
        const job: Job = {
          v: 1,
          kind: 'job',
          message,
          content: ref,
          verifiedSender,
          class: 'normal',
          destination: 'default',
          remaining,
          attempt: 40,
          acceptedAt,
          expiresAt: acceptedAt,
          dueAt: acceptedAt,
          lastReply: longReply,
          delayNotified: true,
        }
        const held: Held = {
          v: 1,
          kind: 'held',
          message,
          content: stored,
          cause: 'late-reject',
          explanation: 'x'.repeat(1_000),
          verdict: given,
          verifiedSender,
          remaining,
          heldAt: acceptedAt,
          expiresAt: acceptedAt,
          onExpiry: 'drop',
        }
        const [asked] = p.received()
        assert.ok(asked)
        const undecided = {
          v: 1,
          kind: 'undecided' as const,
          id: message.id,
          message,
          content: stored,
          checks: asked.record.checks,
        }
        const records = {
          received: receivedCodec.encode(asked.record, asked.bytes),
          decided: decidedCodec.encode(decided, bytes),
          job: jobCodec.encode(job, bytes),
          held: heldCodec.encode(held, header),
          undecided: annotationCodec.encode({ ...undecided, acceptedAt, hmac: 'f'.repeat(64) }, header),
        }
        for (const [name, { byteLength }] of Object.entries(records))
          assert.ok(byteLength <= maxRecordBytes, `${name}: ${byteLength}`)
        const [settled] = p.ports.events.of('settled')
        assert.ok(settled && eventCodec.encode(settled).byteLength <= maxRecordBytes)
        assert.ok(
          Math.max(...Object.values(records).map(({ byteLength }) => byteLength)) > 180 * kib,
          'the case is not the largest',
        )
      } finally {
        await p.stop()
      }
    })
  }
}
