/** A partition in the hands of one member, whatever carries it: what it has delivered, and how far everything is settled. */
import type { BusRecord, TopicPartition } from '../port.ts'
import { Unsettled } from './unsettled.ts'

/** What a member is given of a partition: a record, or the bytes of a row of the log that is damaged. */
export type LaneEntry = { readonly record: BusRecord } | { readonly damaged: Uint8Array; readonly offset: number }

export abstract class Lane {
  readonly topic: string
  readonly partition: number
  /** Among those of its member. */
  readonly name: string
  readonly unsettled: Unsettled
  /** The watermark that is stored. */
  committedMark: number
  isPaused = false
  /** On its way to another member: nothing more is taken, whatever is resumed. */
  isLeaving = false
  /** With another member now: what is still settled or due here counts no more. */
  isGone = false
  /** Delivered records that are left to whoever has the partition next: their handler failed while it was leaving. */
  readonly #givenUp = new Set<number>()
  readonly #givenUpKeys = new Set<string>()

  constructor({ topic, partition }: TopicPartition, mark: number) {
    this.topic = topic
    this.partition = partition
    this.name = laneName({ topic, partition })
    this.committedMark = mark
    this.unsettled = new Unsettled(mark)
  }

  /** The next entry, or undefined where there is none now. */
  abstract take(): LaneEntry | undefined

  /** Delivered, not settled, and still expected to be. */
  get inFlight(): number {
    return this.unsettled.count - this.#givenUp.size
  }

  /** The record comes again later, and so does what follows it under its key: nothing of the key may run here before. */
  giveUp(offset: number, key: string | undefined): void {
    this.#givenUp.add(offset)
    if (key !== undefined) this.#givenUpKeys.add(key)
  }

  isGivenUp(key: string): boolean {
    return this.#givenUpKeys.has(key)
  }

  /** A record that was given up was settled after all. */
  settled(offset: number): void {
    this.#givenUp.delete(offset)
  }
}

export const laneName = ({ topic, partition }: TopicPartition): string => `${topic}\0${partition}`

export const partitionsOf = (lanes: readonly Lane[]): readonly TopicPartition[] =>
  lanes.map(({ topic, partition }) => ({ topic, partition }))
