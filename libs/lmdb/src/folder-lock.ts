/** One process owns a data folder: a lock file with its pid and start time, which a dead process cannot hold. */
import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SallyportError } from '@sallyport/contracts'

interface Holder {
  readonly pid: number
  /** Tells a process from a later one that got its pid. Empty where the system does not say. */
  readonly started: string
}

export interface FolderLock {
  release(): void
}

/** Fails with DATA_FOLDER_IN_USE, naming the pid that holds it. A lock of a dead process (kill -9) is taken over. */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, 'lock.json')
  const mine: Holder = { pid: process.pid, started: startTime(process.pid) }
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      writeFileSync(path, JSON.stringify(mine), { flag: 'wx', mode: 0o600 })
      return { release: () => rmSync(path, { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const text = read(path)
    const holder = parse(text)
    if (holder && isAlive(holder)) {
      throw new SallyportError(
        'DATA_FOLDER_IN_USE',
        `the data folder ${folder} is used by process ${holder.pid}: stop that one, or set data to another folder`,
      )
    }
    removeStale(path, text)
  }
  throw new SallyportError(
    'DATA_FOLDER_IN_USE',
    `the data folder ${folder} is being taken by another process at this moment: start again, or set data to another folder`,
  )
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function parse(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'pid' in value && 'started' in value ? (value as Holder) : undefined
  } catch {
    return undefined
  }
}

/** Moved away before it is removed, so that of two that saw the stale lock only one wins and a fresh one is put back. */
function removeStale(path: string, seen: string): void {
  const aside = `${path}.${randomBytes(6).toString('hex')}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  if (read(aside) === seen) rmSync(aside, { force: true })
  else renameSync(aside, path)
}

function isAlive({ pid, started }: Holder): boolean {
  if (pid === process.pid) return started === startTime(pid)
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return started === '' || started === startTime(pid)
}

/** Field 22 of /proc/<pid>/stat, in clock ticks since boot. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
