/** Debian's PostgreSQL 15, private to one test, on loopback: its own data folder, one user with a password, one database. */
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, temporaryFolder } from '@sallyport/testkit'
import { giveTo, type ServerProcess, serverUser, startServer } from './server-process.ts'

const programs = '/usr/lib/postgresql/15/bin'
/** Why tests with PostgreSQL are skipped here, or false. */
export const postgresMissing = !existsSync(join(programs, 'postgres')) && 'PostgreSQL 15 is not installed (Debian: postgresql-15)'

export interface PostgresOptions {
  /** The port of an earlier one, for a restart. */
  readonly port?: number
  /** The folder of an earlier one, for a restart, or an empty one; by default one of its own, removed at the end. */
  readonly folder?: string
  /** PEM files: then it takes TLS only. */
  readonly tls?: { readonly certificate: string; readonly key: string }
  /** Default false: what a kill of the machine would lose is not waited for. */
  readonly isDurable?: boolean
  readonly words?: readonly string[]
}

export interface Postgres extends ServerProcess {
  readonly port: number
  /** What a client needs. */
  readonly server: {
    readonly host: string
    readonly port: number
    readonly database: string
    readonly user: string
    readonly password: string
  }
  /** What `psql` answers, by default as its owner. */
  ask(sql: string, database?: string, as?: string): string
}

const [user, password] = ['sallyport', 'a password of the test']

export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const own = options.folder === undefined ? temporaryFolder('sallyport-postgres-') : undefined
  const folder = options.folder ?? own?.path ?? '.'
  const data = join(folder, 'data')
  if (!existsSync(data)) initialize(folder, data, options)
  const port = options.port ?? (await freePort())
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: data,
    fsync: options.isDurable ? 'on' : 'off',
    ...(options.tls === undefined ? {} : { ssl: 'on', ssl_cert_file: 'server.crt', ssl_key_file: 'server.key' }),
  }
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [program, ...begin] = asUser(join(programs, 'postgres'))
  const server = await startServer({
    program,
    words: [...begin, '-D', data, ...words, ...(options.words ?? [])],
    answers: async () => isReady(data, port),
    stopMs: 10_000,
  }).catch((error: unknown) => {
    own?.remove()
    throw error
  })
  const then = (end: () => Promise<void>) => () => end().finally(() => own?.remove())
  const ask = (sql: string, database = 'postgres', as = user): string =>
    execute('psql', ['-h', data, '-p', String(port), '-U', as, '-d', database, '-Atc', sql])
  return {
    ...server,
    port,
    server: { host: '127.0.0.1', port, database: 'postgres', user, password },
    ask,
    kill: then(server.kill),
    stop: then(server.stop),
  }
}

/** PostgreSQL refuses to run as root. */
function asUser(program: string): [string, ...string[]] {
  const account = serverUser('postgres')
  if (!account) return [program]
  return ['setpriv', `--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', program]
}

function execute(program: string, words: readonly string[]): string {
  const [first, ...rest] = asUser(join(programs, program))
  return execFileSync(first, [...rest, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' })
}

function isReady(data: string, port: number): boolean {
  try {
    execute('pg_isready', ['-q', '-h', data, '-p', String(port)])
    return true
  } catch {
    return false
  }
}

function initialize(folder: string, data: string, { tls }: PostgresOptions): void {
  giveTo(serverUser('postgres'), folder)
  const file = join(folder, 'password')
  writeFileSync(file, password)
  giveTo(serverUser('postgres'), file)
  const words = ['-D', data, '-U', user, '--pwfile', file, '--auth-host=scram-sha-256', '--auth-local=trust', '-E', 'UTF8']
  execute('initdb', [...words, '--locale=C.UTF-8', '--no-sync', '--no-instructions'])
  if (!tls) return
  for (const [from, name] of [
    [tls.certificate, 'server.crt'],
    [tls.key, 'server.key'],
  ] as const) {
    copyFileSync(from, join(data, name))
    giveTo(serverUser('postgres'), join(data, name))
    chmodSync(join(data, name), 0o600)
  }
  writeFileSync(join(data, 'pg_hba.conf'), 'local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n')
}
