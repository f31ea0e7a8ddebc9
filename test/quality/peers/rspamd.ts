/** rspamd of Debian, offline, with private configuration and data; its Bayes on a Redis of its own, empty at start. */
import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuSeconds, memoryMib } from '../../bench/processes.ts'
import type { Example } from '../corpus.ts'
import { digest } from '../score-store.ts'
import type { RunningScorer, Scorer } from '../scorer.ts'
import { type Child, freePort, startChild } from './child.ts'
import { startRefusingDns } from './refusing-dns.ts'
import { rspamdFiles } from './rspamd-files.ts'

const bulk = 'Learn-Type: bulk'

/** Needs root and Debian's rspamd, with Bayes also redis-server. */
export function rspamd(hasBayes: boolean): Scorer {
  return {
    name: hasBayes ? 'rspamd + Bayes' : 'rspamd',
    defaultThreshold: 6,
    version: digest(
      execFileSync('rspamd', ['--version']),
      bulk,
      JSON.stringify(rspamdFiles({ folder: '', scanPort: 0, controlPort: 0, dnsPort: 0, redisPort: hasBayes ? 0 : undefined })),
    ),
    learns: hasBayes,
    isSlow: false,
    start: (training) => start(hasBayes, training),
  }
}

async function start(hasBayes: boolean, training: readonly Example[]): Promise<RunningScorer> {
  const folder = mkdtempSync(join(tmpdir(), 'quality-rspamd-'))
  const dns = await startRefusingDns()
  const children: Child[] = []
  const stop = async () => {
    for (const child of children.splice(0).reverse()) await child.stop()
    await dns.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const [scanPort, controlPort, redisPort] = [await freePort(), await freePort(), await freePort()]
    if (hasBayes) children.push(await startRedis(redisPort, folder))
    const files = rspamdFiles({ folder, scanPort, controlPort, dnsPort: dns.port, redisPort: hasBayes ? redisPort : undefined })
    children.push(await startServer(scanPort, folder, files))
    if (hasBayes) await learn(controlPort, training)
    return {
      score: (content) => check(scanPort, content),
      cpuSeconds: () => children.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0),
      memoryMib: async () => children.reduce((sum, { pid }) => sum + memoryMib(pid), 0),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function startServer(scanPort: number, folder: string, files: Readonly<Record<string, string>>): Promise<Child> {
  for (const name of ['conf/local.d', 'db', 'run', 'log']) mkdirSync(join(folder, name), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'conf/local.d', name), text)
  giveTo('_rspamd', folder, join(folder, 'db'), join(folder, 'run'), join(folder, 'log'))
  const places = { LOCAL_CONFDIR: 'conf', DBDIR: 'db', RUNDIR: 'run', LOGDIR: 'log' }
  const variables = Object.entries(places).map(([variable, name]) => `--var=${variable}=${join(folder, name)}`)
  return startChild('rspamd', ['-f', '-u', '_rspamd', '-g', '_rspamd', ...variables], scanPort, join(folder, 'rspamd.log'))
}

async function check(port: number, content: Uint8Array): Promise<number> {
  const { body } = await post(port, '/checkv2', content)
  const answer: unknown = JSON.parse(body)
  const score: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'score') : undefined
  if (typeof score !== 'number') throw new Error(`rspamd gave no score: ${body.slice(0, 200)}`)
  return score
}

/** In bulk, as `rspamc` does with a folder: otherwise it would not learn what it is sure of already. */
async function learn(port: number, training: readonly Example[]): Promise<void> {
  let learned = 0
  for (const { label, bytes } of training) {
    const { status, body } = await post(port, `/learn${label}`, bytes, [bulk])
    if (status === 200) learned++
    else if (!/learn|tokens|condition/.test(body)) throw new Error(`rspamd did not learn: ${status} ${body.slice(0, 200)}`)
  }
  if (learned < training.length * 0.9) throw new Error(`rspamd learned only ${learned} of ${training.length}`)
}

function startRedis(port: number, folder: string): Promise<Child> {
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
  return startChild('redis-server', args, port, join(folder, 'redis.log'))
}

function giveTo(user: string, ...paths: readonly string[]): void {
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' })))
  for (const path of paths) chownSync(path, uid ?? 0, gid ?? 0)
}

interface Answer {
  readonly status: number
  readonly body: string
}

/**
 * One request on a connection of its own, read to its end: when rspamd will not learn a message (it is sure of it already) it sends two answers
 * to one request, which an HTTP parser refuses; the first is taken.
 */
function post(port: number, path: string, content: Uint8Array, fields: readonly string[] = []): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const chunks: Uint8Array[] = []
    socket.setTimeout(120_000, () => socket.destroy(new Error('rspamd is silent')))
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.once('error', reject)
    socket.once('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      const headEnd = text.indexOf('\r\n\r\n')
      resolve({ status: Number(text.slice(9, 12)), body: text.slice(headEnd + 4) })
      socket.destroy()
    })
    const head = [`POST ${path} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', `Content-Length: ${content.length}`, ...fields]
    socket.write(`${head.join('\r\n')}\r\n\r\n`)
    socket.write(content)
  })
}
