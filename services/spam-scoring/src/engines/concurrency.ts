/** At most so many at once; the next wait in line, and the line has an end. */
import { EngineUnavailable } from './engine-unavailable.ts'

export interface Places {
  readonly taken: number
  readonly waiting: number
  /**
   * What `work` gives, run when there is a place; first come, first served. Fails with ENGINE_UNAVAILABLE: `overloaded` where
   * the line is full, and with `signal.reason` where the signal comes before a place.
   */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>
}

interface Waiting {
  readonly go: () => void
}

export function places(engine: string, options: { readonly concurrency: number; readonly waiting: number }): Places {
  const line = new Set<Waiting>()
  let taken = 0

  function place(signal: AbortSignal): Promise<void> | undefined {
    if (taken < options.concurrency) {
      taken += 1
      return undefined
    }
    if (line.size >= options.waiting) {
      throw new EngineUnavailable('overloaded', `${engine} has ${taken} messages and ${line.size} are waiting: no more is taken`)
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        go() {
          signal.removeEventListener('abort', leave)
          resolve()
        },
      }
      const leave = (): void => {
        line.delete(waiting)
        reject(signal.reason)
      }
      line.add(waiting)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  function leavePlace(): void {
    const [next] = line
    if (!next) {
      taken -= 1
      return
    }
    // The place goes from hand to hand.
    line.delete(next)
    next.go()
  }

  return {
    get taken() {
      return taken
    },
    get waiting() {
      return line.size
    },
    async run(work, signal) {
      signal.throwIfAborted()
      await place(signal)
      try {
        return await work()
      } finally {
        leavePlace()
      }
    },
  }
}
