/** The kubelet of one role in a test: as many real processes of the gateway as the Deployment has running pods. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster as Gateway } from '../../distributed/cluster/cluster.ts'
import type { ClusterProcess } from '../../distributed/cluster/cluster-process.ts'
import type { Cluster } from '../../infra/kubernetes/cluster.ts'

export interface PodAgent {
  /** Processes that run now, by their pods. */
  readonly processes: ReadonlyMap<string, ClusterProcess>
  /** Annotations that all its processes have made, also those that are gone. */
  annotations(): Promise<number>
  /** Starts and stops nothing any more; what runs goes on. */
  stop(): Promise<void>
}

interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string }
  readonly status: { readonly phase: string }
}

const everyMs = 300

/** A process starts when its pod runs, and is told to stop when the pod is gone. */
export function startPodAgent(cluster: Cluster, gateway: Gateway, namespace: string, role: string): PodAgent {
  const processes = new Map<string, ClusterProcess>()
  const counted = new Map<string, number>()
  let isOver = false

  async function pods(): Promise<readonly string[]> {
    const selector = `app.kubernetes.io/component=${role}`
    const said = await cluster.kubectl(['--namespace', namespace, 'get', 'pods', '--selector', selector, '--output', 'json'])
    const { items } = JSON.parse(said) as { readonly items: readonly Pod[] }
    return items
      .filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && status.phase === 'Running')
      .map(({ metadata }) => metadata.name)
  }

  const count = async (name: string, process: ClusterProcess): Promise<void> => {
    const made = await process.metric('sallyport_check_annotations_total').catch(() => 0)
    counted.set(name, Math.max(made, counted.get(name) ?? 0))
  }

  async function follow(): Promise<void> {
    while (!isOver) {
      const wanted = await pods().catch(() => [...processes.keys()])
      for (const name of wanted) {
        if (processes.has(name)) continue
        processes.set(name, await gateway.start([role], { isAwaited: false }))
      }
      for (const [name, process] of processes) {
        if (wanted.includes(name)) continue
        await count(name, process)
        processes.delete(name)
        // As the kubelet does: it is told, and has its time.
        void process.stop()
      }
      await sleep(everyMs)
    }
  }
  const following = follow()
  return {
    processes,
    async annotations() {
      await Promise.all(Array.from(processes, ([name, process]) => count(name, process)))
      return [...counted.values()].reduce((sum, made) => sum + made, 0)
    },
    async stop() {
      isOver = true
      await following
    },
  }
}
