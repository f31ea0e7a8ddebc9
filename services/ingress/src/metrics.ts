/** What ingress counts. */
import { boundedLabels, StepCounter, StepHistogram } from '@sallyport/runtime'
import { Counter, Gauge, type Registry } from 'prom-client'

export interface IngressMetrics {
  readonly connections: Gauge
  readonly unsettled: Gauge
  readonly refusedConnections: Counter<'reason'>
  /** A message was answered. */
  settled(message: SettledMessage): void
  readonly failedLogins: Counter<'reason'>
  readonly refusedSenders: Counter<'reason'>
  readonly slowedSenders: Counter<'cause'>
  readonly failures: Counter<'what'>
}

export interface SettledMessage {
  readonly application: string
  readonly outcome: string
  readonly traceparent: string
  readonly tookMs: number
}

export function ingressMetrics(
  register: Registry,
  counts: {
    readonly connections: () => number
    readonly unsettled: () => number
    readonly queued: () => number | undefined
    readonly inFlightBytes: () => number
    readonly contentBytes: () => number
  },
): IngressMetrics {
  const registers = [register]
  new Gauge({
    name: 'sallyport_ingress_queued_messages',
    help: 'messages that wait for delivery, as ingress last measured; NaN while the bus does not say',
    registers,
    collect() {
      this.set(counts.queued() ?? Number.NaN)
    },
  })
  new Gauge({
    name: 'sallyport_ingress_in_flight_bytes',
    help: 'bytes of publishes that the bus has not settled',
    registers,
    collect() {
      this.set(counts.inFlightBytes())
    },
  })
  new Gauge({
    name: 'sallyport_ingress_content_memory_bytes',
    help: 'content in memory of messages between DATA and reply',
    registers,
    collect() {
      this.set(counts.contentBytes())
    },
  })
  const { application: top } = boundedLabels(register)
  const messages = new StepCounter({
    name: 'sallyport_ingress_messages_total',
    help: 'messages whose content came, by application and outcome',
    labelNames: ['application', 'outcome'],
    registers,
    top,
  })
  const seconds = new StepHistogram({
    name: 'sallyport_ingress_reply_seconds',
    help: 'from the end of DATA to the reply',
    labelNames: [],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers,
  })
  return {
    settled({ application, outcome, traceparent, tookMs }) {
      messages.count([top.of(application), outcome])
      seconds.record([], tookMs / 1000, traceparent)
    },
    connections: new Gauge({
      name: 'sallyport_ingress_connections',
      help: 'open SMTP connections',
      registers,
      collect() {
        this.set(counts.connections())
      },
    }),
    unsettled: new Gauge({
      name: 'sallyport_ingress_unsettled',
      help: 'messages between MAIL and reply',
      registers,
      collect() {
        this.set(counts.unsettled())
      },
    }),
    refusedConnections: new Counter({
      name: 'sallyport_ingress_refused_connections_total',
      help: 'connections that were refused or closed for what they did',
      labelNames: ['reason'],
      registers,
    }),
    failedLogins: new Counter({
      name: 'sallyport_ingress_failed_logins_total',
      help: 'AUTH attempts that failed',
      labelNames: ['reason'],
      registers,
    }),
    refusedSenders: new Counter({
      name: 'sallyport_ingress_refused_mail_total',
      help: 'MAIL commands that were refused',
      labelNames: ['reason'],
      registers,
    }),
    slowedSenders: new Counter({
      name: 'sallyport_ingress_slowed_mail_total',
      help: 'MAIL commands that were answered late, to slow the client',
      labelNames: ['cause'],
      registers,
    }),
    failures: new Counter({
      name: 'sallyport_ingress_failures_total',
      help: 'failures of bus, content store and events that a client did not see',
      labelNames: ['what'],
      registers,
    }),
  }
}
