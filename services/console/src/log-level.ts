/** How much is logged for a while: the row that every process follows. */
import type { Bus } from '@sallyport/bus'
import { type LogLevelRow, type LogLevelState, logLevelKey, policyTopicCodec, topics } from '@sallyport/contracts'
import { type Clock, decodeLogLevelRow, type RolePorts } from '@sallyport/runtime'

export type LogLevelChange = Pick<LogLevelRow, 'level' | 'roles' | 'until' | 'by'>

export interface LogLevelBook {
  current(): LogLevelState
  /** Durable when it resolves. One whose time is over already ends what holds. */
  change(change: LogLevelChange): Promise<void>
  stop(): Promise<void>
}

/** Resolves when the row that stands is known. */
export async function openLogLevelBook(ports: {
  readonly bus: Bus
  readonly clock: Clock
  readonly log: RolePorts['log']
}): Promise<LogLevelBook> {
  const { bus, clock, log } = ports
  let row: LogLevelRow | null = null
  const table = await bus.table({
    topic: topics.policy.name,
    onRow(key, value) {
      try {
        const told = decodeLogLevelRow(key, value)
        if (told !== undefined) row = told
      } catch (err) {
        log.error({ err, key }, 'what is to be logged cannot be read')
      }
    },
  })
  await table.loaded
  return {
    current() {
      if (row === null || row.until <= clock.now()) return { change: null }
      const { level, roles, until, by, at } = row
      return { change: { level, roles, until, by, at } }
    },
    async change(change) {
      const at = clock.now()
      const next: LogLevelRow = { v: 1, kind: 'log-level', ...change, at }
      const value = change.until <= at ? null : policyTopicCodec.encode(next)
      await bus.publish({ topic: topics.policy.name, key: logLevelKey, value }, { durable: true })
      row = value === null ? null : next
    },
    stop: () => table.stop(),
  }
}
