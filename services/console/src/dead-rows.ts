/**
 * Rows of tables that cannot be parsed go to `mail.dead`. A table has no group, and every process reads all of it: the console alone
 * buries what it finds, once in its life for each row, so that the letters do not multiply with the processes.
 */
import { type Bus, deadLetter, type Table } from '@sallyport/bus'
import { groups, tableCodecs } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'

const firstWaitMs = 1_000
const longestWaitMs = 60_000

/** Resolves when the tables are followed. What cannot be buried now is tried again. */
export async function buryDeadRows({ bus, clock, log }: Pick<RolePorts, 'bus' | 'clock' | 'log'>): Promise<() => Promise<void>> {
  const stopping = new AbortController()

  function bury(letter: Parameters<Bus['publish']>[0], waitMs = firstWaitMs): void {
    bus.publish(letter, { durable: true }).catch((err: unknown) => {
      log.warn({ err, waitMs }, 'a row that cannot be read is not in mail.dead yet')
      const timer = setTimeout(() => bury(letter, Math.min(longestWaitMs, 2 * waitMs)), waitMs)
      stopping.signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
    })
  }

  const followed: Table[] = await Promise.all(
    Array.from(tableCodecs(), ([topic, codec]) =>
      bus.table({
        topic,
        onRow(key, value, position) {
          if (value === null) return
          try {
            codec.decode(value)
          } catch (error) {
            const reason = error instanceof Error ? error.message : String(error)
            const now = clock.now()
            bury(deadLetter({ topic, key, value, headers: {}, publishedAt: now, ...position }, groups.console, reason, now))
          }
        },
      }),
    ),
  )
  return async () => {
    stopping.abort()
    await Promise.all(followed.map((table) => table.stop()))
  }
}
