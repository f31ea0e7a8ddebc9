/** Ends holds whose time is over, each by the process that owns its id. */
import type { TopicPartition } from '@sallyport/bus'
import { partitionOf, topics } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'
import type { EndHold } from './end-hold.ts'
import type { HeldRows } from './held-rows.ts'

export interface HoldExpiryOptions {
  readonly ports: Pick<RolePorts, 'bus' | 'clock' | 'log'>
  readonly held: HeldRows
  readonly endHold: EndHold
  /** The partitions of `mail.commands` that are ours say which ids are. */
  readonly owned: () => readonly TopicPartition[]
  readonly sweepMs: number
}

export interface HoldExpiry {
  /** Waits for a sweep that runs. */
  stop(): Promise<void>
}

export function watchHoldExpiry(options: HoldExpiryOptions): HoldExpiry {
  const { ports, held } = options
  let running: Promise<void> | undefined
  let isStopped = false

  async function sweep(): Promise<void> {
    const expired = held.expired(ports.clock.now())
    if (expired.length === 0) return
    const topic = topics.commands.name
    const ours = new Set(options.owned().flatMap((at) => (at.topic === topic ? [at.partition] : [])))
    for (const id of expired) {
      const row = held.get(id)
      if (isStopped || !row || !ours.has(partitionOf(id, ports.bus.partitions(topic)))) continue
      try {
        await options.endHold(row, row.onExpiry, 'expiry', 'the time to decide is over')
      } catch (error) {
        ports.log.warn({ err: error, id }, 'an expired hold could not be ended yet')
      }
    }
  }

  const interval = setInterval(() => {
    running ??= sweep().finally(() => {
      running = undefined
    })
  }, options.sweepMs)
  interval.unref()
  return {
    async stop() {
      isStopped = true
      clearInterval(interval)
      await running
    },
  }
}
