/** Everything promised comes to the next hop; where it does not, what the gateway knows of it is in the error. */
import { api } from '../../process/api.ts'
import type { Load } from '../../process/load.ts'
import type { Cluster } from './cluster.ts'

/** Rejects with the traces of the first that are missing, and the last words of each process. */
export async function arrivalOrTrace(cluster: Cluster, load: Load, deadlineMs = 180_000): Promise<void> {
  try {
    await cluster.arrival(load, deadlineMs)
  } catch (cause) {
    const missing = load.promised.filter(({ token }) => !cluster.sink.received.has(token)).slice(0, 3)
    const console = cluster.process('console').gateway
    const traces = await Promise.all(
      missing.map(async ({ id }) => JSON.stringify((await api(console, 'GET', `/api/messages/${id}`)).body)),
    )
    const logs = cluster.processes.map((process) => `${process.name}: ${process.log().slice(-2_500)}`)
    throw new Error([(cause as Error).message, ...traces, ...logs].join('\n\n'), { cause })
  }
}
