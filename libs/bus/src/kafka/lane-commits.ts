/** Commits the watermarks of the lanes that a member has, now and then: what is not committed comes again, and nothing else. */
import type { Lane } from '../consuming/lane.ts'
import type { ClientMember, PartitionOffset } from './client-port.ts'

const everyMs = 500

export interface LaneCommitsOptions {
  /** Those that this member has now. */
  readonly lanes: () => Iterable<Lane>
  readonly session: () => Pick<ClientMember, 'commit'> | undefined
  readonly onFailed: (error: unknown) => void
}

export class LaneCommits {
  readonly #options: LaneCommitsOptions
  #timer: NodeJS.Timeout | undefined
  #committing: Promise<void> | undefined
  #isStopped = false

  constructor(options: LaneCommitsOptions) {
    this.#options = options
  }

  /** A watermark may have moved. */
  soon(): void {
    if (this.#isStopped) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.now()
    }, everyMs)
  }

  /** Never fails: what could not be committed is tried again soon. */
  async now(): Promise<void> {
    while (this.#committing) await this.#committing
    const offsets = this.#moved()
    const session = this.#options.session()
    if (offsets.length > 0 && session) {
      this.#committing = session.commit(offsets).catch(this.#options.onFailed)
      await this.#committing
      this.#committing = undefined
    }
    if (this.#moved().length > 0) this.soon()
  }

  /** The broker has them. */
  committed(offsets: readonly PartitionOffset[]): void {
    for (const lane of this.#options.lanes()) {
      const at = offsets.find(({ topic, partition }) => topic === lane.topic && partition === lane.partition)
      if (at) lane.committedMark = Math.max(lane.committedMark, at.offset)
    }
  }

  /** Nothing more is begun. */
  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }

  #moved(): PartitionOffset[] {
    return Array.from(this.#options.lanes())
      .filter(({ unsettled, committedMark }) => unsettled.watermark > committedMark)
      .map(({ topic, partition, unsettled }) => ({ topic, partition, offset: unsettled.watermark }))
  }
}
