/**
 * The commands of docs/operations.md that are not about Kubernetes (those: kubernetes/pages.test.ts), and those that it and the runbook name
 * within a sentence, run as they stand there.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { eventually, type TemporaryFolder, temporaryFolder } from '@sallyport/testkit'
import { sendOne } from '../distributed/cluster/send-one.ts'
import { askProgram } from '../infra/ask-program.ts'
import { inOtherRoot, otherRootMissing } from '../infra/other-root.ts'
import { type Postgres, postgresMissing, startPostgres } from '../infra/postgres.ts'
import { type GatewayProcess, startGatewayProcess } from '../process/gateway-process.ts'

const root = join(import.meta.dirname, '../..')
const page = (name: string): string => readFileSync(join(root, 'docs', name), 'utf8')
const operations = page('operations.md')
const section = (title: string): string => operations.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? ''

/** Lines that are indented by four spaces or more. */
const indented = (text: string): readonly string[] => [...text.matchAll(/^ {4,}(\S.*)$/gm)].map(([, line = '']) => line)
/** Words in the sentences of a page that begin with the name of our command line. */
const named = (text: string): readonly string[] => [...text.matchAll(/`(sallyport [^`]+)`/g)].map(([, command = '']) => command)

const machine = indented(section('One machine'))
const sql = indented(section('Records in PostgreSQL')).filter((line) => line.startsWith('CREATE '))
const settings = indented(section('Records in PostgreSQL')).filter((line) => line.startsWith('records:'))
const lines = indented(operations).filter((line) => line.startsWith('sallyport '))
/** Named for what it does, without the file that it takes. */
const onlyMentioned = ['sallyport apply']
const asked = [...new Set([...lines, ...named(operations), ...named(page('runbook.md'))])].filter(
  (each) => !onlyMentioned.includes(each),
)

test('every indented line of the page is run', () => {
  const kubernetes = indented(section('Production on Kubernetes'))
  const run = [...machine, ...sql, ...settings, ...lines, ...kubernetes]
  assert.deepEqual(
    indented(operations).filter((line) => !run.includes(line)),
    [],
  )
  for (const line of kubernetes) assert.match(line, /^(helm|kubectl) /)
  assert.ok(
    machine.length >= 12 && sql.length === 2 && settings.length === 1 && lines.length === 1 && asked.length >= 6,
    String(asked),
  )
})

suite('one machine', { skip: otherRootMissing, timeout: 900_000 }, () => {
  const host = '127.79.0.1'
  let folder: TemporaryFolder
  let service: ChildProcess | undefined
  let said = ''
  let origin: TemporaryFolder
  before(async () => {
    folder = temporaryFolder('sallyport-machine-')
    // Where the reader clones from: what is committed here, on a branch, also where this checkout is on none.
    origin = temporaryFolder('sallyport-origin-')
    const git = async (...words: string[]): Promise<void> => {
      const { code, stderr } = await askProgram('git', words, { deadlineMs: 120_000 })
      assert.equal(code, 0, stderr)
    }
    await git('clone', '--quiet', '--bare', root, origin.path)
    await git('-C', origin.path, 'branch', '--force', 'released', 'HEAD')
    await git('-C', origin.path, 'symbolic-ref', 'HEAD', 'refs/heads/released')
  })
  after(async () => {
    service?.kill('SIGKILL')
    folder.remove()
    origin.remove()
  })

  async function run(command: string): Promise<string> {
    const [program = '', ...words] = inOtherRoot(folder.path, `cd /opt/sallyport 2>/dev/null || cd /; ${command}`)
    const { code, stdout, stderr } = await askProgram(program, words, { deadlineMs: 600_000 })
    assert.equal(code, 0, stdout + stderr)
    return stdout + stderr
  }

  /** What systemd does with the unit, as far as it concerns the program: its user, its capability, its folder, its command. */
  async function start(): Promise<void> {
    const unit = readFileSync(folder.join('etc/systemd/system/sallyport.service'), 'utf8')
    const value = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1] ?? ''
    const capability = `+${value('AmbientCapabilities').replace('CAP_', '').toLowerCase()}`
    const rights = `--reuid=${value('User')} --regid=${value('Group')} --clear-groups --no-new-privs --inh-caps=-all,${capability} --ambient-caps=-all,${capability}`
    const state = `/var/lib/${value('StateDirectory')}`
    const make = `install -d -m ${value('StateDirectoryMode')} -o ${value('User')} -g ${value('Group')} ${state}`
    const command = `umask ${value('UMask')}; ${make}; cd ${value('WorkingDirectory')}; exec setpriv ${rights} env ${value('Environment')} ${value('ExecStart')}`
    const [program = '', ...words] = inOtherRoot(folder.path, command)
    said = ''
    service = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [service.stdout, service.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (said += text))
    await eventually(() => /^ready /m.test(said), { deadlineMs: 120_000, what: 'the unit is ready' }).catch((error: Error) => {
      throw new Error(`${error.message}\n${said}`, { cause: error })
    })
  }
  async function stop(): Promise<void> {
    const ended = new Promise((resolve) => service?.once('exit', resolve))
    service?.kill('SIGTERM')
    assert.equal(await ended, 0, said)
    service = undefined
  }

  /** Ports of this machine that others may have. */
  function takeOwnAddress(): void {
    const file = folder.join('etc/sallyport/sallyport.yaml')
    const listens = `health: { listen: "${host}:8081" }\nconsole: { listen: "${host}:8080" }\nminFreeBytes: 0\n`
    writeFileSync(file, readFileSync(file, 'utf8').replace('0.0.0.0', host) + listens)
  }

  for (const command of machine) {
    test(command, { timeout: 600_000 }, async () => {
      const here = command.replace('git clone …', `git clone --quiet ${origin.path}`).replace('127.0.0.1:8081', `${host}:8081`)
      const output = await run(here)
      if (command.startsWith('printf ')) takeOwnAddress()
      else if (command.startsWith('systemctl start')) {
        assert.match(output, /Running in chroot, ignoring/)
        await start()
      } else if (command.startsWith('systemctl stop')) await stop()
    })
  }

  test('mail goes through it on port 25, as a user without rights, and it stops in order', async () => {
    const reply = await sendOne({ host, port: 25, from: 'invoices@example.com', token: 'machine-1' })
    assert.equal(reply.code, 250, reply.text)
    const status = readFileSync(`/proc/${service?.pid}/status`, 'utf8')
    assert.doesNotMatch(status, /^Uid:\s+0\b/m)
    assert.match(status, /^CapEff:\s+0000000000000400$/m)
    await stop()
  })
})

suite('commands to a running gateway', { timeout: 300_000 }, () => {
  let folder: TemporaryFolder
  let gateway: GatewayProcess
  let id = ''
  before(async () => {
    folder = temporaryFolder('sallyport-page-')
    gateway = await startGatewayProcess({ folder: folder.path, settings: { policy: join(root, 'deploy/sample/policy.yaml') } })
    id = (await sendOne({ port: gateway.port('smtp'), from: 'invoices@example.com', token: 'page-1' })).id
    const trace = `http://${gateway.addresses.console}/api/messages/${id}`
    const headers = { authorization: `Bearer ${gateway.token()}` }
    await eventually(async () => (await fetch(trace, { headers })).ok, {
      deadlineMs: 60_000,
      what: 'the console knows the message',
    })
  })
  after(async () => {
    await gateway?.stop()
    folder?.remove()
  })

  for (const command of asked) {
    test(command, async () => {
      const words = command
        .replace(/\bID\b/, id)
        .replace(/\bAPP\b/, 'first-try')
        .replace(/\bFILE\b/, folder.join('backup'))
      const script = `sallyport() { "${process.execPath}" "${join(root, 'services/cli/src/main.ts')}" "$@"; }; ${words}`
      const env = { SALLYPORT_URL: `http://${gateway.addresses.console}`, SALLYPORT_TOKEN: gateway.token() }
      const { code, stdout, stderr } = await askProgram('bash', ['-c', script], { env, deadlineMs: 60_000 })
      assert.equal(code, 0, stdout + stderr)
    })
  }

  test('kill -USR2', async () => {
    assert.match(operations, /`kill -USR2` goes to `debug` and back/)
    for (const level of ['debug', 'warn']) {
      const { code } = await askProgram('kill', ['-USR2', String(gateway.pid)])
      assert.equal(code, 0)
      await eventually(() => gateway.log().includes(`"to":"${level}"`), { deadlineMs: 30_000, what: `the level is ${level}` })
    }
  })
})

suite('records in PostgreSQL', { skip: postgresMissing, timeout: 300_000 }, () => {
  let folder: TemporaryFolder
  let postgres: Postgres
  before(async () => {
    folder = temporaryFolder('sallyport-page-records-')
    postgres = await startPostgres()
    // The administrator of the page has another name than the user that it makes.
    postgres.ask('CREATE ROLE administrator SUPERUSER LOGIN')
  })
  after(async () => {
    await postgres?.stop()
    folder?.remove()
  })

  test('the administrator makes user and database, and --migrate the tables', async () => {
    postgres.ask('ALTER ROLE sallyport RENAME TO postgres', 'postgres', 'administrator')
    for (const line of sql) postgres.ask(line, 'postgres', 'administrator')
    const [password = ''] = /'(.*)'/.exec(sql[0] ?? '')?.slice(1) ?? []
    const file = folder.join('sallyport.yaml')
    // This server has no certificate; test/distributed/records/connection.test.ts has one.
    const line = (settings[0] ?? '').replace('db.example.com:5432', `127.0.0.1:${postgres.port}`).replace(/, tls: \{[^}]*\}/, '')
    writeFileSync(file, `${line}\nsecrets: ${folder.path}\ndata: ${folder.join('data')}\n`)
    writeFileSync(folder.join('postgres'), password)
    assert.match(operations, /`npm start -- --config FILE --migrate`/)
    const words = ['start', '--', '--config', file, '--migrate']
    const { code, stdout, stderr } = await askProgram('npm', words, { cwd: root, deadlineMs: 120_000 })
    assert.equal(code, 0, stdout + stderr)
    assert.equal(postgres.ask('SELECT count(*) FROM store', 'sallyport', 'sallyport').trim(), '1')
  })
})
