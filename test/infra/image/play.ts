/**
 * Rendered manifests in real containers: `podman kube play` in the place of a kubelet. What podman 4.3 lacks is said in its words: pods are
 * on the machine's own network (its servers are on loopback) and publish no port, secrets and projections of them come as ConfigMaps of their decoded
 * files, a Job is the pod that it makes. Probes are asked by the test. Everything else is as the chart has it.
 */
import { stringify } from 'yaml'
import type { KubernetesObject } from '../kubernetes/chart.ts'
import { containerLogs, podman } from './containers.ts'

/** What the cluster would hold: by the names of secrets, their keys and texts. */
export type ClusterSecrets = Readonly<Record<string, Readonly<Record<string, string>>>>

export interface PlayedPod {
  /** What its container said so far. */
  logs(): Promise<string>
  /** Resolves with the exit code, when it ends. */
  exitCode(): Promise<number>
  /** SIGTERM, and waits for the end. Resolves with the exit code. */
  stop(): Promise<number>
  remove(): Promise<void>
}

/** Starts the pod of a Deployment, a Job or a Pod among `objects`, with the ConfigMaps that it mounts. */
export async function playPod(
  objects: readonly KubernetesObject[],
  kind: 'Deployment' | 'Job' | 'Pod',
  name: string,
  secrets: ClusterSecrets = {},
): Promise<PlayedPod> {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name)
  if (!found) throw new Error(`no ${kind} ${name} is rendered`)
  const made: object[] = []
  const folders: string[] = []
  // To podman they are volumes of the machine.
  const nameOf = (volume: { readonly name: string }): string => `${name}-${volume.name}`
  const filesOf = (source: SecretSource): readonly [string, string][] => {
    const secretName = source.name ?? source.secretName ?? ''
    const secret = secrets[secretName]
    if (!secret) throw new Error(`the test has no secret ${secretName}`)
    const items = source.items ?? Object.keys(secret).map((key) => ({ key, path: key }))
    return items.map(({ key, path }) => [path, secret[key] ?? ''])
  }
  const asConfigMap = (volume: string, sources: readonly SecretSource[]): object => {
    const mapName = nameOf({ name: volume })
    const data = Object.fromEntries(sources.flatMap(filesOf))
    made.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: mapName }, data })
    return { name: mapName, configMap: { name: mapName } }
  }
  const pod = kind === 'Pod' ? found.spec : found.spec.template.spec
  const spec = {
    ...pod,
    hostNetwork: true,
    containers: pod.containers.map(({ ports: _, ...container }: Container) => ({
      ...container,
      volumeMounts: container.volumeMounts.map((mount) => ({ ...mount, name: nameOf(mount) })),
      env: (container.env ?? []).map(({ name: variable, value, valueFrom }) => ({
        name: variable,
        value: value ?? (valueFrom && secrets[valueFrom.secretKeyRef.name]?.[valueFrom.secretKeyRef.key]),
      })),
    })),
    volumes: pod.volumes.map((volume: Volume) => {
      if (volume.emptyDir) folders.push(nameOf(volume))
      if (volume.secret) return asConfigMap(volume.name, [volume.secret])
      if (volume.projected)
        return asConfigMap(
          volume.name,
          volume.projected.sources.map(({ secret }) => secret),
        )
      return { ...volume, name: nameOf(volume) }
    }),
  }
  for (const { configMap } of pod.volumes as readonly Volume[]) {
    const map = configMap && objects.find((object) => object.kind === 'ConfigMap' && object.metadata.name === configMap.name)
    if (map) made.push({ ...map, metadata: { name: map.metadata.name } })
  }
  const { metadata } = kind === 'Pod' ? found : found.spec.template
  const played =
    kind === 'Deployment'
      ? { ...found, spec: { ...found.spec, replicas: 1, template: { metadata, spec } } }
      : { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name }, spec }
  const text = [...made, played].map((each) => stringify(each)).join('---\n')
  const said = await podman(['kube', 'play', '--replace', '-'], { input: text, deadlineMs: 300_000 })
  const [, podId = '', container = ''] = /Pod:\n(\w+)\nContainer:\n(\w+)/.exec(said) ?? []
  if (container === '') throw new Error(`podman made no container:\n${said}`)
  const exitCode = async (): Promise<number> => Number((await podman(['wait', container], { deadlineMs: 300_000 })).trim())
  return {
    logs: () => containerLogs(container),
    exitCode,
    async stop() {
      await podman(['stop', '--time', String(pod.terminationGracePeriodSeconds ?? 30), container], { deadlineMs: 300_000 })
      return await exitCode()
    },
    async remove() {
      await podman(['pod', 'rm', '--force', '--time', '0', podId])
      const maps = made as readonly { readonly metadata: { readonly name: string } }[]
      for (const volume of [...maps.map(({ metadata }) => metadata.name), ...folders])
        await podman(['volume', 'rm', '--force', volume])
    },
  }
}

interface SecretSource {
  /** Of a projection; `secretName` of a volume. */
  readonly name?: string
  readonly secretName?: string
  readonly items?: readonly { readonly key: string; readonly path: string }[]
}
interface Volume {
  readonly name: string
  readonly secret?: SecretSource
  readonly projected?: { readonly sources: readonly { readonly secret: SecretSource }[] }
  readonly configMap?: { readonly name: string }
  readonly emptyDir?: object
}
interface Container {
  readonly ports?: readonly unknown[]
  readonly volumeMounts: readonly { readonly name: string }[]
  readonly env?: readonly {
    readonly name: string
    readonly value?: string
    readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } }
  }[]
}
