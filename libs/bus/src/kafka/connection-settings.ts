/** TLS and SASL as the client wants them, and texts without the password. */
import { SallyportError } from '@sallyport/contracts'
import type { KafkaSasl, KafkaServer } from './kafka-bus-options.ts'

export interface TlsSettings {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly servername?: string
}

export interface ConnectionSettings {
  readonly clientId: string
  readonly brokers: string[]
  readonly ssl: boolean | TlsSettings
  readonly sasl?: SaslSettings
}

type Login = Pick<KafkaSasl, 'username' | 'password'>
export type SaslSettings =
  | (Login & { readonly mechanism: 'plain' })
  | (Login & { readonly mechanism: 'scram-sha-256' })
  | (Login & { readonly mechanism: 'scram-sha-512' })

/** Fails with CONFIG_INVALID. */
export function connectionSettings({ brokers, tls = false, sasl, clientId = 'sallyport' }: KafkaServer): ConnectionSettings {
  if (brokers.length === 0)
    throw new SallyportError('CONFIG_INVALID', 'no broker of Kafka is given: name at least one, as host:port')
  for (const broker of brokers) {
    if (!/^(\[[0-9a-f:.]+\]|[^:\s[\]]+):\d{1,5}$/i.test(broker))
      throw new SallyportError('CONFIG_INVALID', `the broker of Kafka must be host:port, not ${JSON.stringify(broker)}`)
  }
  if (typeof tls !== 'boolean' && (tls.certificate === undefined) !== (tls.key === undefined))
    throw new SallyportError('CONFIG_INVALID', 'for a client certificate Kafka needs both: the certificate and its key')
  return {
    clientId,
    brokers: [...brokers],
    ssl: typeof tls === 'boolean' ? tls : tlsSettings(tls),
    ...(sasl ? { sasl: saslSettings(sasl) } : {}),
  }
}

function saslSettings({ mechanism, username, password }: KafkaSasl): SaslSettings {
  switch (mechanism) {
    case 'plain':
      return { mechanism, username, password }
    case 'scram-sha-256':
      return { mechanism, username, password }
    case 'scram-sha-512':
      return { mechanism, username, password }
  }
}

function tlsSettings({ ca, certificate, key, serverName }: Exclude<NonNullable<KafkaServer['tls']>, boolean>): TlsSettings {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  }
}

/** Takes the password out of texts that others wrote. */
export function redactor({ sasl }: Pick<KafkaServer, 'sasl'>): (text: string) => string {
  const secret = sasl?.password
  return secret ? (text) => text.replaceAll(secret, '[redacted]') : (text) => text
}
