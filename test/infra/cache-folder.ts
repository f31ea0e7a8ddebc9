/** Where downloaded and built servers are kept between runs: `SALLYPORT_INFRA_CACHE`, or below build/. */
import { mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = process.env.SALLYPORT_INFRA_CACHE ?? join(import.meta.dirname, '../../build/infra')

/** A folder of the cache, made when missing. */
export function cacheFolder(...names: readonly string[]): string {
  const folder = join(root, ...names)
  mkdirSync(folder, { recursive: true })
  return folder
}

/** One process at a time provides what is missing; others wait for it, at most `deadlineMs` (default 10 minutes). */
export async function whileLocked<T>(name: string, provide: () => Promise<T>, deadlineMs = 600_000): Promise<T> {
  const lock = join(cacheFolder(), `.${name}.lock`)
  const end = Date.now() + deadlineMs
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch (cause) {
      if (Date.now() > end)
        throw new Error(`${lock} is held for ${deadlineMs / 60_000} minutes: delete it if no test is running`, { cause })
      await sleep(200)
    }
  }
  try {
    return await provide()
  } finally {
    rmdirSync(lock)
  }
}
