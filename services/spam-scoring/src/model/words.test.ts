import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FeatureBag, featureKind, maxFeatures } from './feature-bag.ts'
import { addWords, maxSubjectChars, maxTextChars } from './words.ts'

function wordsOf(text: string, kind: 0 | 1 = featureKind.word) {
  const bag = new FeatureBag()
  const seen = addWords(bag, text, kind)
  const words = Array.from({ length: bag.size }, (_, at) => text.slice(bag.starts[at], bag.ends[at]))
  return { bag, seen, words, hashes: new Set(bag.hashes.subarray(0, bag.size)) }
}

const sameFeatures = (left: string, right: string): boolean => {
  const [one, two] = [wordsOf(left).hashes, wordsOf(right).hashes]
  return one.size === two.size && [...one].every((hash) => two.has(hash))
}

test('words and what is no word', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['click here', ['click', 'here']],
    ['click, here... click!', ['click', 'here']],
    ["don't stop", ["don't", 'stop']],
    ['größe straße', ['größe', 'straße', 'straße']],
    ['請求', ['請', '求']],
    ['', []],
    [' \n\t ', []],
    ['!!! --- ???', []],
  ]
  for (const [text, expected] of cases) assert.deepEqual(wordsOf(text).words, expected, text)
})

test('a long word is there twice: as it is and by its first letters', () => {
  assert.deepEqual(wordsOf('unsubscribe').words, ['unsubscribe', 'unsubscribe'])
  const [one, two] = [wordsOf('guaranteed').hashes, wordsOf('guarantee').hashes]
  assert.equal([...one].filter((hash) => two.has(hash)).length, 1)
})

test('a subject has pairs of words, and its words are not those of a body', () => {
  const { words, hashes } = wordsOf('act now please', featureKind.subjectWord)
  assert.deepEqual(words, ['act', 'now', 'act now', 'please', 'now please'])
  assert.ok([...wordsOf('act now please').hashes].every((hash) => !hashes.has(hash)))
})

test('it does not matter which number, address or URL it is', () => {
  assert.ok(sameFeatures('call 555', 'call 123'))
  assert.ok(!sameFeatures('call 555', 'call 55555'))
  assert.ok(sameFeatures('mail joe@example.com now', 'mail ann.lee@mail.example.org now'))
  assert.ok(sameFeatures('see http://a.example/x now', 'see https://other.example/y?z=1 now'))
  assert.ok(sameFeatures('see www.a.example now', 'see http://b.example now'))
  assert.ok(sameFeatures('buy v1agra', 'buy c1alis'))
})

test('invisible characters and apostrophes do not part a word', () => {
  assert.ok(sameFeatures('unsub\u200bscribe', 'unsubscribe'))
  assert.ok(sameFeatures('don’t', "don't"))
  assert.equal(wordsOf('unsub\u200bscribe via\u00adgra plain').seen.splitCount, 2)
})

test('URLs are found with the text around them', () => {
  const text = 'go to (http://a.example/x) or www.b.example, not a://b@c'
  const { seen } = wordsOf(text)
  const urls: string[] = []
  for (let at = 0; at < seen.urlRanges.length; at += 2) urls.push(text.slice(seen.urlRanges[at], seen.urlRanges[at + 1]))
  assert.deepEqual(urls, ['http://a.example/x)', 'www.b.example,', 'a://b@c'])
})

test('counts of what was seen', () => {
  const { seen } = wordsOf('one b2b two@example.com 3')
  assert.deepEqual(
    { words: seen.wordCount, mixed: seen.mixedCount, addresses: seen.addressCount },
    { words: 4, mixed: 1, addresses: 1 },
  )
})

test('a text is read up to its limit only, and a bag holds no more than its limit', () => {
  const filler = 'word '.repeat(maxTextChars / 5).padEnd(maxTextChars)
  assert.ok(sameFeatures(filler, `${filler}beyond it something else`))
  assert.equal(wordsOf(`${'s '.repeat(maxSubjectChars / 2)}late`, featureKind.subjectWord).words.includes('late'), false)
  const bag = new FeatureBag()
  for (let start = 0; start < 2 * maxFeatures; start++) bag.addWord(0, start * 2_654_435, 0, 1)
  assert.equal(bag.size, maxFeatures)
})

test('a cleared bag is as a new one', () => {
  const bag = new FeatureBag()
  addWords(bag, 'click here', featureKind.word)
  const first = bag.hashes.slice(0, bag.size)
  bag.clear()
  assert.equal(bag.size, 0)
  addWords(bag, 'click here', featureKind.word)
  assert.deepEqual(bag.hashes.slice(0, bag.size), first)
})
