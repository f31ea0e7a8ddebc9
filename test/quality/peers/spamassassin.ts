/** SpamAssassin of Debian: `spamd -L` (no network tests) with private configuration; its Bayes in a folder of its own, empty at start. */
import { execFileSync } from 'node:child_process'
import { chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuSeconds, memoryMib } from '../../bench/processes.ts'
import type { Example } from '../corpus.ts'
import { digest } from '../score-store.ts'
import type { RunningScorer, Scorer } from '../scorer.ts'
import { freePort, startChild } from './child.ts'

const user = 'debian-spamd'
const distribution = '/etc/spamassassin'

/** Needs root and Debian's spamassassin and spamd. */
export function spamassassin(hasBayes: boolean): Scorer {
  return {
    name: hasBayes ? 'SpamAssassin + Bayes' : 'SpamAssassin',
    defaultThreshold: 5,
    version: digest(execFileSync('spamd', ['--version']), localCf(hasBayes, '')),
    learns: hasBayes,
    isSlow: true,
    start: (training) => start(hasBayes, training),
  }
}

async function start(hasBayes: boolean, training: readonly Example[]): Promise<RunningScorer> {
  const folder = mkdtempSync(join(tmpdir(), 'quality-spamd-'))
  const [etc, state] = [join(folder, 'etc'), join(folder, 'state')]
  for (const path of [etc, state]) mkdirSync(path)
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' })))
  for (const path of [folder, etc, state]) chownSync(path, uid ?? 0, gid ?? 0)
  for (const name of readdirSync(distribution)) if (name.endsWith('.pre')) cpSync(join(distribution, name), join(etc, name))
  writeFileSync(join(etc, 'local.cf'), localCf(hasBayes, state))
  const port = await freePort()
  const args = [
    '-L',
    '-l',
    '-i',
    '127.0.0.1',
    '-p',
    `${port}`,
    '-m',
    '1',
    '--min-children=1',
    '-x',
    '-u',
    user,
    `--siteconfigpath=${etc}`,
    '-s',
    'stderr',
  ]
  const child = await startChild('spamd', args, port, join(folder, 'spamd.log'))
  if (hasBayes) {
    for (const { label, bytes } of training) {
      const answer = await ask(port, 'TELL', [`Message-class: ${label}`, 'Set: local'], bytes)
      if (!/^SPAMD\/[\d.]+ 0 /.test(answer)) throw new Error(`spamd did not learn: ${answer.slice(0, 200)}`)
    }
  }
  return {
    async score(content) {
      const answer = await ask(port, 'CHECK', [], content)
      const score = /^Spam: \S+ ; (-?[\d.]+) \//m.exec(answer)?.[1]
      if (score === undefined) throw new Error(`spamd gave no score: ${answer.slice(0, 200)}`)
      return Number(score)
    },
    cpuSeconds: () => cpuSeconds(child.pid),
    memoryMib: async () => memoryMib(child.pid),
    async stop() {
      await child.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function localCf(hasBayes: boolean, state: string): string {
  return `use_bayes ${hasBayes ? 1 : 0}
bayes_path ${state}/bayes
bayes_auto_learn 0
lock_method flock
dns_available no
skip_rbl_checks 1
use_razor2 0
use_pyzor 0
use_auto_welcomelist 0
`
}

/** One request of spamd's protocol; resolves with the whole answer. */
function ask(port: number, command: string, fields: readonly string[], content: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const chunks: Buffer[] = []
    socket.setTimeout(300_000, () => socket.destroy(new Error('spamd is silent')))
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.once('error', reject)
    socket.once('end', () => resolve(Buffer.concat(chunks).toString('latin1')))
    socket.write([`${command} SPAMC/1.5`, ...fields, `Content-length: ${content.length}`, '', ''].join('\r\n'))
    socket.end(content)
  })
}
