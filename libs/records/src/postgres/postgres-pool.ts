/** Connections to PostgreSQL: few, each with time limits, so that a server that hangs is as one that is down. */
import type { ConnectionOptions } from 'node:tls'
import pg from 'pg'

/** PEM texts; certificate and key are the client's. */
export interface PostgresTls {
  readonly ca?: string | undefined
  readonly certificate?: string | undefined
  readonly key?: string | undefined
}

export interface PostgresServer {
  readonly host: string
  /** Default 5432. */
  readonly port?: number | undefined
  readonly database: string
  readonly user: string
  readonly password?: string | undefined
  /** The server is verified against this CA, by default against those that Node.js knows; `off`: no TLS. */
  readonly tls: 'off' | PostgresTls
}

export interface PoolLimits {
  /** How long a connection may take. Default 5,000. */
  readonly connectMs?: number
  /** How long an answer may take. Default 60,000. */
  readonly answerMs?: number
}

/** Object ids of types whose values are numbers here: bigint (counts and times, all below 2^53) and numeric (their sums). */
const numbers = [20, 1700]
const maxConnections = 4

export const serverName = ({ host, port = 5432, database }: PostgresServer): string => `${host}:${port}/${database}`

export function openPool(server: PostgresServer, { connectMs = 5_000, answerMs = 60_000 }: PoolLimits): pg.Pool {
  const { host, port = 5432, database, user, password, tls } = server
  const pool = new pg.Pool({
    host,
    port,
    database,
    user,
    ...(password === undefined ? {} : { password }),
    ssl: tls !== 'off' && secured(tls),
    max: maxConnections,
    connectionTimeoutMillis: connectMs,
    query_timeout: answerMs,
    statement_timeout: answerMs,
    keepAlive: true,
    application_name: 'sallyport',
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        numbers.includes(oid) && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format),
    },
  })
  // An idle connection that ends is replaced at the next question.
  pool.on('error', () => undefined)
  return pool
}

/** What is not given must be missing: an empty CA would trust nobody. */
function secured({ ca, certificate: cert, key }: PostgresTls): ConnectionOptions {
  const given = Object.entries({ ca, cert, key }).filter(([, text]) => text !== undefined)
  return { rejectUnauthorized: true, ...Object.fromEntries(given) }
}
