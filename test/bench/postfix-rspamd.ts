/**
 * What people use today for the same job: Postfix with its sender tables, rspamd as milter over a Unix socket, offline, with or
 * without a trained Bayes classifier in Redis, and postfwd2 as the policy service that limits rates.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from '@sallyport/testkit'
import { type Rspamd, startRspamd } from '../infra/rspamd.ts'
import { giveTo, serverUser, startServer, takesConnections } from '../infra/server-process.ts'
import { readCorpus } from '../quality/corpus.ts'
import { waitForPort } from './ports.ts'
import { startPostfix } from './postfix.ts'
import type { System, SystemOptions } from './system.ts'

/** Bayes answers from 200 messages of each class on. */
const learnedOfEach = 400

/** Needs root and Debian's postfix, rspamd, redis-server and postfwd; with Bayes also the labelled corpus. */
export async function startPostfixWithChecks(at: SystemOptions, { bayes }: { readonly bayes: boolean }): Promise<System> {
  const [redisPort, policyPort] = [at.port + 300, at.port + 400]
  mkdirSync(at.folder, { recursive: true })
  const redis = await startServer({
    program: 'redis-server',
    words: ['--port', String(redisPort), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    answers: () => takesConnections(redisPort),
  })
  const milterSocket = `/tmp/sallyport-bench-milter-${at.port}.sock`
  const rspamd = await startRspamd({ workers: 1, files: rspamdFiles(redisPort, milterSocket, bayes) })
  if (bayes) await learn(rspamd)
  const limits = await startPostfwd(policyPort, join(at.folder, 'postfwd'))
  const postfix = await startPostfix(at, { milterSocket, policyPort })
  return {
    ...postfix,
    name: bayes ? 'postfix-rspamd-bayes' : 'postfix-rspamd',
    pids: [...postfix.pids, rspamd.pid, limits.pid, redis.pid],
    async stop() {
      await postfix.stop()
      await Promise.all([rspamd.stop(), limits.stop(), redis.stop()])
    },
  }
}

const rspamdFiles = (redisPort: number, milterSocket: string, bayes: boolean): Readonly<Record<string, string>> => ({
  'redis.conf': `servers = "127.0.0.1:${redisPort}";`,
  'classifier-bayes.conf': bayes ? `backend = "redis"; autolearn = false; servers = "127.0.0.1:${redisPort}";` : 'enabled = false;',
  // Scored, and let through: every message is to come out at the sink and be counted.
  'actions.conf': 'reject = null; add_header = null; greylist = null;',
  'worker-proxy.inc': [
    `bind_socket = "${milterSocket} mode=0666";`,
    'milter = yes; timeout = 120s; count = 2;',
    'upstream "local" { default = yes; self_scan = yes; }',
  ].join('\n'),
})

/** It has to be a daemon: without its cache process it counts nothing. */
async function startPostfwd(port: number, folder: string): Promise<Pick<System, 'stop'> & { readonly pid: number }> {
  mkdirSync(folder, { recursive: true })
  giveTo(serverUser('nobody'), folder)
  const [rules, pidFile] = [join(folder, 'rules.cf'), join(folder, 'pid')]
  writeFileSync(rules, 'id=R1; action=rate(sender/100000000/3600/450 4.7.1 sender rate exceeded)\n')
  execFileSync('/usr/sbin/postfwd2', [
    `--file=${rules}`,
    '--interface=127.0.0.1',
    `--port=${port}`,
    '--user=nobody',
    '--group=nogroup',
    `--pidfile=${pidFile}`,
    '--no-rulestats',
    '--shortlog',
    '--norulelog',
    '--nodns',
    '--proto=tcp',
    '--cache_proto=tcp',
    '--cache_interface=127.0.0.1',
    `--cache_port=${port + 1}`,
    '--min_servers=20',
    '--max_servers=250',
    '--min_spare_servers=5',
    '--max_spare_servers=40',
    '--daemon',
  ])
  await waitForPort(port)
  const pid = Number(readFileSync(pidFile, 'utf8'))
  return {
    pid,
    async stop() {
      process.kill(pid, 'SIGTERM')
      await eventually(() => !existsSync(`/proc/${pid}`), { what: 'the end of postfwd2' })
    },
  }
}

async function learn(rspamd: Rspamd): Promise<void> {
  const corpus = readCorpus(['spamassassin'])
  if (!corpus) throw new Error('a trained Bayes classifier needs the labelled corpus beside the project')
  const learned = { ham: 0, spam: 0 }
  for (const { label, bytes } of corpus) {
    if (learned[label] >= learnedOfEach) continue
    const answer = await fetch(`http://127.0.0.1:${rspamd.controllerPort}/learn${label}`, {
      method: 'POST',
      body: Buffer.from(bytes),
    })
    if (answer.ok) learned[label]++
    if (learned.ham + learned.spam === 2 * learnedOfEach) return
  }
  throw new Error(`rspamd learned ${learned.ham} ham and ${learned.spam} spam only`)
}
