/**
 * Kubernetes on loopback, private to one test: etcd, the API server, the controller manager and the scheduler as they are, and
 * kwok in the place of the kubelets. Objects are validated, scheduled, rolled out and evicted for real; containers do not run,
 * and probes are not asked.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, temporaryFolder } from '@sallyport/testkit'
import { type Answer, answerOf, askProgram } from '../ask-program.ts'
import { findProgram } from '../find-program.ts'
import { goMissing, goModule } from '../go-program.ts'
import { type ServerProcess, startServer } from '../server-process.ts'
import { type Authority, makeAuthority, opensslMissing } from './authority.ts'
import { controlPlanePrograms } from './control-plane.ts'
import { customResources } from './custom-resources.ts'
import { kubernetesTool, kwokVersion } from './programs.ts'

/** Why tests with a cluster are skipped here, or false. */
export const clusterMissing =
  goMissing || opensslMissing || (findProgram('etcd') === undefined && 'etcd is not installed (Debian: etcd-server)')

export interface Cluster {
  readonly kubeconfig: string
  readonly folder: string
  /** Of the cluster: what it signs is trusted by the API server. */
  readonly authority: Authority
  /** Names of its nodes. */
  readonly nodes: readonly string[]
  /** What kubectl says. Rejects where it fails. */
  kubectl(words: readonly string[], input?: string): Promise<string>
  /** Resolves also where kubectl fails. */
  tryKubectl(words: readonly string[], input?: string): Promise<Answer>
  /** Ends all and removes their data. */
  remove(): Promise<void>
}

const nodeCount = 3
const deadlineMs = 600_000

/** Resolves when its nodes are ready, one volume can be claimed, and the custom resources of the chart are known. */
export async function startCluster(): Promise<Cluster> {
  const bin = await controlPlanePrograms()
  const folder = temporaryFolder('sallyport-kubernetes-')
  const servers: ServerProcess[] = []
  const remove = async (): Promise<void> => {
    for (const server of servers.toReversed()) await server.stop()
    folder.remove()
  }
  try {
    const authority = await makeAuthority(folder.path, 'ca')
    const [etcdPort, peerPort, apiPort] = [await freePort(), await freePort(), await freePort()]
    const kubeconfig = await writeKubeconfig(folder.join('admin.kubeconfig'), authority, apiPort)
    const start = async (program: string, words: readonly string[], answers: () => Promise<boolean>): Promise<void> => {
      servers.push(await startServer({ program, words, answers, deadlineMs: 180_000, stopMs: 20_000 }))
    }
    const env = { KUBECONFIG: kubeconfig }
    const kubectlProgram = join(bin, 'kubectl')
    const tryKubectl = (words: readonly string[], input?: string): Promise<Answer> =>
      askProgram(kubectlProgram, words, { env, deadlineMs, ...(input === undefined ? {} : { input }) })
    const kubectl = (words: readonly string[], input?: string): Promise<string> =>
      answerOf(kubectlProgram, words, { env, deadlineMs, ...(input === undefined ? {} : { input }) })
    const succeeds = async (...words: string[]): Promise<boolean> => (await tryKubectl(words)).code === 0

    await start(findProgram('etcd') ?? 'etcd', etcdWords(folder.join('etcd'), etcdPort, peerPort), () =>
      answersHttp(`http://127.0.0.1:${etcdPort}/health`),
    )
    await start(join(bin, 'kube-apiserver'), await apiServerWords(folder.path, authority, etcdPort, apiPort), () =>
      succeeds('get', '--raw', '/readyz'),
    )
    const asAdmin = [
      '--kubeconfig',
      kubeconfig,
      '--authentication-kubeconfig',
      kubeconfig,
      '--authorization-kubeconfig',
      kubeconfig,
    ]
    const beside = async (): Promise<string[]> => [
      ...asAdmin,
      ...['--bind-address', '127.0.0.1', '--secure-port', String(await freePort()), '--leader-elect=false'],
    ]
    await start(join(bin, 'kube-controller-manager'), [...(await beside()), ...controllerWords(folder.path, authority)], () =>
      succeeds('--namespace', 'default', 'get', 'serviceaccount', 'default'),
    )
    await start(join(bin, 'kube-scheduler'), await beside(), async () => true)
    const kwokPort = await freePort()
    await start(
      await kubernetesTool('kwok'),
      [
        ...['--kubeconfig', kubeconfig, '--manage-all-nodes=true', '--node-lease-duration-seconds=40'],
        ...['--server-address', `127.0.0.1:${kwokPort}`, '--config', await stages(folder.join('stages.yaml'))],
      ],
      () => answersHttp(`http://127.0.0.1:${kwokPort}/healthz`),
    )
    const nodes = Array.from({ length: nodeCount }, (_, index) => `node-${index}`)
    await kubectl(['apply', '--filename', '-'], [...nodes.map(node), volume].join('---\n'))
    await kubectl(['wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=120s'])
    for (const file of await customResources()) await kubectl(['apply', '--server-side', '--filename', file])
    return { kubeconfig, folder: folder.path, authority, nodes, kubectl, tryKubectl, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

const answersHttp = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false,
  )

function etcdWords(data: string, port: number, peerPort: number): readonly string[] {
  const [url, peer] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${peerPort}`]
  return [
    ...['--data-dir', data, '--listen-client-urls', url, '--advertise-client-urls', url],
    ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `default=${peer}`],
    '--unsafe-no-fsync',
  ]
}

async function apiServerWords(folder: string, authority: Authority, etcdPort: number, port: number): Promise<readonly string[]> {
  const names = 'IP:127.0.0.1,IP:10.96.0.1,DNS:localhost,DNS:kubernetes.default.svc'
  const server = await authority.issue('apiserver', '/CN=kube-apiserver', names)
  const proxies = await makeAuthority(folder, 'front-proxy-ca')
  const proxy = await proxies.issue('front-proxy-client', '/CN=front-proxy-client')
  const accounts = { key: join(folder, 'accounts.key'), public: join(folder, 'accounts.pub') }
  await answerOf('openssl', ['genrsa', '-out', accounts.key, '2048'])
  await answerOf('openssl', ['rsa', '-in', accounts.key, '-pubout', '-out', accounts.public])
  return [
    ...['--etcd-servers', `http://127.0.0.1:${etcdPort}`, '--bind-address', '127.0.0.1', '--advertise-address', '127.0.0.1'],
    ...['--secure-port', String(port), '--endpoint-reconciler-type', 'none', '--service-cluster-ip-range', '10.96.0.0/16'],
    // Debian's etcd 3.4 cannot say how far a watch has come, which lists that are streamed need: clients that asked for one failed, and waited
    // longer and longer between their tries. Kwok then saw a pod half a minute late.
    ...['--feature-gates', 'WatchList=false'],
    ...['--authorization-mode', 'Node,RBAC', '--tls-cert-file', server.certificate, '--tls-private-key-file', server.key],
    ...['--client-ca-file', authority.certificate, '--service-account-issuer', 'https://kubernetes.default.svc'],
    ...['--service-account-key-file', accounts.public, '--service-account-signing-key-file', accounts.key],
    ...['--requestheader-client-ca-file', proxies.certificate, '--requestheader-allowed-names', 'front-proxy-client'],
    ...['--requestheader-username-headers', 'X-Remote-User', '--requestheader-group-headers', 'X-Remote-Group'],
    ...['--requestheader-extra-headers-prefix', 'X-Remote-Extra-'],
    ...['--proxy-client-cert-file', proxy.certificate, '--proxy-client-key-file', proxy.key],
  ]
}

const controllerWords = (folder: string, authority: Authority): readonly string[] => [
  ...['--use-service-account-credentials', '--service-account-private-key-file', join(folder, 'accounts.key')],
  ...['--root-ca-file', authority.certificate, '--horizontal-pod-autoscaler-sync-period', '2s'],
  // On a busy machine kwok renews leases late, and what a node that is lost takes from its pods kwok does not give back.
  ...['--node-monitor-grace-period', '1h'],
]

async function writeKubeconfig(path: string, authority: Authority, port: number): Promise<string> {
  const admin = await authority.issue('admin', '/O=system:masters/CN=admin')
  const base64 = (file: string): string => readFileSync(file).toString('base64')
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'test',
        cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': base64(authority.certificate) },
      },
    ],
    users: [
      { name: 'admin', user: { 'client-certificate-data': base64(admin.certificate), 'client-key-data': base64(admin.key) } },
    ],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test',
  }
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 })
  return path
}

/** How kwok plays nodes and pods, from its own module: its program has none built in. */
async function stages(path: string): Promise<string> {
  const { folder } = await goModule('sigs.k8s.io/kwok', kwokVersion)
  const names = [
    'node/fast/node-initialize',
    'node/heartbeat-with-lease/node-heartbeat-with-lease',
    'pod/fast/pod-ready',
    'pod/fast/pod-complete',
    'pod/fast/pod-delete',
  ]
  const texts = names.map((name) => readFileSync(join(folder, 'kustomize/stage', `${name}.yaml`), 'utf8'))
  writeFileSync(path, texts.join('\n---\n'))
  return path
}

const node = (name: string, index: number): string => {
  const room = '{ cpu: "64", memory: 256Gi, pods: "200" }'
  return `apiVersion: v1
kind: Node
metadata:
  name: ${name}
  labels: { kubernetes.io/hostname: ${name}, kubernetes.io/os: linux, topology.kubernetes.io/zone: zone-${index} }
  annotations: { kwok.x-k8s.io/node: fake }
status: { allocatable: ${room}, capacity: ${room} }
`
}

/** Nobody makes volumes here. */
const volume = `apiVersion: v1
kind: PersistentVolume
metadata: { name: volume-0 }
spec:
  capacity: { storage: 100Gi }
  accessModes: [ReadWriteOnce]
  hostPath: { path: /nowhere }
`
