import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { toldReason } from '@sallyport/contracts/rules'
import { lintInput, readMime } from '@sallyport/mail'
import { shippedModel } from '../config.ts'
import { learn } from '../train/learn.ts'
import { trainModel } from '../train/train-model.ts'
import { FeatureBag, maxFeatures } from './feature-bag.ts'
import { extractFeatures, type ScoredMessage } from './features.ts'
import { readModel } from './model-file.ts'
import { maxModelPoints } from './points.ts'
import { scoreModel } from './score-model.ts'

const advertising = ['cheap', 'winner', 'guaranteed', 'offer', 'click', 'prize', 'credit']
const working = ['invoice', 'meeting', 'deploy', 'report', 'server', 'parcel', 'ticket']

/** Messages of a class made of its words, the same each time. */
function mailOf(words: readonly string[], at: number, extra = ''): Uint8Array {
  const text = Array.from({ length: 12 }, (_, place) => words[(at * 5 + place * 3) % words.length]).join(' ')
  return Buffer.from(`From: App <app@sender${at}.example>\r\nSubject: About ${words[at % words.length]}\r\n${extra}\r\n${text}\r\n`)
}

const examples = Array.from({ length: 60 }, (_, at) => [
  learn(mailOf(working, at), { isSpam: false, source: 'work' }),
  learn(mailOf(advertising, at), { isSpam: true, source: 'advertising' }),
]).flat()
const { model } = trainModel(examples, { date: '2026-01-31', note: 'Made for a test.' })

function read(content: Uint8Array | string): ScoredMessage {
  const mime = readMime(Buffer.from(content))
  return lintInput({ mime, sender: '', recipients: [], isBulk: false, isSmtpUtf8: false, receivedAt: 0 })
}

test('messages of senders not seen are told apart', () => {
  for (let at = 100; at < 120; at++) {
    const spam = scoreModel(model, read(mailOf(advertising, at)))
    const ham = scoreModel(model, read(mailOf(working, at)))
    assert.ok(spam.logOdds > 1 && spam.points > 1, `${at}: ${spam.logOdds}`)
    assert.ok(ham.logOdds < -1, `${at}: ${ham.logOdds}`)
    assert.equal(ham.points, 0)
    assert.deepEqual(ham.reasons, [])
  }
})

test('reasons: the strongest first, in words of the message itself', () => {
  const { reasons, points } = scoreModel(model, read(mailOf(advertising, 7)))
  const [first] = reasons
  assert.ok(first)
  assert.equal(first.rule, 'spam.words')
  const { text, fix } = toldReason(first)
  assert.match(text, /^These words are much more frequent in spam than in other mail: “\w+”, “\w+”, “\w+” and “\w+”\.$/)
  const seen = first.evidence?.seen
  assert.ok(Array.isArray(seen) && seen.every((word) => advertising.includes(word.slice(1, -1))), `${seen}`)
  assert.ok(fix !== undefined)
  assert.ok(reasons.length <= 5 && reasons.every(({ rule }) => /^spam\.[a-z]+$/.test(rule)))
  const worths = reasons.map(({ evidence }) => Number(evidence?.points))
  assert.deepEqual(
    worths,
    worths.toSorted((left, right) => right - left),
  )
  assert.ok(worths.every((worth) => worth >= 0.1))
  assert.ok(points <= maxModelPoints)
})

test('the capital of a first word is no reason in words', () => {
  const shipped = readModel(readFileSync(shippedModel))
  const seen = (subject: string, body: string): readonly unknown[] =>
    scoreModel(shipped, read(`From: App <app@b.example>\r\nSubject: ${subject}\r\n\r\n${body}\r\n`)).reasons.flatMap(
      ({ evidence }) => evidence?.seen ?? [],
    )
  const ordinary = seen('Hello', 'Please Click Here to verify the password of your account now. '.repeat(10))
  assert.ok(ordinary.includes('“hello”') && !ordinary.join().includes('capitals'), ordinary.join())
  const shouted = seen('FREE MONEY', 'FREE MONEY NOW. '.repeat(20)).join()
  assert.match(shouted, /\d\d % capitals in the subject/)
  assert.match(shouted, /100 % of the letters are capitals/)
})

test('the same message has the same score, whatever was scored before', () => {
  const before = scoreModel(model, read(mailOf(advertising, 7)))
  scoreModel(model, read(mailOf(working, 3)))
  scoreModel(model, read(`From: a@b.example\r\n\r\n${'unlike all '.repeat(5_000)}`))
  assert.deepEqual(scoreModel(model, read(mailOf(advertising, 7))), before)
})

test('what names people, machines and times changes nothing', () => {
  const plain = scoreModel(model, read(mailOf(advertising, 5))).logOdds
  const fields = [
    'To: somebody@recipient.example\r\n',
    'Date: Thu, 22 Aug 2002 12:36:23 +0100\r\n',
    'Received: from a (b [192.0.2.1]) by c; Thu, 22 Aug 2002 12:36:23 +0100\r\n',
    'Message-ID: <1@sender.example>\r\n',
    'X-Spam-Status: Yes, score=99\r\nX-Spam-Flag: YES\r\n',
    'Authentication-Results: mx.example; spf=fail\r\n',
    'List-Id: <list.example>\r\nPrecedence: bulk\r\n',
  ]
  for (const field of fields) assert.equal(scoreModel(model, read(mailOf(advertising, 5, field))).logOdds, plain, field)
})

test('hostile messages: a score, and bounded features', () => {
  const html = (body: string): string => `From: a@b.example\r\nContent-Type: text/html\r\n\r\n${body}`
  const cases: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['no header', '\r\n\r\n'],
    ['no text', 'From: a@b.example\r\n\r\n'],
    ['only an image', 'From: a@b.example\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n'],
    ['a word of a megabyte', `From: a@b.example\r\n\r\n${'a'.repeat(1_000_000)}`],
    [
      'a megabyte of different words',
      `From: a@b.example\r\n\r\n${Array.from({ length: 120_000 }, (_, at) => at.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '')).join(' ')}`,
    ],
    ['a megabyte of at signs', `From: ${'@'.repeat(60_000)}\r\nSubject: ${'@'.repeat(1_000)}\r\n\r\n${'@'.repeat(1_000_000)}`],
    ['many links', html('<a href="http://a.example/b?c=d">e</a>'.repeat(20_000))],
    ['a link of a megabyte', html(`<a href="http://${'a.'.repeat(500_000)}example">x</a>`)],
    [
      'hosts that are none',
      html('<a href="http://">x</a><a href="http:///">y</a><a href="http://[::1]:x/">z</a><a href="//@:@">w</a>'),
    ],
    ['rules', `From: a@b.example\r\n\r\n${'------\r\n'.repeat(100_000)}`],
    ['broken charset', 'From: a@b.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\xff\xfe\xfd \xc3\x28\r\n'],
    ['lone surrogates by entity', html('&#xd800;&#xdfff; &#x200b;&#x202e;')],
    ['subject of encoded words', `From: a@b.example\r\nSubject: ${'=?utf-8?B?4oSi?= '.repeat(500)}\r\n\r\nx\r\n`],
  ]
  const bag = new FeatureBag()
  for (const [name, content] of cases) {
    const { logOdds, points } = scoreModel(model, read(content))
    assert.ok(Number.isFinite(logOdds), name)
    assert.ok(points >= 0 && points <= maxModelPoints, name)
    extractFeatures(read(content), bag)
    assert.ok(bag.size <= maxFeatures, name)
  }
})
