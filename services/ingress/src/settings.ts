/** What the ingress role is given beside its ports. Files are read and defaults are filled in by the composition root. */

import { maxInlineBytes } from '@sallyport/contracts'

export interface ListenerSettings {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly tls: 'starttls' | 'implicit' | 'off'
  /** True: every connection must begin with a PROXY header, and only `proxyNetworks` may connect. */
  readonly proxy: boolean
}

/** PEM texts. `clientCa` asks clients for a certificate; one that it did not sign counts as none. */
export interface TlsTexts {
  readonly certificate: string
  readonly key: string
  readonly clientCa?: string | undefined
}

export interface IngressSettings {
  readonly listeners: readonly ListenerSettings[]
  readonly tls?: TlsTexts | undefined
  /** CIDR networks or addresses of the load balancers. */
  readonly proxyNetworks: readonly string[]
  /** In greeting, EHLO and Received. */
  readonly hostname: string
  /** Over all listeners. */
  readonly maxConnections: number
  /** Over all listeners, of one client: an IPv4 address or an IPv6 /64. Default: `maxConnections`. */
  readonly maxConnectionsPerClient?: number | undefined
  readonly maxMessageBytes: number
  /** Content up to this size travels inline in every record. Default 64 KiB; more spares the content store where records stay on this machine. */
  readonly maxInlineBytes?: number | undefined
  /** Content of all messages in memory between DATA and reply: beyond it no more than 64 KiB of a message travels inline. Default 256 MiB. */
  readonly maxContentMemoryBytes?: number | undefined
  /** Messages between MAIL and reply at once, over all applications. */
  readonly maxUnsettled: number
  /** How long a client waits for a verdict at most. */
  readonly budgetMs: number
  /**
   * A client that owes us a command for so long is sent away, however it trickles. For content it has as long beyond the time that
   * 1,000 bytes per second take.
   */
  readonly idleMs: number
  readonly drainMs: number
  readonly bareLineEnds: 'normalize' | 'reject'
  /** Recipients of a message whatever the policy says. Default: the policy alone. */
  readonly maxRecipients?: number | undefined
  /** Refused commands until the connection is closed; a message that was accepted forgives. Default 20. */
  readonly maxErrors?: number | undefined
  /** Below this much free disk no mail is accepted. Default 2 GiB; the composition root, which knows the disk, gives the larger of that and 5 % of it. */
  readonly minFreeBytes?: number | undefined
  /** Default 200. */
  readonly freeBytesCheckMs?: number | undefined
  /** A TLS handshake must be done after this. Default 10,000. */
  readonly tlsHandshakeMs?: number | undefined
  /** Reads `tls` again, every `tlsCheckMs`: renewed certificates are taken without a restart. May throw. Default: never. */
  readonly readTls?: (() => TlsTexts) | undefined
  /** Default 60,000. */
  readonly tlsCheckMs?: number | undefined
  /** A PROXY header must be whole after this. Default 5,000. */
  readonly proxyHeaderMs?: number | undefined
  /**
   * Messages that wait for delivery, in all, until no more are taken; an application that has most of them is put off before. Default
   * 500,000.
   */
  readonly maxQueued?: number | undefined
  /** How late MAIL is answered at most where too much waits, before it is refused. Default 5,000. */
  readonly maxDelayMs?: number | undefined
  /** The share of the thread's time, 0 to 1, above which the one that sends most is let in evenly while others send. Default 0.4. */
  readonly paceAbove?: number | undefined
  /** How often what waits for delivery is measured. Default 1,000. */
  readonly queueMeasureMs?: number | undefined
  /** Of publishes that the bus has not settled. Default 128 MiB. */
  readonly maxInFlightBytes?: number | undefined
  /** From here on a durable publish in flight slows MAIL. Default 2,000. */
  readonly slowPublishMs?: number | undefined
  /** From here on it stops MAIL. Default 15,000. */
  readonly maxPublishMs?: number | undefined
  /** How long MAIL waits where too many messages are unsettled. Default 30,000. */
  readonly unsettledWaitMs?: number | undefined
  /** Failed AUTH of one client address until it must wait. Default 10. */
  readonly maxFailedLogins?: number | undefined
  /** After this a client address gets one more. Default 30,000. */
  readonly failedLoginRefillMs?: number | undefined
  /** How finely deadlines are watched. Default 50. */
  readonly tickMs?: number | undefined
}

export type FilledSettings = {
  readonly [K in Exclude<keyof IngressSettings, 'tls' | 'readTls'>]-?: Exclude<IngressSettings[K], undefined>
} & Pick<IngressSettings, 'tls' | 'readTls'>

export const withDefaults = (settings: IngressSettings): FilledSettings => ({
  ...settings,
  maxConnectionsPerClient: settings.maxConnectionsPerClient ?? settings.maxConnections,
  maxInlineBytes: settings.maxInlineBytes ?? maxInlineBytes,
  maxContentMemoryBytes: settings.maxContentMemoryBytes ?? 256 * 1024 ** 2,
  maxRecipients: settings.maxRecipients ?? Number.POSITIVE_INFINITY,
  maxErrors: settings.maxErrors ?? 20,
  minFreeBytes: settings.minFreeBytes ?? 2 * 1024 ** 3,
  freeBytesCheckMs: settings.freeBytesCheckMs ?? 200,
  tlsHandshakeMs: settings.tlsHandshakeMs ?? 10_000,
  tlsCheckMs: settings.tlsCheckMs ?? 60_000,
  proxyHeaderMs: settings.proxyHeaderMs ?? 5_000,
  maxQueued: settings.maxQueued ?? 500_000,
  maxDelayMs: settings.maxDelayMs ?? 5_000,
  paceAbove: settings.paceAbove ?? 0.4,
  queueMeasureMs: settings.queueMeasureMs ?? 1_000,
  maxInFlightBytes: settings.maxInFlightBytes ?? 128 * 1024 ** 2,
  slowPublishMs: settings.slowPublishMs ?? 2_000,
  maxPublishMs: settings.maxPublishMs ?? 15_000,
  unsettledWaitMs: settings.unsettledWaitMs ?? 30_000,
  maxFailedLogins: settings.maxFailedLogins ?? 10,
  failedLoginRefillMs: settings.failedLoginRefillMs ?? 30_000,
  tickMs: settings.tickMs ?? 50,
})
