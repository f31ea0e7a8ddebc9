/** What the bus on Kafka is opened with. */
import type { Logger } from 'pino'
import type { BusOptions } from '../port.ts'

export interface KafkaBusOptions extends BusOptions {
  readonly kafka: KafkaServer
  /** Replicas of each partition: 3 (default) or more for a cluster, 1 for a single broker. */
  readonly replication?: number
  /** This process, unique among those of the gateway. */
  readonly instance: string
  readonly log: Logger
  /** How often what was read is deleted, ms. Default 60,000. */
  readonly trimEveryMs?: number
}

export interface KafkaServer {
  /** `host:port`, any of the cluster's; the others are learned from them. */
  readonly brokers: readonly string[]
  /** True: TLS with the certificate authorities of the system. */
  readonly tls?: boolean | KafkaTls
  readonly sasl?: KafkaSasl
  /** What the brokers' logs and quotas call us. Default `sallyport`. */
  readonly clientId?: string
}

/** PEM texts. */
export interface KafkaTls {
  readonly ca?: string
  /** Of the client, where the brokers want one; with `key`. */
  readonly certificate?: string
  readonly key?: string
  /** The name that the brokers' certificates are checked against, where it is not the host's. */
  readonly serverName?: string
}

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
  readonly username: string
  readonly password: string
}
