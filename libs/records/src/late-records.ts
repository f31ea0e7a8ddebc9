/** Records on a server that may be away, also when they are opened: the rest of the console does not wait for it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { SallyportError } from '@sallyport/contracts/basics'
import type { Records } from './port.ts'

/** `Records` that may be asked before their store was ever reached; until then each question fails with STORE_UNAVAILABLE. */
export interface LateRecords extends Omit<Records, 'generation'> {
  /** Undefined until the store was reached. */
  readonly generation: string | undefined
  /** Resolves when it was. */
  readonly reached?: Promise<void> | undefined
  /** Why the store cannot be asked now, in words for an operator; undefined while it can. */
  readonly trouble?: (() => string | undefined) | undefined
}

export interface LateOptions {
  /** What `open` opens. */
  readonly system: Records['system']
  /** Told why when the store goes away, and undefined when it is back. */
  readonly tell: (trouble: string | undefined) => void
  /** Default 500, doubled up to 10,000. */
  readonly firstWaitMs?: number
}

const longestWaitMs = 10_000
const isAway = (error: unknown): error is SallyportError => error instanceof SallyportError && error.code === 'STORE_UNAVAILABLE'

/**
 * Resolves after the first try of `open`, also where that failed with STORE_UNAVAILABLE; then it is tried until it is there. What else
 * `open` fails with at first is thrown.
 */
export async function openLateRecords(open: () => Promise<Records>, options: LateOptions): Promise<LateRecords> {
  const { tell, firstWaitMs = 500 } = options
  const closing = new AbortController()
  const reached = Promise.withResolvers<void>()
  let store: Records | undefined
  let trouble: string | undefined
  let working: Promise<void> | undefined

  function note(now: string | undefined): void {
    const isChange = (now === undefined) !== (trouble === undefined)
    trouble = now
    if (isChange) tell(now)
  }

  async function tryOpen(): Promise<void> {
    store = await open()
    note(undefined)
    reached.resolve()
  }

  /** Until `work` succeeds, or the records are closed. */
  async function repeat(work: () => Promise<void>): Promise<void> {
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      await sleep(waitMs, undefined, { signal: closing.signal }).catch(() => undefined)
      if (closing.signal.aborted) return
      try {
        return await work()
      } catch (error) {
        note(error instanceof Error ? error.message : String(error))
      }
    }
  }

  function inBackground(work: () => Promise<void>): void {
    working ??= repeat(work).finally(() => {
      working = undefined
    })
  }

  async function ask<T>(question: (store: Records) => Promise<T>): Promise<T> {
    const asked = store
    if (!asked) throw new SallyportError('STORE_UNAVAILABLE', trouble ?? 'the records are being opened')
    try {
      const answer = await question(asked)
      note(undefined)
      return answer
    } catch (error) {
      if (isAway(error)) {
        note(error.message)
        // Nobody may ask for a while, and that it is back is to be known.
        inBackground(async () => {
          await asked.positions()
          note(undefined)
        })
      }
      throw error
    }
  }

  try {
    await tryOpen()
  } catch (error) {
    if (!isAway(error)) throw error
    note(error.message)
    inBackground(tryOpen)
  }

  return {
    system: options.system,
    get generation() {
      return store?.generation
    },
    reached: reached.promise,
    trouble: () => trouble,
    append: (events) => ask((records) => records.append(events)),
    positions: () => ask((records) => records.positions()),
    message: (id) => ask((records) => records.message(id)),
    messages: (query) => ask((records) => records.messages(query)),
    statistics: (query) => ask((records) => records.statistics(query)),
    applications: (period) => ask((records) => records.applications(period)),
    identities: (query) => ask((records) => records.identities(query)),
    readiness: (query) => ask((records) => records.readiness(query)),
    violations: (query) => ask((records) => records.violations(query)),
    state: () => ask((records) => records.state()),
    events: (page) => ask((records) => records.events(page)),
    prune: (keeping) => ask((records) => records.prune(keeping)),
    async close() {
      closing.abort()
      await working
      await store?.close()
    },
  }
}
