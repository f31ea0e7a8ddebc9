/** What delivery counts. */
import type { RolePorts } from '@sallyport/runtime'
import { Counter, Gauge, Histogram } from 'prom-client'

export interface DeliveryMetrics {
  split(action: 'relay' | 'hold' | 'repeat'): void
  recipient(outcome: string, count: number): void
  attempt(seconds: number): void
  /** From acceptance to delivery. */
  delivered(queueSeconds: number): void
  sentWithoutClaim(): void
  duplicateSkipped(): void
  overflowed(count: number): void
  hopFailed(): void
  bounced(kind: 'dsn' | 'digest' | 'none'): void
  fault(): void
}

export interface DeliveryGauges {
  readonly openConnections: () => number
  readonly heldMessages: () => number
  readonly jobsInWindow: () => number
}

const queueBuckets = [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 300, 900, 3600, 14_400, 86_400, 432_000]

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
  const recipients = counter('recipients_total', 'Finished attempts by recipient, by outcome', ['outcome'])
  const withoutClaim = counter('sent_without_claim_total', 'Messages sent while the ledger was down')
  const duplicates = counter('duplicates_skipped_total', 'Recipients of a repeated job that needed no attempt')
  const overflow = counter('overflowed_total', 'Jobs put back because their destination is slow and others wait behind it')
  const hopFailures = counter('hop_failures_total', 'Next hops that could not be used')
  const bounces = counter('bounces_total', 'Failures told to the sender (dsn), to the owner (digest), to nobody (none)', ['kind'])
  const faults = counter('faults_total', 'Accepted messages held because of a defect')
  const attempts = new Histogram({
    name: 'sallyport_delivery_attempt_seconds',
    help: 'Duration of an attempt',
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120],
    registers,
  })
  const queue = new Histogram({
    name: 'sallyport_delivery_queue_seconds',
    help: 'From acceptance to delivery',
    buckets: queueBuckets,
    registers,
  })
  gauge('open_connections', 'Connections to next hops', gauges.openConnections)
  gauge('held_messages', 'Messages in quarantine', gauges.heldMessages)
  gauge('window_jobs', 'Jobs in memory, waiting or being sent', gauges.jobsInWindow)
  return {
    split: (action) => split.inc({ action }),
    recipient: (outcome, count) => recipients.inc({ outcome }, count),
    attempt: (seconds) => attempts.observe(seconds),
    delivered: (seconds) => queue.observe(Math.max(0, seconds)),
    sentWithoutClaim: () => withoutClaim.inc(),
    duplicateSkipped: () => duplicates.inc(),
    overflowed: (count) => overflow.inc(count),
    hopFailed: () => hopFailures.inc(),
    bounced: (kind) => bounces.inc({ kind }),
    fault: () => faults.inc(),
  }
}
