import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { lintInput, readMime } from '@sallyport/mail'
import { readModel } from '../model/model-file.ts'
import { scoreModel } from '../model/score-model.ts'
import { trainCommand } from './command.ts'

let folder = ''
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'train-'))
  mkdirSync(join(folder, 'ham'))
  const mail = (at: number, words: string): string =>
    `From: App <app@a.example>\nSubject: ${words.split(' ')[at % 3]} ${'abcdefghij'[at % 10]}${'klmnopqrst'[Math.floor(at / 10)]}\n\n${words}\n`
  for (let at = 0; at < 30; at++) writeFileSync(join(folder, 'ham', `${at}.eml`), mail(at, 'invoice parcel meeting report'))
  const spam = Array.from({ length: 30 }, (_, at) => `From x Thu Jan  1\n${mail(at, 'winner prize cheap guaranteed')}`)
  writeFileSync(join(folder, 'spam.mbox'), spam.join('\n'))
})
after(() => rmSync(folder, { recursive: true }))

function train(...args: readonly string[]) {
  let said = ''
  const status = trainCommand(
    args.map((arg) => arg.replace(/^@/, `${folder}/`)),
    (text) => {
      said += text
    },
  )
  return { status, said }
}

function logOdds(model: string, text: string): number {
  const mime = readMime(Buffer.from(`From: App <app@b.example>\r\nSubject: Hello\r\n\r\n${text}\r\n`))
  const message = lintInput({ mime, sender: '', recipients: [], isBulk: false, isSmtpUtf8: false, receivedAt: 0 })
  return scoreModel(readModel(readFileSync(join(folder, model))), message).logOdds
}

test('a folder of ham and an mbox of spam become a model and its report, the same twice', () => {
  const args = ['--ham', '@ham', '--spam', '@spam.mbox', '--date', '2026-01-31', '--note', 'Own mail.']
  assert.deepEqual(train(...args, '--out', '@own.model').status, 0)
  assert.deepEqual(train(...args, '--out', '@again.model').status, 0)
  assert.deepEqual(readFileSync(join(folder, 'own.model')), readFileSync(join(folder, 'again.model')))
  assert.ok(logOdds('own.model', 'a prize for the winner') > 1)
  assert.ok(logOdds('own.model', 'the report of the meeting') < -1)
  assert.match(readFileSync(join(folder, 'own.model.report.md'), 'utf8'), /Own mail\.[\s\S]*\/ham \| 30 \| 0 \|/)
  assert.equal(train(...args, '--prior', '@own.model', '--out', '@third.model').status, 0)
  assert.ok(logOdds('third.model', 'a prize for the winner') > 1)
})

test('what is wrong is said', () => {
  const answers: readonly (readonly [readonly string[], number, RegExp])[] = [
    [[], 2, /--ham PATH/],
    [['--help'], 0, /--prior FILE/],
    [['--ham', '@ham', '--spam', '@ham/1.eml', '--out', '@x'], 1, /At least 20 of each/],
  ]
  for (const [args, status, words] of answers) {
    const result = train(...args)
    assert.equal(result.status, status, args.join(' '))
    assert.match(result.said, words)
  }
  const failures: readonly (readonly [readonly string[], RegExp])[] = [
    [['--ham', '@ham', '--spam', '@absent', '--out', '@x'], /absent/],
    [['--ham', '@ham', '--spam', '@spam.mbox', '--out', '@x', '--prior', '@ham/1.eml'], /no model file/],
    [['--unknown'], /unknown/],
  ]
  for (const [args, words] of failures) assert.throws(() => train(...args), words)
})
