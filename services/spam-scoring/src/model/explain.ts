/** Why a message has its score: the features of the message itself, by what they add, put in words. */
import type { Reason } from '@sallyport/contracts'
import type { Topic } from './fact.ts'
import { type FeatureBag, featureKind } from './feature-bag.ts'
import { pointsPerNat } from './points.ts'
import type { SpamModel } from './spam-model.ts'
import { scaleOf, wordScale } from './weights.ts'

const maxReasons = 5
const maxNamed = 4
const maxQuotedChars = 40
/** Points under which a topic or a thing of it is not named. */
const leastPoints = 0.1

interface Said {
  readonly text: string
  points: number
}

const sayings: Readonly<Record<Topic, { readonly one: string; readonly fix: string }>> = {
  words: {
    one: 'These words are much more frequent in spam than in other mail',
    fix: 'Say it in other words, plainly and without urging; leave out what advertises.',
  },
  subject: {
    one: 'The subject is like those of spam',
    fix: 'Write a short subject that says what the message is about, without capitals, marks and prices.',
  },
  links: {
    one: 'The links are like those in spam',
    fix: 'Link to few places, all of your own domain, with texts that say where they lead.',
  },
  layout: {
    one: 'The HTML is built as in spam',
    fix: 'Use simple HTML: more text than images, nothing hidden, no scripts, forms or frames.',
  },
  header: {
    one: 'The header is like those of spam',
    fix: 'Send from a plain address with a plain name, and take replies at the same domain.',
  },
  style: { one: 'The text is written as in spam', fix: 'Use capitals, exclamation marks and prices sparingly.' },
  structure: {
    one: 'The message is built as in spam',
    fix: 'Send plain text and HTML saying the same, and link to files rather than attach them.',
  },
}

/** The strongest first, at most five: one for each topic that adds to the score, with what of it adds most. */
export function explain(model: SpamModel, bag: FeatureBag): readonly Reason[] {
  const topics = new Map<Topic, { points: number; things: Map<string, Said> }>()
  const { buckets, unit, bucketBits } = model.weights
  const words = wordScale(bag.wordCount)
  const pointsPerUnit = model.calibration.slope * pointsPerNat
  for (let at = 0; at < bag.size; at++) {
    const weight = buckets[(bag.hashes[at] ?? 0) >>> (32 - bucketBits)] ?? 0
    if (weight === 0) continue
    const points = weight * unit * scaleOf(bag.kinds[at] ?? 0, words) * pointsPerUnit
    const thing = thingAt(bag, at)
    const topic = topics.get(thing.topic) ?? { points: 0, things: new Map<string, Said>() }
    topics.set(thing.topic, topic)
    topic.points += points
    const said = topic.things.get(thing.key)
    if (said) said.points += points
    else topic.things.set(thing.key, { text: thing.text, points })
  }
  return [...topics]
    .filter(([, { points }]) => points >= leastPoints)
    .sort(([, left], [, right]) => right.points - left.points)
    .slice(0, maxReasons)
    .map(([topic, { points, things }]) => reasonOf(topic, points, [...things.values()]))
}

interface Thing {
  readonly topic: Topic
  /** What is told together. */
  readonly key: string
  readonly text: string
}

function thingAt(bag: FeatureBag, at: number): Thing {
  const kind = bag.kinds[at]
  if (kind === featureKind.fact) {
    const { fact, seen } = bag.facts[bag.origins[at] ?? 0] ?? { fact: undefined, seen: 0 }
    return { topic: fact?.topic ?? 'style', key: fact?.id ?? '', text: fact?.tell(seen) ?? '' }
  }
  if (kind === featureKind.token) {
    const token = bag.tokens[bag.origins[at] ?? 0]
    const text = token?.name.tell(token.text) ?? ''
    return { topic: token?.name.topic ?? 'structure', key: text, text }
  }
  const isSubject = kind === featureKind.subjectWord
  const text = (isSubject ? bag.subjectText : bag.bodyText).slice(bag.starts[at], bag.ends[at])
  const quoted = `“${shortened(text.replace(/\s+/g, ' '))}”`
  // Numbers, addresses and URLs stand for all of their kind: which it was says nothing.
  return { topic: isSubject ? 'subject' : 'words', key: quoted, text: /^[\p{L}\p{M}'’\s]+$/u.test(text) ? quoted : '' }
}

function reasonOf(topic: Topic, points: number, things: readonly Said[]): Reason {
  const named: string[] = []
  for (const { text, points: worth } of things.toSorted((left, right) => right.points - left.points)) {
    if (named.length >= maxNamed || worth <= 0) break
    if (text === '') continue
    // “click here” says “click” too.
    const bare = text.replace(/[“”]/g, '')
    if (named.some((other) => other.includes(bare))) continue
    named.push(text)
  }
  const list = named.length > 1 ? `${named.slice(0, -1).join(', ')} and ${named.at(-1)}` : (named[0] ?? '')
  return {
    rule: `spam.${topic}`,
    text: `${sayings[topic].one}: ${list}.`,
    fix: sayings[topic].fix,
    evidence: { seen: named, points: Math.round(100 * points) / 100 },
  }
}

const shortened = (text: string): string => (text.length <= maxQuotedChars ? text : `${text.slice(0, maxQuotedChars - 1)}…`)
