/** Which servers are away, told once when one goes and once when it is back, and asked by `/readyz`. */
import type { RedisChange } from '@sallyport/redis'
import type { Logger } from 'pino'

export interface ServerTroubles {
  /** For the port that uses the Redis for this: `the ledger`. */
  redis(purpose: string): (change: RedisChange) => void
  /** In words for an operator. */
  list(): readonly string[]
}

/** `consequence`: what becomes of mail while it is away. */
const consequences: Readonly<Record<string, string>> = {
  'the limiter': 'throttle is unavailable, and whenUnavailable decides',
  'the ledger': 'mail is sent without claims, and some may come twice',
  'the reply channel': 'verdicts come late, and whenUndecided decides',
}

export function serverTroubles(log: Logger): ServerTroubles {
  const down = new Map<string, string>()
  return {
    redis: (purpose) => (change) => {
      const { isUp, server, reason } = change
      if (isUp) {
        down.delete(purpose)
        log.info({ server, purpose }, 'Redis is back')
        return
      }
      down.set(purpose, `Redis at ${server} is away for ${purpose} (${reason}): ${consequences[purpose] ?? 'it is tried again'}`)
      log.warn({ server, purpose, reason }, 'Redis is away')
    },
    list: () => [...down.values()],
  }
}
