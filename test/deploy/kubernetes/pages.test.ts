/** The commands of docs/kubernetes.md and of docs/operations.md's part on Kubernetes, run one after the other as they stand there. */
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TemporaryFolder, temporaryFolder } from '@sallyport/testkit'
import { askProgram } from '../../infra/ask-program.ts'
import { type Cluster, clusterMissing, startCluster } from '../../infra/kubernetes/cluster.ts'
import { controlPlanePrograms } from '../../infra/kubernetes/control-plane.ts'
import { kubernetesTool } from '../../infra/kubernetes/programs.ts'

const root = join(import.meta.dirname, '../../..')
const page = (name: string): string => readFileSync(join(root, 'docs', name), 'utf8')

/** What needs a container that really runs, and the test that runs it. */
const elsewhere: Readonly<Record<string, string>> = {
  'docker build': 'test/deploy/image.test.ts',
  'helm -n mail test': 'test/deploy/played-manifests.test.ts',
}

/** Indented lines that begin with the name of a program. */
const commandsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^ {4,}((?:docker|helm|kubectl) .+)$/gm)].map(([, command = '']) => command)

const operations = page('operations.md')
const part = operations.slice(operations.indexOf('## Production on Kubernetes'), operations.indexOf('## One machine'))
const commands = [...commandsOf(page('kubernetes.md')), ...commandsOf(part)]
const placeOf = (command: string): string | undefined => Object.entries(elsewhere).find(([start]) => command.startsWith(start))?.[1]

suite('the commands of the pages on Kubernetes', { skip: clusterMissing }, () => {
  let cluster: Cluster
  let folder: TemporaryFolder
  let isOver = false
  let balancing: Promise<void>
  before(async () => {
    cluster = await startCluster()
    folder = temporaryFolder('sallyport-pages-')
    // What the reader has by then: the chart, the values of the page, a policy, and the programs.
    mkdirSync(folder.join('deploy'))
    symlinkSync(join(root, 'deploy/helm'), folder.join('deploy/helm'))
    const [, values = ''] = /^ *```yaml\n([\s\S]*?)^ *```$/m.exec(page('kubernetes.md')) ?? []
    writeFileSync(folder.join('values.yaml'), values)
    copyFileSync(join(root, 'deploy/sample/policy.yaml'), folder.join('policy.yaml'))
    mkdirSync(folder.join('bin'))
    symlinkSync(join(await controlPlanePrograms(), 'kubectl'), folder.join('bin/kubectl'))
    symlinkSync(await kubernetesTool('helm'), folder.join('bin/helm'))
    balancing = balance()
  })
  after(async () => {
    isOver = true
    await balancing
    folder?.remove()
    await cluster?.remove()
  })

  /** What a cloud does: gives every Service of the type LoadBalancer an address. */
  async function balance(): Promise<void> {
    const status = JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } })
    const service = ['--namespace', 'mail', 'patch', 'service', 'mail-sallyport-smtp', '--subresource', 'status', '--patch', status]
    while (!isOver) {
      await cluster.tryKubectl(service)
      await sleep(2_000)
    }
  }

  test('are all here', () => {
    assert.ok(commands.length >= 14, commands.join('\n'))
    for (const file of Object.values(elsewhere)) assert.ok(existsSync(join(root, file)), file)
    for (const start of Object.keys(elsewhere))
      assert.ok(
        commands.some((command) => command.startsWith(start)),
        start,
      )
  })

  for (const command of commands.filter((each) => placeOf(each) === undefined)) {
    test(command, async () => {
      const homes = { HELM_CACHE_HOME: folder.path, HELM_CONFIG_HOME: folder.path, HELM_DATA_HOME: folder.path }
      const env = { ...homes, KUBECONFIG: cluster.kubeconfig, PATH: `${folder.join('bin')}:${process.env.PATH}` }
      const words = ['-o', 'pipefail', '-c', command]
      const { code, stdout, stderr } = await askProgram('bash', words, { cwd: folder.path, env, deadlineMs: 600_000 })
      assert.equal(code, 0, stdout + stderr)
    })
  }
})
