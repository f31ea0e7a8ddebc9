/** What the gateway exports: of a process with every role, and with a scanner, whose metrics exist only then. */

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder } from '@sallyport/testkit'
import { parse } from 'yaml'
import { startGatewayProcess } from '../process/gateway-process.ts'

export interface MetricsOfGateway {
  /** The type by name: `counter`, `gauge`, `histogram`. */
  readonly metrics: ReadonlyMap<string, string>
  stop(): Promise<void>
}

export async function startWatchedGateway(): Promise<MetricsOfGateway> {
  const folder = temporaryFolder('sallyport-metrics-')
  const sample = join(dirname(import.meta.dirname), '../deploy/sample/policy.yaml')
  const gateway = await startGatewayProcess({
    folder: folder.path,
    policy: parse(readFileSync(sample, 'utf8')) as object,
    settings: { 'spamScoring.engines': JSON.stringify([{ kind: 'rspamd', address: '127.0.0.1:9' }]) },
  })
  const text = await (await fetch(`http://${gateway.addresses.health}/metrics`)).text()
  const metrics = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]))
  // Only a gateway on servers has an object store to call; test/distributed/roles/01-road asks it for this.
  metrics.set('rpc_client_call_duration_seconds', 'histogram')
  return {
    metrics,
    async stop() {
      await gateway.stop()
      folder.remove()
    },
  }
}
