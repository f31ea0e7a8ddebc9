/** An engine behind its limits: places, breaker, deadline, and what is counted. */
import type { Clock } from '@sallyport/runtime'
import { type BreakerOptions, breaker } from './breaker.ts'
import { places } from './concurrency.ts'
import type { EngineGauges, EngineMetrics } from './engine-metrics.ts'
import { EngineUnavailable } from './engine-unavailable.ts'
import type { Engine } from './port.ts'

export interface Guards extends BreakerOptions {
  readonly concurrency: number
  readonly waiting: number
  /** Of one answer; and as long at most a message waits for its place before. */
  readonly timeoutMs: number
}

export interface GuardedEngine extends Engine, EngineGauges {}

/** The breaker stands behind the places: that too much is asked of an engine does not count as its failure. */
export function guardedEngine(engine: Engine, guards: Guards, { clock, metrics, changed }: GuardPorts): GuardedEngine {
  const { name } = engine
  const { timeoutMs } = guards
  const slots = places(name, guards)
  const fuse = breaker(name, guards, clock, changed)
  const noPlace = () => new EngineUnavailable('overloaded', `${name} had no place for the message within ${timeoutMs} ms`)
  const noAnswer = () => new EngineUnavailable('timed-out', `${name} did not answer within ${timeoutMs} ms`)

  return {
    name,
    get state() {
      return fuse.state
    },
    get taken() {
      return slots.taken
    },
    get waiting() {
      return slots.waiting
    },
    async ask(message, signal) {
      const beganMs = clock.elapsed()
      const counted = (outcome: Parameters<EngineMetrics['asked']>[1]) => metrics.asked(name, outcome, clock.elapsed() - beganMs)
      const line = limited(name, signal, timeoutMs, noPlace)
      try {
        const answer = await slots.run(() => {
          line.end()
          return fuse.run(async () => {
            const question = limited(name, signal, timeoutMs, noAnswer)
            try {
              return await engine.ask(message, question.signal)
            } catch (error) {
              throw question.signal.aborted ? question.signal.reason : error
            } finally {
              question.end()
            }
          })
        }, line.signal)
        counted('answered')
        return answer
      } catch (error) {
        counted(error instanceof EngineUnavailable ? error.why : 'content')
        throw error
      } finally {
        line.end()
      }
    },
    close: () => engine.close(),
  }
}

export interface GuardPorts {
  readonly clock: Pick<Clock, 'elapsed'>
  readonly metrics: EngineMetrics
  /** Told when the breaker opens and closes. */
  readonly changed?: Parameters<typeof breaker>[3]
}

/** A signal that comes with the asker's own or after `limitMs`, with an EngineUnavailable as its reason. `end` lets go of both. */
function limited(
  engine: string,
  asker: AbortSignal,
  limitMs: number,
  tooLate: () => EngineUnavailable,
): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController()
  const leave = (): void => controller.abort(new EngineUnavailable('called-off', `${engine}: nobody waits any longer`))
  if (asker.aborted) leave()
  const timer = setTimeout(() => controller.abort(tooLate()), limitMs)
  asker.addEventListener('abort', leave, { once: true })
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer)
      asker.removeEventListener('abort', leave)
    },
  }
}
