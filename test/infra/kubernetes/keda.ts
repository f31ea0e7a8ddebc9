/** KEDA's operator and its metrics adapter beside a cluster on loopback: they scale Deployments on the real lag of a real Kafka. */
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { eventually, freePort } from '@sallyport/testkit'
import { type ServerProcess, startServer, takesConnections } from '../server-process.ts'
import type { Cluster } from './cluster.ts'
import { kubernetesTool } from './programs.ts'

export interface Keda {
  /** What the operator said so far. */
  output(): string
  stop(): Promise<void>
}

const deadlineMs = 300_000

/** Resolves when the API server serves KEDA's metrics. */
export async function startKeda(cluster: Cluster): Promise<Keda> {
  const servers: ServerProcess[] = []
  const stop = async (): Promise<void> => {
    for (const server of servers.toReversed()) await server.stop()
  }
  try {
    await cluster.kubectl(['create', 'namespace', 'keda'])
    const certificates = await certificatesOf(cluster)
    const env = {
      WATCH_NAMESPACE: '',
      POD_NAMESPACE: 'keda',
      // Outside of a pod it cannot find out.
      KEDA_CLUSTER_OBJECT_NAMESPACE: 'keda',
      KEDA_HTTP_DEFAULT_TIMEOUT: '3000',
    }
    const metricsPort = await freePort()
    const healthPort = await freePort()
    const operator = await startServer({
      program: await kubernetesTool('keda'),
      env,
      words: [
        ...['--kubeconfig', cluster.kubeconfig, '--zap-encoder=console', '--zap-log-level=info'],
        ...['--metrics-bind-address', `127.0.0.1:${await freePort()}`, '--health-probe-bind-address', `127.0.0.1:${healthPort}`],
        ...['--metrics-service-bind-address', `127.0.0.1:${metricsPort}`, '--cert-dir', certificates, '--ca-dir', certificates],
        ...['--enable-cert-rotation=false', '--enable-webhook-patching=false', '--enable-apiservice-patching=false'],
      ],
      answers: () => takesConnections(metricsPort),
      deadlineMs,
    })
    servers.push(operator)
    const adapterPort = await freePort()
    const asAdmin = ['--kubeconfig', '--lister-kubeconfig', '--authentication-kubeconfig', '--authorization-kubeconfig']
    servers.push(
      await startServer({
        program: await kubernetesTool('keda-adapter'),
        env,
        words: [
          ...asAdmin.flatMap((flag) => [flag, cluster.kubeconfig]),
          ...['--secure-port', String(adapterPort), '--bind-address', '127.0.0.1', '--port', String(await freePort())],
          ...['--metrics-service-address', `localhost:${metricsPort}`, '--cert-dir', certificates],
          ...['--client-ca-file', join(certificates, 'ca.crt'), '--tls-cert-file', join(certificates, 'tls.crt')],
          ...['--tls-private-key-file', join(certificates, 'tls.key')],
        ],
        answers: () => takesConnections(adapterPort),
        deadlineMs,
      }),
    )
    await cluster.kubectl(['apply', '--filename', '-'], aggregation(adapterPort))
    const status = ['get', 'apiservice', 'v1beta1.external.metrics.k8s.io', '--output', 'jsonpath={.status.conditions[0].status}']
    await eventually(async () => (await cluster.kubectl(status)) === 'True', { deadlineMs, what: 'the metrics of KEDA are served' })
    return { output: () => operator.output(), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** What operator and adapter trust each other by, under the names that they look for. */
async function certificatesOf({ authority, folder }: Cluster): Promise<string> {
  const place = join(folder, 'keda')
  mkdirSync(place)
  const names = 'DNS:localhost,DNS:keda-operator,DNS:keda-operator.keda.svc,DNS:keda-metrics-apiserver.keda.svc,IP:127.0.0.1'
  const { certificate, key } = await authority.issue('keda', '/CN=keda-operator.keda.svc', names)
  copyFileSync(authority.certificate, join(place, 'ca.crt'))
  copyFileSync(certificate, join(place, 'tls.crt'))
  copyFileSync(key, join(place, 'tls.key'))
  return place
}

/** The API server reaches the adapter on loopback by a service that is only a name. */
const aggregation = (port: number): string => `apiVersion: v1
kind: Service
metadata: { name: keda-metrics-apiserver, namespace: keda }
spec: { type: ExternalName, externalName: localhost, ports: [{ name: https, port: ${port} }] }
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1beta1.external.metrics.k8s.io }
spec:
  service: { name: keda-metrics-apiserver, namespace: keda, port: ${port} }
  group: external.metrics.k8s.io
  version: v1beta1
  groupPriorityMinimum: 100
  versionPriority: 100
  insecureSkipTLSVerify: true
`
