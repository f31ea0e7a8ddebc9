/** From the bytes of a message to an example: what the scorer would see of it, and nothing else. */
import { lintInput, readMime } from '@sallyport/mail'
import { FeatureBag } from '../model/feature-bag.ts'
import { extractFeatures } from '../model/features.ts'
import { type TrainingExample, trainingExample } from './training-example.ts'

const bag = new FeatureBag()

export interface Labelled {
  readonly isSpam: boolean
  readonly source: string
  /** Default 1. */
  readonly weight?: number
  /** Default: the domain of From. */
  readonly group?: string
}

/** Line ends may be CRLF or LF. `content` is not kept. */
export function learn(content: Uint8Array, label: Labelled): TrainingExample {
  const mime = readMime(content)
  const envelope = { sender: '', recipients: [], isBulk: false, isSmtpUtf8: false, receivedAt: 0 }
  const { senderDomain } = extractFeatures(lintInput({ mime, ...envelope }), bag)
  return trainingExample(bag, { weight: 1, group: senderDomain, ...label })
}

/**
 * A group for mail of one organization, whose sender domains are too few to tell anything: the sender's address and the letters of the
 * subject, so that what one template made is one group.
 */
export function mailingOf(content: Uint8Array): string {
  const mime = readMime(content)
  const value = (name: string): string => mime.root.header.fields.find((field) => field.lowerName === name)?.value ?? ''
  const subject = value('subject')
    .toLowerCase()
    .replace(/[^\p{L}]+/gu, ' ')
  return `${value('from').toLowerCase()} ${subject.slice(0, 60)}`
}
