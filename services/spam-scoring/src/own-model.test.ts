/** From the organization's own mail to the score: the training command's file is what a scoring thread reads and judges by. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { temporaryFolder, testPorts } from '@sallyport/testkit'
import { shippedModel } from './config.ts'
import { openScoringPool } from './pool/scoring-pool.ts'
import { trainCommand } from './train/command.ts'

const folder = temporaryFolder()
after(() => folder.remove())

const mail = (at: number, words: string): string =>
  `From: App <app@sender${at}.example>\r\nTo: a@example.net\r\nSubject: Note ${'abcdefghijklmnopqrstuvwxyz'[at % 26]}\r\nDate: Wed, 25 Nov 2026 09:00:00 +0000\r\nMessage-ID: <${at}@example.com>\r\n\r\n${words}\r\n`
const unwanted = 'harmless looking words about gardening tulips and compost'
const wanted = 'the quarterly figures of the plant are attached'

async function pointsBy(modelPath: string, words: string): Promise<number> {
  const pool = await openScoringPool({ workers: 1, modelPath }, testPorts())
  try {
    const content = Buffer.from(mail(99, words))
    const facts = { sender: 'a@example.com', recipients: ['b@example.net'], isBulk: false, isSmtpUtf8: false }
    const receivedAt = Date.UTC(2026, 10, 25, 9)
    const { points } = await pool.score({ content, contentBytes: content.byteLength, ...facts, receivedAt }, () => true, 'app')
    return points
  } finally {
    await pool.stop()
  }
}

test('a model that was trained on own mail, beginning with the one that ships, judges as that mail says', async () => {
  for (const [name, words] of [
    ['ham', wanted],
    ['spam', unwanted],
  ] as const) {
    mkdirSync(join(folder.path, name))
    for (let at = 0; at < 40; at++) writeFileSync(join(folder.path, name, `${at}.eml`), mail(at, words))
  }
  const own = join(folder.path, 'own.model')
  const args = ['--ham', join(folder.path, 'ham'), '--spam', join(folder.path, 'spam'), '--prior', shippedModel, '--out', own]
  assert.equal(
    trainCommand(args, () => {}),
    0,
  )
  const before = await pointsBy(shippedModel, unwanted)
  assert.ok(before < 3, `${before}`)
  assert.ok((await pointsBy(own, unwanted)) > before + 2)
  assert.ok((await pointsBy(own, wanted)) < 1)
})
