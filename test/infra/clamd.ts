/**
 * Debian's clamd, private to one test: its own folder, port and socket, and a database with one signature, that of the EICAR
 * test file, so that nothing has to be downloaded.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { freePort, temporaryFolder } from '@sallyport/testkit'
import { findProgram } from './find-program.ts'
import { giveTo, type ServerProcess, serverUser, startServer, takesConnections } from './server-process.ts'

const program = findProgram('clamd')
/** Why tests with clamd are skipped here, or false. */
export const clamdMissing = program === undefined && 'clamd is not installed (Debian: clamav-daemon)'

/** The test file of eicar.org, which every virus scanner finds and which does nothing. In two pieces: this file is none. */
export const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}', '$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('')
export const eicarSignature = 'Test.Eicar'

export interface ClamdOptions {
  /** Default 1 MiB. */
  readonly streamMaxBytes?: number
  /** The port of an earlier one, for a restart. */
  readonly port?: number
}

export interface Clamd extends ServerProcess {
  readonly port: number
  readonly socketPath: string
}

/** Starts it and waits until it takes connections. Rejects with its output. */
export async function startClamd(options: ClamdOptions = {}): Promise<Clamd> {
  const folder = temporaryFolder('sallyport-clamd-')
  const user = serverUser('clamav')
  const port = options.port ?? (await freePort())
  const paths = { database: folder.join('database'), run: folder.join('run') }
  for (const path of Object.values(paths)) mkdirSync(path)
  giveTo(user, folder.path, ...Object.values(paths))
  writeFileSync(`${paths.database}/test.ndb`, `${eicarSignature}:0:*:${Buffer.from(eicar, 'latin1').toString('hex')}\n`)
  const socketPath = `${paths.run}/clamd.sock`
  const lines = [
    'Foreground yes',
    `DatabaseDirectory ${paths.database}`,
    `TemporaryDirectory ${paths.run}`,
    `TCPSocket ${port}`,
    'TCPAddr 127.0.0.1',
    `LocalSocket ${socketPath}`,
    'LocalSocketMode 666',
    `StreamMaxLength ${options.streamMaxBytes ?? 1_048_576}`,
    'MaxThreads 2',
    'ReadTimeout 30',
    ...(user ? [`User ${user.name}`] : []),
  ]
  const config = folder.join('clamd.conf')
  writeFileSync(config, `${lines.join('\n')}\n`)
  const server = await startServer({
    program: program ?? 'clamd',
    words: [`--config-file=${config}`],
    answers: () => takesConnections(port),
  }).catch((error: unknown) => {
    folder.remove()
    throw error
  })
  const then = (end: () => Promise<void>) => () => end().finally(() => folder.remove())
  return { ...server, port, socketPath, kill: then(server.kill), stop: then(server.stop) }
}
