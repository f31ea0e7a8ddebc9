/** Where downloaded and built servers are kept between runs: `SALLYPORT_INFRA_CACHE`, or below build/. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = process.env.SALLYPORT_INFRA_CACHE ?? join(import.meta.dirname, '../../build/infra')

/** A folder of the cache, made when missing. */
export function cacheFolder(...names: readonly string[]): string {
  const folder = join(root, ...names)
  mkdirSync(folder, { recursive: true })
  return folder
}

/** What is built in the background takes its time while tests run. */
const longestMs = 3_600_000

/** One process at a time provides what is missing; others wait for it, at most `deadlineMs` (default an hour). */
export async function whileLocked<T>(name: string, provide: () => Promise<T>, deadlineMs = longestMs): Promise<T> {
  const lock = join(cacheFolder(), `.${name}.lock`)
  const end = Date.now() + deadlineMs
  for (;;) {
    try {
      mkdirSync(lock)
      writeFileSync(join(lock, 'pid'), String(process.pid))
      break
    } catch (cause) {
      if (isLeftOver(lock)) {
        rmSync(lock, { recursive: true, force: true })
        continue
      }
      if (Date.now() > end)
        throw new Error(`${lock} is held for ${deadlineMs / 60_000} minutes: delete it if no test is running`, { cause })
      await sleep(200)
    }
  }
  try {
    return await provide()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** Whether the process that held it is gone: it was killed while it provided. */
function isLeftOver(lock: string): boolean {
  try {
    const pid = Number(readFileSync(join(lock, 'pid'), 'utf8'))
    if (pid > 0) process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
