/**
 * What one replica of each role needs: CPU time for 1,000 messages and memory, of real processes on real servers. CPU time, since it hardly
 * depends on what else the machine does. `node test/deploy/scaling/role-costs.ts [MESSAGES]` prints the table of docs/scaling.md.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { everyRoleAlone, startCluster } from '../../distributed/cluster/cluster.ts'
import { enforcedAddress } from '../../distributed/cluster/policy.ts'

const messages = Number(process.argv[2] ?? 5_000)
const cluster = await startCluster({ settings: { 'bus.partitions': '12' } })
try {
  await cluster.startAll(everyRoleAlone)
  const send = async (count: number): Promise<void> => {
    const load = cluster.load({ clients: 16, messages: count, localAddress: enforcedAddress, bodyBytes: () => 8_000 })
    await load.ended
    await cluster.arrival(load, 600_000)
  }
  // Compiled, connected, and caches filled.
  await send(Math.ceil(messages / 5))
  const cpuSeconds = (): Promise<number[]> => Promise.all(cluster.processes.map((each) => each.metric('process_cpu_seconds_total')))
  // What a process needs without mail is taken off: heartbeats, polls, timers.
  const idle = await idleCores(cpuSeconds)
  const earlier = await cpuSeconds()
  const began = performance.now()
  await send(messages)
  const seconds = (performance.now() - began) / 1000
  const later = await cpuSeconds()
  console.log('| role | CPU, s per 1,000 messages | messages/s of one core | memory, MB |\n| --- | --- | --- | --- |')
  for (const [index, each] of cluster.processes.entries()) {
    const busy = (later[index] ?? 0) - (earlier[index] ?? 0) - (idle[index] ?? 0) * seconds
    const perThousand = (busy / messages) * 1_000
    const megabytes = (await each.metric('process_resident_memory_bytes')) / 1_000_000
    console.log(`| ${each.name} | ${perThousand.toFixed(2)} | ${Math.round(1_000 / perThousand)} | ${Math.round(megabytes)} |`)
  }
} finally {
  await cluster.stop()
}

/** CPU seconds a second of each process while nothing is sent. */
async function idleCores(cpuSeconds: () => Promise<number[]>): Promise<number[]> {
  const idleMs = 20_000
  await sleep(5_000)
  const earlier = await cpuSeconds()
  await sleep(idleMs)
  return (await cpuSeconds()).map((spent, index) => (spent - (earlier[index] ?? 0)) / (idleMs / 1000))
}
