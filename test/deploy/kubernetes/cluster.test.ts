/** The chart against the real API server: install, scale, upgrade, roll back, drain, uninstall. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { eventually } from '@sallyport/testkit'
import { chartFolder, helm, render, renderText, sampleValues, type Values, withValue } from '../../infra/kubernetes/chart.ts'
import { type Cluster, clusterMissing, startCluster } from '../../infra/kubernetes/cluster.ts'

const namespace = 'mail'
const release = 'mail'
const smallest = sampleValues.smallest ?? {}
const deadlineMs = 300_000

interface Listed {
  readonly metadata: {
    readonly name: string
    readonly labels: Readonly<Record<string, string>>
    readonly generation?: number
    readonly deletionTimestamp?: string
  }
  readonly spec: { readonly replicas: number; readonly nodeName?: string }
  readonly status: DeploymentStatus & { readonly disruptionsAllowed?: number }
}

interface DeploymentStatus {
  readonly observedGeneration?: number
  readonly replicas?: number
  readonly updatedReplicas?: number
  readonly availableReplicas?: number
}

/** As `kubectl rollout status` has it: `helm --wait` is content earlier, while pods of before are still there. */
const isRolledOut = ({ metadata, spec, status }: Listed): boolean =>
  status.observedGeneration === metadata.generation &&
  [status.replicas, status.updatedReplicas, status.availableReplicas].every((count) => count === spec.replicas)

suite('the chart on a cluster', { skip: clusterMissing }, () => {
  let cluster: Cluster
  before(async () => {
    cluster = await startCluster()
    for (const name of [namespace, 'kafka']) await cluster.kubectl(['create', 'namespace', name])
    await cluster.kubectl(['label', 'namespace', namespace, 'pod-security.kubernetes.io/enforce=restricted'])
    for (const name of ['sallyport-key', 'sallyport-s3']) await setSecret(name, 'first')
  })
  after(() => cluster?.remove())

  const setSecret = async (name: string, value: string): Promise<void> => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData: { 'gateway-key': value } }
    await cluster.kubectl(['apply', '--filename', '-'], JSON.stringify(secret))
  }
  const onCluster = (words: readonly string[], values?: Values): Promise<string> =>
    helm([...words, '--namespace', namespace], values, { KUBECONFIG: cluster.kubeconfig })
  const apply = (verb: 'install' | 'upgrade', values: Values): Promise<string> =>
    onCluster([verb, release, chartFolder, '--wait', '--timeout', '300s'], values)
  const list = async (kind: string): Promise<readonly Listed[]> => {
    const said = await cluster.kubectl(['--namespace', namespace, 'get', kind, '--output', 'json'])
    return (JSON.parse(said) as { readonly items: readonly Listed[] }).items
  }
  /** Names of pods by role. */
  const pods = async (): Promise<Readonly<Record<string, readonly string[]>>> => {
    const byRole: Record<string, string[]> = {}
    for (const { metadata } of await list('pods')) {
      const role = metadata.labels['app.kubernetes.io/component'] ?? ''
      byRole[role] = [...(byRole[role] ?? []), metadata.name].toSorted()
    }
    return byRole
  }
  /** Every Deployment has exactly the pods that it wants, ready, and none is left of an earlier roll-out. Rejects after five minutes. */
  const settledPods = async (): Promise<Readonly<Record<string, readonly string[]>>> => {
    await eventually(
      async () => {
        const deployments = await list('deployments')
        const wanted = deployments.reduce((sum, { spec }) => sum + spec.replicas, 0)
        const there = await list('pods')
        return deployments.every(isRolledOut) && there.length === wanted && !there.some(isLeaving)
      },
      { deadlineMs, what: 'every roll-out has ended' },
    )
    return await pods()
  }
  const isLeaving = ({ metadata }: Listed): boolean => metadata.deletionTimestamp !== undefined
  const rolled = (from: Readonly<Record<string, readonly string[]>>, to: Readonly<Record<string, readonly string[]>>): string[] =>
    Object.keys(to)
      .filter((role) => !from[role]?.some((pod) => to[role]?.includes(pod)))
      .toSorted()

  for (const [name, values] of Object.entries(sampleValues)) {
    test(`the API server takes every object of the values "${name}"`, async () => {
      const objects = (await render(values, 'checked', namespace)).map(({ metadata, ...object }) => ({
        ...object,
        metadata: object.kind === 'PriorityClass' ? metadata : { namespace, ...metadata },
      }))
      const all = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects })
      const said = await cluster.kubectl(['apply', '--dry-run=server', '--validate=strict', '--filename', '-'], all)
      assert.equal(said.trim().split('\n').length, objects.length)
    })
  }

  test('refuses a misspelt field, and a pod that is not restricted', async () => {
    const wrong = (await renderText(smallest, 'checked', namespace)).replace(
      'terminationGracePeriodSeconds',
      'terminationGraceSeconds',
    )
    const strict = ['apply', '--namespace', namespace, '--dry-run=server', '--validate=strict', '--filename', '-']
    const misspelt = await cluster.tryKubectl(strict, wrong)
    assert.match(misspelt.stderr, /unknown field "spec\.template\.spec\.terminationGraceSeconds"/)
    const privileged = await cluster.tryKubectl(['--namespace', namespace, 'run', 'loose', '--image', 'any'])
    assert.match(privileged.stderr, /violates PodSecurity "restricted/)
  })

  test('install: every Deployment is ready, its pods spread over the nodes', async () => {
    await apply('install', withValue(smallest, 'roles.ingress.replicas', 3))
    assert.equal(Object.keys(await settledPods()).length, 8)
    const ingress = (await list('pods')).filter(({ metadata }) => metadata.labels['app.kubernetes.io/component'] === 'ingress')
    assert.deepEqual(ingress.map(({ spec }) => spec.nodeName).toSorted(), cluster.nodes)
  })

  test('scaling one checker changes only it', async () => {
    const earlier = await settledPods()
    const name = `deployment/${release}-sallyport-spam-scoring`
    await cluster.kubectl(['--namespace', namespace, 'scale', name, '--replicas', '5'])
    await cluster.kubectl(['--namespace', namespace, 'rollout', 'status', name, '--timeout', '300s'])
    const later = await settledPods()
    assert.equal(later['spam-scoring']?.length, 5)
    assert.deepEqual({ ...later, 'spam-scoring': undefined }, { ...earlier, 'spam-scoring': undefined })
  })

  test('upgrade: who is not touched by a change keeps running', async () => {
    const earlier = await settledPods()
    const values = withValue(withValue(smallest, 'roles.ingress.replicas', 3), 'roles.verdict.env', [{ name: 'A', value: 'b' }])
    await apply('upgrade', values)
    assert.deepEqual(rolled(earlier, await settledPods()), ['verdict'])
  })

  test('upgrade: a setting rolls all, the key of the gateway only who signs with it', async () => {
    const values = withValue(smallest, 'settings', { log: { level: 'warn' } })
    let earlier = await settledPods()
    await apply('upgrade', values)
    let later = await settledPods()
    assert.deepEqual(rolled(earlier, later), Object.keys(later).toSorted())
    await setSecret('sallyport-key', 'second')
    earlier = later
    await apply('upgrade', values)
    later = await settledPods()
    assert.deepEqual(rolled(earlier, later), ['console', 'ingress', 'verdict'])
  })

  test('upgrade: wrong values change nothing', async () => {
    const earlier = await settledPods()
    const wrong = withValue(smallest, 'smtp.service', { type: 'LoadBalancer', externalTrafficPolicy: 'Cluster' })
    await assert.rejects(apply('upgrade', wrong), /would make an open relay/)
    assert.deepEqual(await settledPods(), earlier)
  })

  test('upgrade: what an autoscaler decided stays', async () => {
    const scaled = withValue(smallest, 'autoscaling.kind', 'hpa')
    await apply('upgrade', scaled)
    const name = `${release}-sallyport-spam-scoring`
    await cluster.kubectl(['--namespace', namespace, 'scale', `deployment/${name}`, '--replicas', '4'])
    await apply('upgrade', withValue(scaled, 'settings', { log: { level: 'debug' } }))
    const spam = (await list('deployments')).find(({ metadata }) => metadata.name === name)
    assert.equal(spam?.spec.replicas, 4)
    assert.ok((await list('horizontalpodautoscalers')).length >= 4)
  })

  test('rollback: the settings of the revision before, and every Deployment ready', async () => {
    const settings = [
      '--namespace',
      namespace,
      'get',
      'configmap',
      `${release}-sallyport`,
      '--output',
      'jsonpath={.data.sallyport\\.yaml}',
    ]
    assert.match(await cluster.kubectl(settings), /level: debug/)
    await onCluster(['rollback', release, '1', '--wait', '--timeout', '300s'], undefined)
    assert.doesNotMatch(await cluster.kubectl(settings), /level: /)
    assert.equal((await settledPods()).ingress?.length, 3)
  })

  test('a drain takes one pod of a role at a time', async () => {
    const [first = '', second = ''] = (await settledPods()).ingress ?? []
    // Nothing can be scheduled meanwhile, so that the first is not replaced.
    for (const node of cluster.nodes) await cluster.kubectl(['cordon', node])
    const evict = (pod: string) =>
      cluster.tryKubectl(
        ['create', '--raw', `/api/v1/namespaces/${namespace}/pods/${pod}/eviction`, '--filename', '-'],
        JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod, namespace } }),
      )
    assert.equal((await evict(first)).code, 0)
    await eventually(
      async () =>
        (await list('poddisruptionbudgets')).some(
          ({ metadata, status }) => metadata.name === `${release}-sallyport-ingress` && status.disruptionsAllowed === 0,
        ),
      { deadlineMs, what: 'the budget has counted the eviction' },
    )
    assert.match((await evict(second)).stderr, /would violate the pod's disruption budget/)
    for (const node of cluster.nodes) await cluster.kubectl(['uncordon', node])
    const drained = cluster.nodes[0] ?? ''
    await cluster.kubectl(['drain', drained, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout', '300s'])
    await settledPods()
    for (const { metadata, spec } of await list('pods')) assert.notEqual(spec.nodeName, drained, metadata.name)
  })

  test('uninstall leaves nothing but the records of the console', async () => {
    await onCluster(['uninstall', release, '--wait', '--timeout', '300s'], undefined)
    const kinds = 'all,configmaps,secrets,serviceaccounts,ingresses,networkpolicies,poddisruptionbudgets,horizontalpodautoscalers'
    const label = ['--selector', `app.kubernetes.io/instance=${release}`, '--output', 'name']
    await eventually(async () => (await cluster.kubectl(['--namespace', namespace, 'get', kinds, ...label])).trim() === '', {
      deadlineMs,
      what: 'everything is gone',
    })
    const kept = await cluster.kubectl(['--namespace', namespace, 'get', 'persistentvolumeclaims,priorityclasses', ...label])
    assert.equal(kept.trim(), `persistentvolumeclaim/${release}-sallyport-console`)
  })
})
