/** Work that goes on after its record's handler returned: repeated until done, and counted, so that a stop can wait for it. */
import type { RolePorts } from '@sallyport/runtime'
import { type Persisted, type PersistOptions, persist } from './persist.ts'

export interface Task extends Partial<Pick<PersistOptions, 'atAnyPrice' | 'isWanted'>> {
  /** For the log: `could not <what>`. */
  readonly what: string
  readonly id: string
}

export interface Pending {
  persist(task: Task, action: () => Promise<unknown>): Promise<Persisted>
  /** Nothing is repeated any more; resolves when nothing runs. */
  stop(): Promise<void>
}

const always = (): boolean => true

export function pendingWork(log: RolePorts['log']): Pending {
  const stopping = new AbortController()
  let running = 0
  let whenIdle: (() => void) | undefined

  return {
    async persist({ what, id, atAnyPrice = false, isWanted = always }, action) {
      running++
      try {
        return await persist(action, {
          atAnyPrice,
          isWanted,
          signal: stopping.signal,
          onError: (err, waitMs) => log.warn({ err, id, waitMs }, `could not ${what}`),
        })
      } finally {
        if (--running === 0) whenIdle?.()
      }
    },
    stop() {
      stopping.abort()
      return new Promise((resolve) => {
        if (running === 0) resolve()
        else whenIdle = resolve
      })
    },
  }
}
