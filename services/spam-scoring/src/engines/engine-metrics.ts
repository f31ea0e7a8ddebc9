/** What is counted of engines. Their names come from the configuration, so the labels are bounded. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { BreakerState } from './breaker.ts'
import type { Unavailability } from './engine-unavailable.ts'

export interface EngineGauges {
  readonly name: string
  readonly state: BreakerState
  readonly taken: number
  readonly waiting: number
}

export interface EngineMetrics {
  /** `content`: the content could not be read, so the question was not asked to its end. */
  asked(engine: string, outcome: 'answered' | 'content' | Unavailability, tookMs: number): void
}

const stateValue: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 }

export function engineMetrics(registry: Registry, engines: () => Iterable<EngineGauges>): EngineMetrics {
  const registers = [registry]
  const questions = new Counter({
    name: 'sallyport_spam_engine_questions_total',
    help: 'Messages for an engine, by what came of it',
    labelNames: ['engine', 'outcome'],
    registers,
  })
  const seconds = new Histogram({
    name: 'sallyport_spam_engine_seconds',
    help: 'How long an engine took for an answer, the wait for a place included',
    labelNames: ['engine'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  new Gauge({
    name: 'sallyport_spam_engine_breaker',
    help: '0 where the engine is asked, 2 where it is left alone after failures, 1 where it is tried again',
    labelNames: ['engine'],
    registers,
    collect() {
      for (const { name, state } of engines()) this.set({ engine: name }, stateValue[state])
    },
  })
  new Gauge({
    name: 'sallyport_spam_engine_messages',
    help: 'Messages at an engine now: asked, and waiting for a place',
    labelNames: ['engine', 'state'],
    registers,
    collect() {
      for (const { name, taken, waiting } of engines()) {
        this.set({ engine: name, state: 'asked' }, taken)
        this.set({ engine: name, state: 'waiting' }, waiting)
      }
    },
  })
  return {
    asked(engine, outcome, tookMs) {
      questions.inc({ engine, outcome })
      if (outcome === 'answered') seconds.observe({ engine }, tookMs / 1000)
    },
  }
}
