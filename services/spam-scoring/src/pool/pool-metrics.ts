/** What is counted of the scoring threads. */
import { Counter, Gauge, type Registry } from 'prom-client'

export interface PoolMetrics {
  died(): void
}

export interface PoolGauges {
  readonly ready: () => number
  readonly waiting: () => number
  readonly scored: () => number
}

export function poolMetrics(registry: Registry, { ready, waiting, scored }: PoolGauges): PoolMetrics {
  const registers = [registry]
  new Gauge({
    name: 'sallyport_spam_threads',
    help: 'Scoring threads that take messages',
    registers,
    collect() {
      this.set(ready())
    },
  })
  new Gauge({
    name: 'sallyport_spam_messages',
    help: 'Messages at the scoring threads now: being scored, and waiting for a thread',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'scored' }, scored())
      this.set({ state: 'waiting' }, waiting())
    },
  })
  const deaths = new Counter({
    name: 'sallyport_spam_thread_deaths_total',
    help: 'Scoring threads that died and were replaced',
    registers,
  })
  return { died: () => deaths.inc() }
}
