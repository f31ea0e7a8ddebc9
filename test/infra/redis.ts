/** Debian's Redis, private to one test, on loopback. */
import { freePort, temporaryFolder } from '@sallyport/testkit'
import { findProgram } from './find-program.ts'
import { type ServerProcess, startServer, takesConnections } from './server-process.ts'

const program = findProgram('redis-server')
/** Why tests with Redis are skipped here, or false. */
export const redisMissing = program === undefined && 'redis-server is not installed (Debian: redis-server)'

export interface RedisOptions {
  /** The port of an earlier one, for a restart. */
  readonly port?: number
  /** The data folder of an earlier one; by default one of its own, removed at the end. */
  readonly folder?: string
  /** Default false: memory only, so that a restart has lost all. */
  readonly isDurable?: boolean
  readonly words?: readonly string[]
}

export interface Redis extends ServerProcess {
  readonly port: number
  readonly url: string
}

export async function startRedis(options: RedisOptions = {}): Promise<Redis> {
  const own = options.folder === undefined ? temporaryFolder('sallyport-redis-') : undefined
  const port = options.port ?? (await freePort())
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--dir', options.folder ?? own?.path ?? '.', '--save', '']
  const durable = ['--appendonly', options.isDurable ? 'yes' : 'no', '--appendfsync', 'always']
  const server = await startServer({
    program: program ?? 'redis-server',
    words: [...words, ...durable, ...(options.words ?? [])],
    answers: () => takesConnections(port),
  }).catch((error: unknown) => {
    own?.remove()
    throw error
  })
  const then = (end: () => Promise<void>) => () => end().finally(() => own?.remove())
  return { ...server, port, url: `redis://127.0.0.1:${port}`, kill: then(server.kill), stop: then(server.stop) }
}
