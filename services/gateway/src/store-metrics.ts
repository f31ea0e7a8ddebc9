/** The embedded store as metrics (design, "Rules for the embedded bus"): what it takes, what is left, and who keeps its pages. */
import type { Environment } from '@sallyport/lmdb'
import { Gauge, type Registry } from 'prom-client'

type Statistics = ReturnType<Environment['statistics']>

const gauges = [
  ['sallyport_store_file_bytes', 'Size of the file of the embedded store', 'fileBytes'],
  ['sallyport_store_used_bytes', 'Bytes of that file that were ever used', 'usedBytes'],
  ['sallyport_store_free_disk_bytes', 'Free space on the disk of the embedded store', 'freeDiskBytes'],
  [
    'sallyport_store_oldest_reader_transactions',
    'Transactions since the oldest snapshot that a reader holds, whose pages cannot be used again',
    'oldestReaderTransactions',
  ],
] as const satisfies readonly (readonly [string, string, keyof Statistics])[]

/** Asked at each scrape, once for all of them. Call what it returns before the store closes: the last figures stand then. */
export function storeMetrics(environment: Pick<Environment, 'statistics'>, metrics: Registry): () => void {
  let isOpen = true
  const made = gauges.map(([name, help, figure], at) => {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [metrics],
      collect: () => {
        if (at > 0 || !isOpen) return
        const statistics = environment.statistics()
        for (const each of made) each.gauge.set(statistics[each.figure])
      },
    })
    return { gauge, figure }
  })
  return () => {
    isOpen = false
  }
}
