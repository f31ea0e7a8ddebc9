/** Connections to PostgreSQL: few, each with time limits, so that a server that hangs is as one that is down. */
import type { ConnectionOptions } from 'node:tls'
import { type CallEnded, errorType } from '@sallyport/contracts/basics'
import pg from 'pg'
import { operationName } from '../sql/operation-name.ts'

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

export interface PoolOptions {
  /** How long a connection may take. Default 5,000. */
  readonly connectMs?: number
  /** How long an answer may take. Default 60,000. */
  readonly answerMs?: number
  /** Told of each query, by its operation. */
  readonly onQuery?: CallEnded | undefined
}

/** Object ids of types whose values are numbers here: bigint (counts and times, all below 2^53) and numeric (their sums). */
const numbers = [20, 1700]
const maxConnections = 4

/**
 * Questions walk indexes from their newest entry and stop at a page. The planner counts what all partitions could give, of which such
 * a walk looks at two or three, and would rather hash whole tables, or compile what takes a millisecond.
 */
const planning = '-c jit=off -c enable_hashjoin=off -c enable_mergejoin=off'

export const serverName = ({ host, port = 5432, database }: PostgresServer): string => `${host}:${port}/${database}`

export function openPool(server: PostgresServer, { connectMs = 5_000, answerMs = 60_000, onQuery }: PoolOptions): pg.Pool {
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
    options: planning,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        numbers.includes(oid) && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format),
    },
  })
  if (onQuery) pool.on('connect', (client) => timeQueries(client, onQuery))
  // An idle connection that ends is replaced at the next question.
  pool.on('error', () => undefined)
  return pool
}

/** pg tells nobody how long a query took. Only of those that are awaited: none here takes a callback. */
function timeQueries(client: pg.ClientBase, ended: CallEnded): void {
  const plain: (...words: readonly unknown[]) => unknown = client.query.bind(client)
  const query = (...words: readonly unknown[]): unknown => {
    const beganMs = performance.now()
    const tell = (error?: string): void => ended(operationName(textOf(words[0])), (performance.now() - beganMs) / 1000, error)
    const answer = plain(...words)
    if (answer instanceof Promise)
      answer.then(
        () => tell(),
        (error: unknown) => tell(errorType(error)),
      )
    return answer
  }
  Object.assign(client, { query })
}

const textOf = (query: unknown): string =>
  typeof query === 'object' && query !== null && 'text' in query ? String(query.text) : String(query)

/** What is not given must be missing: an empty CA would trust nobody. */
function secured({ ca, certificate: cert, key }: PostgresTls): ConnectionOptions {
  const given = Object.entries({ ca, cert, key }).filter(([, text]) => text !== undefined)
  return { rejectUnauthorized: true, ...Object.fromEntries(given) }
}
