/**
 * deploy/compose, run without containers: each service's own command, environment, files and health check, with what containers would
 * give them (names of hosts, folders, fixed ports) put in its place here. Images that no package has (Grafana) are left out.
 */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { eventually, freePort, type TemporaryFolder, temporaryFolder } from '@sallyport/testkit'
import { parse } from 'yaml'
import { sendOne } from '../distributed/cluster/send-one.ts'
import { clusterMissing } from '../distributed/cluster/servers.ts'
import { askProgram } from '../infra/ask-program.ts'
import { findProgram } from '../infra/find-program.ts'
import { goProgram } from '../infra/go-program.ts'
import { type Jaeger, startJaeger } from '../infra/jaeger.ts'
import { startKafka } from '../infra/kafka.ts'
import { versitygw } from '../infra/s3.ts'
import { startServer, takesConnections } from '../infra/server-process.ts'
import { composeFolder, composeServices, rolesOfCompose } from './compose-file.ts'

const main = join(import.meta.dirname, '../../services/gateway/src/main.ts')
const prometheus = findProgram('prometheus')
/** Each role at an address of its own, with the ports of its container. */
const hostOf = (role: string): string => `127.78.0.${rolesOfCompose().indexOf(role) + 1}`

suite('deploy/compose runs', {
  skip: clusterMissing || (prometheus === undefined && 'prometheus is not installed (Debian: prometheus)'),
}, () => {
  let folder: TemporaryFolder
  let jaeger: Jaeger
  /** By what a container knows them. */
  const places = new Map<string, string>()
  const closers: (() => Promise<unknown>)[] = []
  before(() => {
    folder = temporaryFolder('sallyport-compose-')
  })
  after(async () => {
    for (const close of closers.toReversed()) await close()
    folder.remove()
  })
  const here = (text: string): string => [...places].reduce((made, [there, place]) => made.replaceAll(there, place), text)

  test('kafka, by its environment', async () => {
    const [port, inside, controllerPort] = [await freePort(), await freePort(), await freePort()]
    const { environment = {} } = composeServices.kafka ?? {}
    const placed = (text: string): string =>
      text
        .replaceAll(/(0\.0\.0\.0|127\.0\.0\.1):9092/g, `127.0.0.1:${port}`)
        .replaceAll(/(0\.0\.0\.0|kafka):19092/g, `127.0.0.1:${inside}`)
        .replaceAll('127.0.0.1:9093', `127.0.0.1:${controllerPort}`)
    // As Kafka's own image has it: KAFKA_PROCESS_ROLES is process.roles.
    const properties = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [
        name
          .replace(/^KAFKA_/, '')
          .toLowerCase()
          .replaceAll('_', '.'),
        placed(String(value)),
      ]),
    )
    const kafka = await startKafka({ properties, port, controllerPort })
    closers.push(() => kafka.remove())
    assert.ok(await takesConnections(inside))
    places.set('kafka:19092', `127.0.0.1:${inside}`)
  })

  test('redis and the object store, by their commands', async () => {
    const port = await freePort()
    const [program = '', ...words] = composeServices.redis?.command ?? []
    mkdirSync(folder.join('redis'))
    const redis = await startServer({
      program,
      words: [...words, '--port', String(port), '--bind', '127.0.0.1', '--dir', folder.join('redis')],
      answers: () => takesConnections(port),
    })
    closers.push(() => redis.stop())
    const [ask = '', command = ''] = composeServices.redis?.healthcheck?.test.slice(1) ?? []
    assert.equal((await askProgram(ask, ['-p', String(port), command])).stdout.trim(), 'PONG')
    places.set('redis:6379', `127.0.0.1:${port}`)

    const s3Port = await freePort()
    const { entrypoint = [], environment = {} } = composeServices.s3 ?? {}
    const [shell = '', ...script] = entrypoint.map((word) =>
      word
        .replaceAll('/data', folder.join('s3'))
        .replace('/usr/local/bin/versitygw', '"$VERSITYGW"')
        .replace(':7070', `127.0.0.1:${s3Port}`),
    )
    const s3 = await startServer({
      program: shell,
      words: script,
      env: { ...environment, VERSITYGW: await goProgram(versitygw) },
      answers: () => takesConnections(s3Port),
    })
    closers.push(() => s3.stop())
    places.set('s3:7070', `127.0.0.1:${s3Port}`)
    jaeger = await startJaeger()
    closers.push(() => jaeger.stop())
    places.set('http://jaeger:4318', jaeger.endpoint)
  })

  test('every role, by its command and the files that it mounts, until its health check passes', { timeout: 300_000 }, async () => {
    const started = rolesOfCompose().map(async (role) => {
      const { command = [], healthcheck } = composeServices[role] ?? {}
      const data = folder.join(role)
      mkdirSync(data)
      const file = join(data, 'sallyport.yaml')
      const settings = here(readFileSync(join(composeFolder, 'roles.yaml'), 'utf8'))
        .replaceAll('0.0.0.0', hostOf(role))
        .replace('/var/lib/sallyport', data)
        .replace('/etc/sallyport/secrets', join(composeFolder, 'secrets'))
        .replace('/etc/sallyport/policy.yaml', join(composeFolder, '../sample/policy.yaml'))
      writeFileSync(file, settings)
      const [, , flag = '', script = ''] = healthcheck?.test ?? []
      const isHealthy = async (): Promise<boolean> =>
        (await askProgram(process.execPath, [flag, script.replace('127.0.0.1', hostOf(role))])).code === 0
      const words = command.map((word) => (word === '/etc/sallyport/sallyport.yaml' ? file : word))
      const server = await startServer({
        program: process.execPath,
        words: [main, ...words],
        env: { SALLYPORT_MIN_FREE_BYTES: '0' },
        answers: isHealthy,
        deadlineMs: 240_000,
        stopMs: 60_000,
      })
      closers.push(() => server.stop())
    })
    await Promise.all(started)
  })

  test('a message goes its way, and Jaeger has its trace', async () => {
    const reply = await sendOne({ host: hostOf('ingress'), port: 2525, from: 'invoices@example.com', token: 'compose-1' })
    assert.equal(reply.code, 250, reply.text)
    const tell = async (): Promise<{ readonly status: string; readonly traceparent: string } | undefined> => {
      const answer = await fetch(`http://${hostOf('console')}:8080/api/messages/${reply.id}`, {
        headers: { authorization: 'Bearer token-of-the-demo' },
      })
      return answer.ok ? ((await answer.json()) as { readonly status: string; readonly traceparent: string }) : undefined
    }
    await eventually(async () => (await tell())?.status === 'delivered', { deadlineMs: 60_000, what: 'the console tells of it' })
    const traceId = (await tell())?.traceparent.split('-')[1] ?? ''
    await eventually(async () => ((await jaeger.trace(traceId))?.spans.length ?? 0) > 5, {
      deadlineMs: 60_000,
      what: 'Jaeger has the trace',
    })
  })

  test('Prometheus, by its configuration, finds every role and takes the rules', async () => {
    const port = await freePort()
    const file = folder.join('prometheus.yml')
    const configuration = parse(readFileSync(join(composeFolder, 'prometheus.yml'), 'utf8'))
    const [job] = configuration.scrape_configs
    const [{ names, port: metricsPort }] = job.dns_sd_configs
    // No DNS knows the roles here.
    delete job.dns_sd_configs
    delete job.relabel_configs
    job.static_configs = [{ targets: names.map((role: string) => `${hostOf(role)}:${metricsPort}`) }]
    configuration.rule_files = [join(composeFolder, '../alerts/sallyport.yml')]
    writeFileSync(file, JSON.stringify(configuration))
    const server = await startServer({
      program: prometheus ?? '',
      words: ['--config.file', file, '--storage.tsdb.path', folder.join('prometheus'), '--web.listen-address', `127.0.0.1:${port}`],
      answers: () => takesConnections(port),
    })
    closers.push(() => server.stop())
    const ask = async (path: string) => JSON.parse(await (await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)).text()).data
    const up = async (): Promise<number> => (await ask('query?query=sum(up)')).result[0]?.value[1]
    await eventually(async () => Number(await up()) === rolesOfCompose().length, { deadlineMs: 60_000, what: 'every role is up' })
    assert.ok((await ask('rules')).groups.length > 0)
  })
})
