/** The intake of events, which begins when the records are there: until then the bus keeps them. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { LateRecords } from '@sallyport/records'
import { type EventIntake, startEventIntake } from './event-intake.ts'

type IntakePorts = Omit<Parameters<typeof startEventIntake>[0], 'records'> & {
  readonly records: Pick<LateRecords, 'generation' | 'system' | 'reached' | 'append'>
}

const againMs = 2_000

/** Resolves at once with what ends it; where the records are there already, when it has begun. */
export async function startIntakeWhenReached(
  ports: IntakePorts,
  settings: Parameters<typeof startEventIntake>[1],
): Promise<EventIntake> {
  const { generation, system, reached, append } = ports.records
  if (generation !== undefined) return startEventIntake({ ...ports, records: { generation, system, append } }, settings)
  const stopping = new AbortController()
  const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()))
  const begun = begin()

  async function begin(): Promise<EventIntake | undefined> {
    await Promise.race([reached, stopped])
    while (!stopping.signal.aborted) {
      const { generation } = ports.records
      try {
        if (generation !== undefined) return await startEventIntake({ ...ports, records: { generation, system, append } }, settings)
      } catch (err) {
        ports.log.error({ err }, 'events cannot be read yet: traces are late, mail is not')
      }
      await sleep(againMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
    return undefined
  }

  return {
    async stop() {
      stopping.abort()
      await (await begun)?.stop()
    },
  }
}
