/** Scores messages in threads of their own, so that the loop that carries mail never waits for a score. */
import type { RolePorts } from '@sallyport/runtime'
import { EngineUnavailable } from '../engines/engine-unavailable.ts'
import type { ContentScore, ContentToScore } from '../score-content.ts'
import { FairLine } from './fair-line.ts'
import { type PoolMetrics, poolMetrics } from './pool-metrics.ts'
import { type ScoringThread, scoringThread, type ThreadOptions } from './scoring-thread-handle.ts'

export interface Scorer {
  /**
   * Resolves with the score of the whole content. Fails with ENGINE_UNAVAILABLE where the thread that had the message died, where
   * none runs, or where too many wait. `isWanted` is asked when the message's turn comes: who no longer waits is left out, and
   * his promise fails. `content` must not change until then. Where messages wait, applications take turns.
   */
  score(message: ContentToScore, isWanted: () => boolean, application?: string): Promise<ContentScore>
}

export interface ScoringPool extends Scorer {
  /** Threads that take messages now. */
  readonly ready: number
  /** Fails what waits, and ends the threads. */
  stop(): Promise<void>
}

export interface PoolOptions extends Pick<ThreadOptions, 'modelPath' | 'threadFile' | 'stalledMs'> {
  readonly workers: number
  /** More are not queued. Default 4,096. */
  readonly maxWaiting?: number
}

/** Resolves when every thread has read the model. Fails with MODEL_UNUSABLE, or as the file of the model does. */
export async function openScoringPool(
  options: PoolOptions,
  ports: Pick<RolePorts, 'clock' | 'log' | 'metrics'>,
): Promise<ScoringPool> {
  const { maxWaiting = 4096 } = options
  const waiting = new FairLine()
  let isPlanned = false
  let isStopped = false
  const metrics: PoolMetrics = poolMetrics(ports.metrics, {
    ready: () => ready(),
    waiting: () => waiting.size,
    scored: () => threads.reduce((sum, thread) => sum + thread.load, 0),
  })
  const threads: readonly ScoringThread[] = Array.from({ length: options.workers }, () =>
    scoringThread({
      ...options,
      clock: ports.clock,
      onRoom: hand,
      onDeath(reason, lost) {
        metrics.died()
        ports.log.error({ reason, lost }, 'a scoring thread died and is replaced: the messages that it had are not judged')
        if (threads.every(({ isHopeless }) => isHopeless)) failAll('no scoring thread can be started')
      },
    }),
  )

  const ready = (): number => threads.filter(({ isReady }) => isReady).length

  /** Called in the turn after messages came, so that those of one turn go together, and when a thread has room. */
  function hand(): void {
    isPlanned = false
    while (waiting.size > 0) {
      const thread = leastLoaded(threads)
      if (!thread) return
      thread.take(waiting)
    }
  }

  function failAll(why: string): void {
    for (const one of waiting.rest()) one.reject(new EngineUnavailable('failed', why))
  }

  const pool: ScoringPool = {
    get ready() {
      return ready()
    },
    score(message, isWanted, application = '') {
      return new Promise((resolve, reject) => {
        if (isStopped || threads.every(({ isHopeless }) => isHopeless)) {
          return reject(new EngineUnavailable('failed', isStopped ? 'the scoring is stopped' : 'no scoring thread can be started'))
        }
        if (waiting.size >= maxWaiting) {
          return reject(new EngineUnavailable('overloaded', `${waiting.size} messages wait to be scored: no more is taken`))
        }
        waiting.add({ message, application, isWanted, resolve, reject })
        if (isPlanned) return
        isPlanned = true
        setImmediate(hand)
      })
    },
    async stop() {
      isStopped = true
      failAll('the scoring is stopped')
      await Promise.all(threads.map((thread) => thread.stop()))
    },
  }
  try {
    await Promise.all(threads.map(({ started }) => started))
  } catch (error) {
    await pool.stop()
    throw error
  }
  return pool
}

function leastLoaded(threads: readonly ScoringThread[]): ScoringThread | undefined {
  let least: ScoringThread | undefined
  for (const thread of threads) if (thread.hasRoom && (!least || thread.load < least.load)) least = thread
  return least
}
