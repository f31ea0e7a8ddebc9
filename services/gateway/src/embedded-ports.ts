/** The ports of one machine: every adapter is embedded, durable on disk below the data folder. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openEmbeddedBus } from '@sallyport/bus'
import { openFileContent } from '@sallyport/content'
import { SallyportError, topics } from '@sallyport/contracts'
import { openEmbeddedLedger } from '@sallyport/ledger'
import { openEmbeddedLimiter } from '@sallyport/limiter'
import { openEnvironment } from '@sallyport/lmdb'
import { inProcessReplies } from '@sallyport/replies'
import { hmacSigner, systemClock } from '@sallyport/runtime'
import type { Registry } from 'prom-client'
import type { Closers } from './closers.ts'
import { gatewayKey } from './key-file.ts'
import { defaultMinFreeBytes } from './min-free-bytes.ts'
import type { GatewayPorts } from './ports.ts'
import type { GatewaySettings } from './settings.ts'
import { storeMetrics } from './store-metrics.ts'

/**
 * Content that travels inline. A record in the log of this machine costs less than a file with its folder synced, read back and
 * deleted: at 100 KiB by half (decision 0010).
 */
const maxInlineBytes = 190 * 1024

/** Opens the data folder. What was opened is pushed to `closers`, also when a later step fails. */
export async function openEmbeddedPorts(
  settings: GatewaySettings,
  closers: Closers,
  { instance, log, metrics }: Pick<GatewayPorts, 'instance' | 'log'> & { readonly metrics: Registry },
): Promise<GatewayPorts> {
  await makeFolder(settings.data)
  const environment = await openEnvironment({ path: join(settings.data, 'bus') })
  const endMetrics = storeMetrics(environment, metrics)
  closers.push('environment', () => {
    endMetrics()
    return environment.close()
  })
  const signer = hmacSigner(await gatewayKey(join(settings.data, 'gateway.key')))
  const bus = await openEmbeddedBus({ environment, topics: Object.values(topics), partitions: settings.bus.partitions })
  closers.push('bus', () => bus.close())
  const content = await openFileContent({ folder: join(settings.data, 'content') })
  closers.push('content', () => content.close())
  const ledger = await openEmbeddedLedger({ environment, clock: systemClock })
  closers.push('ledger', () => ledger.close())
  const limiter = await openEmbeddedLimiter({ environment, clock: systemClock })
  closers.push('limiter', () => limiter.close())
  const replies = inProcessReplies({ verify: (reply) => signer.verify(reply) })
  closers.push('replies', () => replies.close())
  const minFreeBytes = settings.minFreeBytes ?? (await defaultMinFreeBytes(settings.data))
  const opened = { bus, content, ledger, limiter, replies, signer, log, instance }
  return { ...opened, maxInlineBytes, durableEvents: false, minFreeBytes, troubles: () => [] }
}

/** Makes a folder below the data folder, or that itself. Fails with DATA_FOLDER_UNUSABLE. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new SallyportError(
      'DATA_FOLDER_UNUSABLE',
      `the data folder ${path} cannot be made (${(cause as Error).message}): make it writable for this user, or set data to another folder`,
      { cause },
    )
  }
}
