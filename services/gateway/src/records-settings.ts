/** Where the console keeps its records: a file of this machine, or a PostgreSQL that several consoles share. */
import type { CallEnded } from '@sallyport/contracts'
import { type LateRecords, openLateRecords, openPostgresRecords, openThreadedRecords, type Records } from '@sallyport/records'
import type { Secrets } from '@sallyport/runtime'
import type { Logger } from 'pino'
import Type, { type Static } from 'typebox'
import { tlsSchema } from './distributed-settings.ts'
import { hostAndPort } from './host-and-port.ts'
import { StartTexts } from './secret-texts.ts'

const strict = { additionalProperties: false } as const

const postgresSchema = Type.Object(
  {
    address: Type.String({ description: 'host:port of PostgreSQL 15 or newer; its certificate has to name this host' }),
    database: Type.String({ default: 'sallyport', minLength: 1, description: 'must exist, and belong to the user' }),
    user: Type.String({ default: 'sallyport', minLength: 1, description: 'who this gateway is' }),
    secret: Type.Optional(Type.String({ description: 'the name of the secret with the password; default none' })),
    tls: Type.Optional(tlsSchema),
  },
  strict,
)

export const recordsSchema = Type.Object(
  { postgres: Type.Optional(postgresSchema) },
  { ...strict, default: {}, description: 'default a SQLite file in the data folder' },
)

export interface RecordsPorts {
  readonly sqlitePath: () => Promise<string>
  readonly secrets: Secrets
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** The callee of each query for the database of this name. */
  readonly onQuery: (system: Records['system']) => CallEnded
}

/** Fails with SECRET_MISSING, or as a file does. A PostgreSQL that is away is waited for behind what it returns. */
export async function openRecords({ postgres }: Static<typeof recordsSchema>, ports: RecordsPorts): Promise<LateRecords> {
  const { sqlitePath, secrets, log, onQuery } = ports
  if (postgres === undefined) return openThreadedRecords({ path: await sqlitePath(), onQuery: onQuery('sqlite') })
  return openLateRecords(await postgresOpener(postgres, secrets, onQuery('postgresql')), {
    system: 'postgresql',
    tell(trouble) {
      if (trouble === undefined) log.info('the records are there')
      else log.warn({ reason: trouble }, 'the records are away: traces are late, mail is not')
    },
  })
}

/** Fails with SECRET_MISSING or CONFIG_INVALID; what it returns fails as the server does. */
export async function postgresOpener(
  { address, database, user, secret, tls }: Static<typeof postgresSchema>,
  secrets: Secrets,
  onQuery?: CallEnded,
): Promise<() => Promise<Records>> {
  const texts = new StartTexts(secrets)
  const password = await texts.secret('records.postgres.secret', secret)
  const files = await texts.tls('records.postgres.tls', tls)
  texts.check()
  const server = { ...hostAndPort(address, 'records.postgres.address'), database, user, tls: files ?? ('off' as const) }
  return () => openPostgresRecords({ server: { ...server, ...(password === undefined ? {} : { password }) }, onQuery })
}
