/**
 * What the chart renders, in real containers of the real image on real servers: the job migrates PostgreSQL, roles become ready and
 * relay mail, `helm test`'s pod passes, and fails where anybody may relay.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { eventually, type TemporaryFolder, temporaryFolder } from '@sallyport/testkit'
import { clusterPolicy } from '../distributed/cluster/policy.ts'
import { sendOne } from '../distributed/cluster/send-one.ts'
import { clusterMissing, type Servers, startServers } from '../distributed/cluster/servers.ts'
import { baseImages } from '../infra/image/base-image.ts'
import { containersMissing } from '../infra/image/containers.ts'
import { gatewayImage } from '../infra/image/gateway-image.ts'
import { type PlayedPod, playPod } from '../infra/image/play.ts'
import { type KubernetesObject, render, type Values } from '../infra/kubernetes/chart.ts'
import { type Postgres, postgresMissing, startPostgres } from '../infra/postgres.ts'
import { type CountingSink, startCountingSink } from '../process/counting-sink.ts'

/** Each role listens where its pod would: at an address of its own, with the ports of the chart. */
const hosts = { console: '127.77.0.1', ingress: '127.77.0.2', delivery: '127.77.0.3', verdict: '127.77.0.4' } as const
type Role = keyof typeof hosts
const application = '127.0.0.9'
const token = 'token-of-the-test'

suite('rendered manifests in containers', { skip: containersMissing || clusterMissing || postgresMissing }, () => {
  let folder: TemporaryFolder
  let servers: Servers
  let postgres: Postgres
  let sink: CountingSink
  let repository: string
  let tag: string
  const pods: PlayedPod[] = []
  before(async () => {
    const [name = '', version = ''] = (await gatewayImage(await baseImages())).split(/:(?=[^:/]+$)/)
    repository = name
    tag = version
    folder = temporaryFolder('sallyport-played-')
    servers = await startServers({}, folder.path)
    postgres = await startPostgres()
    sink = await startCountingSink()
  })
  after(async () => {
    for (const pod of pods) await pod.remove()
    await sink?.stop()
    await postgres?.stop()
    await servers?.stop()
    folder?.remove()
  })

  const release = (role: Role): string => `played-${role}`
  /** One release, seen from the address of one pod. */
  const manifests = (role: Role): Promise<readonly KubernetesObject[]> => render(values(role), release(role))
  const values = (role: Role): Values => ({
    image: { repository, tag, pullPolicy: 'Never' },
    bindAddress: hosts[role],
    kafka: { brokers: servers.kafka.bootstrap, replication: 1 },
    redis: { address: `127.0.0.1:${servers.redis.port}` },
    contentStore: {
      endpoint: servers.s3.endpoint,
      bucket: servers.s3.bucket,
      accessKeyId: servers.s3.accessKey,
      existingSecret: 's3',
    },
    gatewayKey: { existingSecret: 'gateway' },
    records: { postgres: { host: '127.0.0.1', port: postgres.port, database: 'postgres', existingSecret: 'db' } },
    console: { existingSecret: 'console', service: { port: 8080 } },
    smtp: { service: { port: 2525 } },
    // As text, as --set-file gives it: helm reads the off of a tree as false.
    policy: { document: JSON.stringify(clusterPolicy(sink.port, { watched: { from: { networks: [`${application}/32`] } } })) },
  })
  const secrets = () => ({
    s3: { secretAccessKey: servers.s3.secretKey },
    gateway: { 'gateway-key': 'a key of thirty-two bytes or more, for tests' },
    db: { password: postgres.server.password },
    console: { token },
  })

  async function play(...[objects, kind, name]: [readonly KubernetesObject[], 'Deployment' | 'Job' | 'Pod', string]) {
    const pod = await playPod(objects, kind, name, secrets())
    pods.push(pod)
    return pod
  }

  /** The probe that the chart has, asked as a kubelet would. */
  async function isReady(role: Role): Promise<boolean> {
    return await fetch(`http://${hosts[role]}:8081/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
      ({ ok }) => ok,
      () => false,
    )
  }

  test('the job before an upgrade makes the tables in PostgreSQL, and ends', async () => {
    const job = await play(await manifests('console'), 'Job', `${release('console')}-sallyport-migrate`)
    assert.equal(await job.exitCode(), 0, await job.logs())
    assert.match(await job.logs(), /^migrated$/m)
    assert.equal(postgres.ask('SELECT count(*) FROM store').trim(), '1')
  })

  const roles = new Map<Role, PlayedPod>()
  for (const role of Object.keys(hosts) as Role[]) {
    test(`${role} becomes ready`, async () => {
      const pod = await play(await manifests(role), 'Deployment', `${release(role)}-sallyport-${role}`)
      roles.set(role, pod)
      await eventually(() => isReady(role), { deadlineMs: 180_000, what: `${role} is ready` }).catch(async (error: Error) => {
        throw new Error(`${error.message}\n${await pod.logs()}`, { cause: error })
      })
    })
  }

  test('a message goes through the containers to its next hop, and the console tells of it', async () => {
    const reply = await sendOne({ host: hosts.ingress, port: 2525, localAddress: application, token: 'played-1' })
    assert.equal(reply.code, 250, reply.text)
    await eventually(() => sink.received.has('played-1'), { deadlineMs: 60_000, what: 'the next hop has it' })
    const status = async (): Promise<number> =>
      (await fetch(`http://${hosts.console}:8080/api/messages/${reply.id}`, { headers: { authorization: `Bearer ${token}` } }))
        .status
    await eventually(async () => (await status()) === 200, { deadlineMs: 60_000, what: 'the console knows it' })
    assert.equal(postgres.ask(`SELECT status FROM messages WHERE id = '${reply.id}'`).trim(), 'delivered')
    const metrics = await (await fetch(`http://${hosts.console}:8081/metrics`)).text()
    for (const operation of ['BEGIN', 'INSERT', 'SELECT', 'COMMIT'])
      assert.match(
        metrics,
        new RegExp(
          `^db_client_operation_duration_seconds_count\\{db_system_name="postgresql",db_operation_name="${operation}",error_type=""\\} [1-9]`,
          'm',
        ),
      )
  })

  /** No Service routes here: their names are replaced by what they would lead to. */
  async function helmTest(smtpHost: string, smtpPort: string): Promise<PlayedPod> {
    const name = `${release('console')}-sallyport`
    const objects = (await manifests('console')).map((object) => {
      if (object.kind !== 'Pod') return object
      const [container] = object.spec.containers
      assert.deepEqual(container.args, ['/test/reach.mjs', `${name}-smtp`, '2525', `http://${name}-console:8080`, 'false'])
      const args = ['/test/reach.mjs', smtpHost, smtpPort, `http://${hosts.console}:8080`, 'false']
      return { ...object, spec: { ...object.spec, containers: [{ ...container, args }] } }
    })
    return await play(objects, 'Pod', `${name}-test`)
  }

  test('the pod of `helm test` passes: a stranger is refused, and the console asks for a token', async () => {
    const pod = await helmTest(hosts.ingress, '2525')
    assert.equal(await pod.exitCode(), 0, await pod.logs())
    assert.equal((await pod.logs()).match(/^ok: /gm)?.length, 3)
    await pod.remove()
  })

  test('the pod of `helm test` fails where a stranger may relay', async () => {
    const pod = await helmTest('127.0.0.1', String(sink.port))
    assert.equal(await pod.exitCode(), 1)
    assert.match(await pod.logs(), /a stranger is refused: 2/)
  })

  test('every role stops in order within its grace period', async () => {
    for (const [role, pod] of roles) assert.equal(await pod.stop(), 0, role)
  })
})
