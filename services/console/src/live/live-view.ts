/** What happens now: rates, and whoever listens to the events as they come. */
import type { LiveEvent, MailEvent, Overview } from '@sallyport/contracts'
import type { Clock } from '@sallyport/runtime'
import { liveEvent } from './live-event.ts'
import { rates } from './rates.ts'

export interface LiveView {
  /** To be told of every event as it is stored. */
  see(event: MailEvent): void
  perSecond(): Overview['rates']
  /** Calls `listener` for each event of the application, or of all. Returns what ends it. */
  listen(application: string | undefined, listener: (event: LiveEvent) => void): () => void
}

interface Listener {
  readonly application: string | undefined
  readonly hear: (event: LiveEvent) => void
}

export function liveView(clock: Clock): LiveView {
  const counted = rates(clock)
  const listeners = new Set<Listener>()
  return {
    see(event) {
      counted.see(event)
      if (listeners.size === 0) return
      const told = liveEvent(event)
      for (const { application, hear } of listeners) if (application === undefined || application === event.application) hear(told)
    },
    perSecond: counted.perSecond,
    listen(application, hear) {
      const listener = { application, hear }
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
