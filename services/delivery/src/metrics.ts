/** What delivery counts. */
import { boundedLabels, type RolePorts, StepCounter, StepHistogram } from '@sallyport/runtime'
import { Counter, Gauge } from 'prom-client'

export interface DeliveryMetrics {
  split(action: 'relay' | 'hold' | 'repeat'): void
  /** Once for each attempt that was made and written down: one that a repeated record asks for again is none. */
  attempted(attempt: CountedAttempt): void
  sentWithoutClaim(): void
  duplicateSkipped(): void
  overflowed(count: number): void
  hopFailed(): void
  bounced(kind: 'dsn' | 'digest' | 'none'): void
  fault(): void
}

export interface CountedAttempt {
  /** The route. */
  readonly destination: string
  readonly traceparent: string
  readonly seconds: number
  /** What each of its recipients ended with. */
  readonly results: readonly string[]
  /** From acceptance until now. */
  readonly queueSeconds: number
}

export interface DeliveryGauges {
  readonly openConnections: () => number
  readonly heldMessages: () => number
  readonly jobsInWindow: () => number
}

const attemptBuckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120]
const queueBuckets = [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 300, 900, 3600, 14_400, 86_400, 432_000]

/** `mixed`: of its recipients some ended so, some otherwise. */
function outcomeOf([first = 'none', ...others]: readonly string[]): string {
  return others.every((result) => result === first) ? first : 'mixed'
}

export function deliveryMetrics(registry: RolePorts['metrics'], gauges: DeliveryGauges): DeliveryMetrics {
  const registers = [registry]
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `sallyport_delivery_${name}`, help, labelNames, registers })
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `sallyport_delivery_${name}`,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  }
  const split = counter('split_total', 'Accepted messages that were split, by what became of them', ['action'])
  const { destination: top } = boundedLabels(registry)
  const byDestination = (name: string, help: string, labelNames: readonly string[]) =>
    new StepCounter({ name: `sallyport_delivery_${name}`, help, labelNames, registers, top })
  const seconds = (name: string, help: string, buckets: readonly number[]) =>
    new StepHistogram({ name: `sallyport_delivery_${name}`, help, labelNames: ['destination'], buckets, registers, top })
  const attempts = byDestination('attempts_total', 'Attempts that were made, by destination and what they came to', [
    'destination',
    'outcome',
  ])
  const recipients = byDestination('recipients_total', 'Recipients of attempts that were made, by destination and outcome', [
    'destination',
    'outcome',
  ])
  const withoutClaim = counter('sent_without_claim_total', 'Messages sent while the ledger was down')
  const duplicates = counter('duplicates_skipped_total', 'Recipients of a repeated job that needed no attempt')
  const overflow = counter('overflowed_total', 'Jobs put back because their destination is slow and others wait behind it')
  const hopFailures = counter('hop_failures_total', 'Next hops that could not be used')
  const bounces = counter('bounces_total', 'Failures told to the sender (dsn), to the owner (digest), to nobody (none)', ['kind'])
  const faults = counter('faults_total', 'Accepted messages held because of a defect')
  const took = seconds('attempt_seconds', 'Duration of an attempt, by destination', attemptBuckets)
  const queued = seconds('queue_seconds', 'From acceptance to delivery of a recipient, by destination', queueBuckets)
  gauge('open_connections', 'Connections to next hops', gauges.openConnections)
  gauge('held_messages', 'Messages in quarantine', gauges.heldMessages)
  gauge('window_jobs', 'Jobs in memory, waiting or being sent', gauges.jobsInWindow)
  return {
    split: (action) => split.inc({ action }),
    attempted({ destination: name, traceparent, seconds: tookSeconds, results, queueSeconds }) {
      const destination = top.of(name)
      attempts.count([destination, outcomeOf(results)])
      took.record([destination], tookSeconds, traceparent)
      for (const result of results) {
        recipients.count([destination, result])
        if (result === 'delivered') queued.record([destination], Math.max(0, queueSeconds), traceparent)
      }
    },
    sentWithoutClaim: () => withoutClaim.inc(),
    duplicateSkipped: () => duplicates.inc(),
    overflowed: (count) => overflow.inc(count),
    hopFailed: () => hopFailures.inc(),
    bounced: (kind) => bounces.inc({ kind }),
    fault: () => faults.inc(),
  }
}
