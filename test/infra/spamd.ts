/** Debian's spamd, private to one test: its own folder, port and socket, and offline: local tests only, no Bayes unless asked. */
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { freePort, temporaryFolder } from '@sallyport/testkit'
import { findProgram } from './find-program.ts'
import { giveTo, type ServerProcess, serverUser, startServer } from './server-process.ts'

const program = findProgram('spamd')
/** Why tests with spamd are skipped here, or false. */
export const spamdMissing = program === undefined && 'spamd is not installed (Debian: spamd)'

export interface SpamdOptions {
  /** Processes that score. Default 1. */
  readonly children?: number
  /** Further lines of `local.cf`, after ours: `use_bayes 1`. */
  readonly lines?: readonly string[]
  /** The port of an earlier one, for a restart. */
  readonly port?: number
}

export interface Spamd extends ServerProcess {
  readonly port: number
  readonly socketPath: string
  /** `local.cf` and the `.pre` files: `sa-learn --siteconfigpath`. */
  readonly configFolder: string
}

const packageFolder = '/etc/spamassassin'

/** Starts it and waits until it answers PING, which is after its rules are compiled. Rejects with its output. */
export async function startSpamd(options: SpamdOptions = {}): Promise<Spamd> {
  const folder = temporaryFolder('sallyport-spamd-')
  const user = serverUser('debian-spamd')
  const port = options.port ?? (await freePort())
  const paths = { config: folder.join('config'), state: folder.join('state') }
  for (const path of Object.values(paths)) mkdirSync(path)
  giveTo(user, folder.path, ...Object.values(paths))
  for (const name of readdirSync(packageFolder)) {
    if (name.endsWith('.pre') && name !== 'sa-compile.pre') cpSync(`${packageFolder}/${name}`, `${paths.config}/${name}`)
  }
  const lines = [
    'use_bayes 0',
    `bayes_path ${paths.state}/bayes`,
    'bayes_auto_learn 0',
    'dns_available no',
    'skip_rbl_checks 1',
    'use_razor2 0',
    'use_pyzor 0',
    ...(options.lines ?? []),
  ]
  writeFileSync(`${paths.config}/local.cf`, `${lines.join('\n')}\n`)
  const socketPath = `${paths.state}/spamd.sock`
  const children = String(options.children ?? 1)
  const server = await startServer({
    program: program ?? 'spamd',
    words: [
      ...['-L', '-x', '-s', 'stderr', `--siteconfigpath=${paths.config}`, `--helper-home-dir=${paths.state}`],
      ...['-m', children, `--min-children=${children}`],
      ...['-i', `127.0.0.1:${port}`, `--socketpath=${socketPath}`, '--socketmode=0666'],
      ...(user ? ['-u', user.name] : []),
    ],
    env: { LC_ALL: 'C.UTF-8', HOME: paths.state },
    answers: () => pongs(port),
    deadlineMs: 60_000,
  }).catch((error: unknown) => {
    folder.remove()
    throw error
  })
  const then = (end: () => Promise<void>) => () => end().finally(() => folder.remove())
  return { ...server, port, socketPath, configFolder: paths.config, kill: then(server.kill), stop: then(server.stop) }
}

function pongs(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    let said = ''
    const socket = connect(port, '127.0.0.1', () => socket.end('PING SPAMC/1.5\r\n\r\n'))
    socket.setEncoding('latin1').on('data', (text: string) => {
      said += text
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(said.includes('PONG')))
  })
}
