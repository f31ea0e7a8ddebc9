/**
 * Debian's rspamd, private to one test: its own folder, ports and sockets, and offline: no DNS, no fuzzy storage, no network
 * lists. Without Bayes, unless the test brings a Redis and says so in `files`.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, type TemporaryFolder, temporaryFolder } from '@sallyport/testkit'
import { findProgram } from './find-program.ts'
import { giveTo, type ServerProcess, serverUser, startServer } from './server-process.ts'

const program = findProgram('rspamd')
/** Why tests with rspamd are skipped here, or false. */
export const rspamdMissing = program === undefined && 'rspamd is not installed (Debian: rspamd)'

export interface RspamdOptions {
  /** Processes that score. Default 1. */
  readonly workers?: number
  /** Further files of `local.d`, by name, or others instead of ours: `{ 'classifier-bayes.conf': '…' }`. */
  readonly files?: Readonly<Record<string, string>>
  /** Required of those who ask the worker; literal. */
  readonly password?: string
  /** The port of an earlier one, for a restart. */
  readonly port?: number
}

export interface Rspamd extends ServerProcess {
  /** Of the scanner: `POST /checkv2`. */
  readonly port: number
  readonly socketPath: string
  /** Of the controller: `/learnspam`, `/learnham`, `/stat`. */
  readonly controllerPort: number
}

/** Compiled patterns, which take a first start most of its time; those after it find them. */
let patterns: TemporaryFolder | undefined

const networkModules =
  'antivirus arc asn bimi dcc dkim dkim_signing dmarc fuzzy_check greylist hfilter mx_check neural ratelimit rbl replies reputation rspamd_update spf surbl url_redirector whitelist'

/** Starts it and waits until it answers `/ping`. Rejects with its output. */
export async function startRspamd(options: RspamdOptions = {}): Promise<Rspamd> {
  const folder = temporaryFolder('sallyport-rspamd-')
  const user = serverUser('_rspamd')
  patterns ??= temporaryFolder('sallyport-rspamd-patterns-')
  const [port, controllerPort] = [options.port ?? (await freePort()), await freePort()]
  const paths = { conf: folder.join('conf'), db: folder.join('db'), run: folder.join('run'), log: folder.join('log') }
  for (const path of Object.values(paths)) mkdirSync(path)
  giveTo(user, patterns.path, folder.path, ...Object.values(paths))
  const socketPath = join(paths.run, 'worker.sock')
  const files: Record<string, string> = {
    ...Object.fromEntries(networkModules.split(' ').map((name) => [`${name}.conf`, 'enabled = false;'])),
    'phishing.conf': 'openphish_enabled = false; phishtank_enabled = false;',
    'actions.conf': 'reject = 15; add_header = 6; greylist = null;',
    // Nobody answers there, so a question to DNS fails at once.
    'options.inc': `dns { nameserver = ["127.0.0.1:9:1"]; timeout = 0.1s; retransmits = 1; } hs_cache_dir = "${patterns.path}/"; control_socket = "${paths.run}/control.sock mode=0600";`,
    'logging.inc': 'type = "console"; level = "warning";',
    'worker-normal.inc': [
      `bind_socket = "127.0.0.1:${port}";`,
      `bind_socket = "${socketPath} mode=0666";`,
      `count = ${options.workers ?? 1};`,
      options.password === undefined ? '' : `password = "${options.password}"; secure_ip = [];`,
    ].join('\n'),
    'worker-controller.inc': `bind_socket = "127.0.0.1:${controllerPort}"; secure_ip = "127.0.0.1"; count = 1;`,
    'worker-proxy.inc': 'enabled = false; count = -1;',
    ...options.files,
  }
  mkdirSync(join(paths.conf, 'local.d'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(paths.conf, 'local.d', name), `${text}\n`)
  const variables = { LOCAL_CONFDIR: paths.conf, DBDIR: paths.db, RUNDIR: paths.run, LOGDIR: paths.log }
  const server = await startServer({
    program: program ?? 'rspamd',
    // It compiles its rules at the start, on a busy machine for long.
    deadlineMs: 120_000,
    words: [
      '-f',
      ...(user ? ['-u', user.name, '-g', user.name] : []),
      ...Object.entries(variables).map(([name, path]) => `--var=${name}=${path}`),
    ],
    env: { LC_ALL: 'C.UTF-8' },
    answers: async () => (await fetch(`http://127.0.0.1:${port}/ping`, { signal: AbortSignal.timeout(1000) })).ok,
  }).catch((error: unknown) => {
    folder.remove()
    throw error
  })
  const then = (end: () => Promise<void>) => () => end().finally(() => folder.remove())
  return { ...server, port, socketPath, controllerPort, kill: then(server.kill), stop: then(server.stop) }
}
