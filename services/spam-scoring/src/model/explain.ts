/** Why a message has its score: the features of the message itself, by what they add. Who shows a reason puts it in words. */
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

/** What is told together, such as the levels of a fact or a word and its stem. */
interface Thing {
  /** A feature of it: whence it can be told. */
  readonly at: number
  points: number
}

interface TopicSum {
  points: number
  readonly things: Map<unknown, Thing>
}

/** The strongest first, at most five: one for each topic that adds to the score, with what of it adds most. */
export function explain(model: SpamModel, bag: FeatureBag): readonly Reason[] {
  const topics = new Map<Topic, TopicSum>()
  const { buckets, unit, bucketBits } = model.weights
  const words = wordScale(bag.wordCount)
  const pointsPerUnit = model.calibration.slope * pointsPerNat
  for (let at = 0; at < bag.size; at++) {
    const weight = buckets[(bag.hashes[at] ?? 0) >>> (32 - bucketBits)] ?? 0
    if (weight === 0) continue
    const points = weight * unit * scaleOf(bag.kinds[at] ?? 0, words) * pointsPerUnit
    const name = topicAt(bag, at)
    let topic = topics.get(name)
    if (!topic) {
      topic = { points: 0, things: new Map() }
      topics.set(name, topic)
    }
    topic.points += points
    const key = keyAt(bag, at)
    const thing = topic.things.get(key)
    if (thing) thing.points += points
    else topic.things.set(key, { at, points })
  }
  return [...topics]
    .filter(([, { points }]) => points >= leastPoints)
    .sort(([, left], [, right]) => right.points - left.points)
    .slice(0, maxReasons)
    .map(([topic, { points, things }]) => reasonOf(topic, points, strongestOf(things), bag))
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

function keyAt(bag: FeatureBag, at: number): unknown {
  const origin = bag.origins[at] ?? 0
  switch (bag.kinds[at]) {
    case featureKind.fact:
      return bag.facts[origin]?.fact
    case featureKind.token:
      return bag.tokens[origin]
    default:
      return (bag.starts[at] ?? 0) * 65_536 + (bag.ends[at] ?? 0)
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

const strongestOf = (things: ReadonlyMap<unknown, Thing>): readonly Thing[] =>
  [...things.values()].filter(({ points }) => points > 0).sort((left, right) => right.points - left.points)

function reasonOf(topic: Topic, points: number, things: readonly Thing[], bag: FeatureBag): Reason {
  const named: string[] = []
  for (const { at } of things) {
    if (named.length >= maxNamed) break
    const text = tellAt(bag, at)
    // “click here” says “click” too.
    const bare = text.replace(/[“”]/g, '')
    if (text !== '' && !named.some((other) => other.includes(bare))) named.push(text)
  }
  return { rule: `spam.${topic}`, evidence: { seen: named, points: Math.round(100 * points) / 100 } }
}

const shortened = (text: string): string => (text.length <= maxQuotedChars ? text : `${text.slice(0, maxQuotedChars - 1)}…`)
