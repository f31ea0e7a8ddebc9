/** Why a message has its score: the features of the message itself, by what they add. Who shows a reason puts it in words. */
import type { Reason } from '@sallyport/contracts'
import type { Topic } from './fact.ts'
import { type FeatureBag, featureKind, maxFeatures } from './feature-bag.ts'
import { pointsPerNat } from './points.ts'
import type { SpamModel } from './spam-model.ts'
import { scaleOf, wordScale } from './weights.ts'

const maxReasons = 5
const maxNamed = 4
/** Of a topic; that so many in a row cannot be told is made to be so. */
const maxLooked = 64
const maxQuotedChars = 40
/** Points under which a topic or a thing of it is not named. */
const leastPoints = 0.1

/**
 * What is told together, such as the levels of a fact or a word and its stem, is a thing, and the first of its features stands for it.
 * By that feature: the thing's points, and the next thing of the same topic, −1 for the last. One message at a time is explained.
 */
const pointsOfThing = new Float64Array(maxFeatures)
const nextThing = new Int32Array(maxFeatures)

interface TopicSum {
  readonly name: Topic
  points: number
  /** Its things are a list from the one to the other; −1 where there is none. */
  first: number
  last: number
  /** Of what can be told of several features that do not follow each other: its thing. */
  readonly known: Map<unknown, number>
}

/** The strongest first, at most five: one for each topic that adds to the score, with what of it adds most. */
export function explain(model: SpamModel, bag: FeatureBag): readonly Reason[] {
  const topics = new Map<Topic, TopicSum>()
  let topic: TopicSum | undefined
  const { buckets, unit, bucketBits } = model.weights
  const words = wordScale(bag.wordCount)
  const pointsPerUnit = model.calibration.slope * pointsPerNat
  for (let at = 0; at < bag.size; at++) {
    const weight = buckets[(bag.hashes[at] ?? 0) >>> (32 - bucketBits)] ?? 0
    if (weight === 0) continue
    const points = weight * unit * scaleOf(bag.kinds[at] ?? 0, words) * pointsPerUnit
    const name = topicAt(bag, at)
    // Words follow words.
    if (topic?.name !== name) {
      topic = topics.get(name) ?? { name, points: 0, first: -1, last: -1, known: new Map() }
      topics.set(name, topic)
    }
    topic.points += points
    addThing(topic, bag, at, points)
  }
  return [...topics.values()]
    .filter(({ points }) => points >= leastPoints)
    .sort((left, right) => right.points - left.points)
    .slice(0, maxReasons)
    .map((each) => reasonOf(each, bag))
}

/** A word and its stem follow each other in the bag, and nothing else has their range: words need no look-up. */
function addThing(topic: TopicSum, bag: FeatureBag, at: number, points: number): void {
  const kind = bag.kinds[at] ?? 0
  let thing: number | undefined
  if (kind === featureKind.word || kind === featureKind.subjectWord) {
    const before = topic.last
    if (before >= 0 && bag.kinds[before] === kind && bag.starts[before] === bag.starts[at] && bag.ends[before] === bag.ends[at])
      thing = before
  } else {
    const origin = bag.origins[at] ?? 0
    const key = kind === featureKind.fact ? bag.facts[origin]?.fact : bag.tokens[origin]
    thing = topic.known.get(key)
    if (thing === undefined) topic.known.set(key, at)
  }
  if (thing !== undefined) {
    pointsOfThing[thing] = (pointsOfThing[thing] ?? 0) + points
    return
  }
  pointsOfThing[at] = points
  nextThing[at] = -1
  if (topic.last === -1) topic.first = at
  else nextThing[topic.last] = at
  topic.last = at
}

function topicAt(bag: FeatureBag, at: number): Topic {
  const origin = bag.origins[at] ?? 0
  switch (bag.kinds[at]) {
    case featureKind.fact:
      return bag.facts[origin]?.fact.topic ?? 'style'
    case featureKind.token:
      return bag.tokens[origin]?.name.topic ?? 'structure'
    case featureKind.subjectWord:
      return 'subject'
    default:
      return 'words'
  }
}

/** In words; empty where there is nothing to tell. */
function tellAt(bag: FeatureBag, at: number): string {
  const origin = bag.origins[at] ?? 0
  if (bag.kinds[at] === featureKind.fact) return bag.facts[origin]?.fact.tell(bag.facts[origin].seen) ?? ''
  if (bag.kinds[at] === featureKind.token) return bag.tokens[origin]?.name.tell(bag.tokens[origin].text) ?? ''
  const source = bag.kinds[at] === featureKind.subjectWord ? bag.subjectText : bag.bodyText
  const text = source.slice(bag.starts[at], bag.ends[at])
  // Numbers, addresses and URLs stand for all of their kind: which it was says nothing.
  return /^[\p{L}\p{M}'’\s]+$/u.test(text) ? `“${shortened(text.replace(/\s+/g, ' '))}”` : ''
}

function reasonOf({ name, points, first }: TopicSum, bag: FeatureBag): Reason {
  const named: string[] = []
  for (let looked = 0; named.length < maxNamed && looked < maxLooked; looked++) {
    const strongest = strongestThing(first)
    if (strongest === -1) break
    pointsOfThing[strongest] = 0
    const text = tellAt(bag, strongest)
    // “click here” says “click” too.
    const bare = text.replace(/[“”]/g, '')
    if (text !== '' && !named.some((other) => other.includes(bare))) named.push(text)
  }
  return { rule: `spam.${name}`, evidence: { seen: named, points: Math.round(100 * points) / 100 } }
}

/** Of the things from this one on; −1 where none has more than 0 points. */
function strongestThing(first: number): number {
  let strongest = -1
  let greatest = 0
  for (let thing = first; thing !== -1; thing = nextThing[thing] ?? -1) {
    const points = pointsOfThing[thing] ?? 0
    if (points > greatest) {
      greatest = points
      strongest = thing
    }
  }
  return strongest
}

const shortened = (text: string): string => (text.length <= maxQuotedChars ? text : `${text.slice(0, maxQuotedChars - 1)}…`)
