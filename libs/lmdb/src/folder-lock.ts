/**
 * One process owns a data folder, by a lock of the kernel: it ends with the process however that ends, and it holds
 * across containers that share the folder, where process ids say nothing. SQLite takes it, since Node cannot.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SallyportError } from '@sallyport/contracts'

export interface FolderLock {
  release(): void
}

/** SQLITE_BUSY: another connection, of this process or another, has the lock. */
const busy = 5

/** Keeps the locks from being collected, which would release them. */
const held = new Set<DatabaseSync>()

/** Fails with DATA_FOLDER_IN_USE, naming the process that has it, or DATA_FOLDER_UNUSABLE where files cannot be locked. */
export function lockFolder(folder: string): FolderLock {
  const note = join(folder, 'lock.json')
  const lock = take(folder, note)
  held.add(lock)
  try {
    writeFileSync(note, JSON.stringify({ pid: process.pid, host: hostname() }), { mode: 0o600 })
  } catch {
    // Only what another process would be told is missing: no reason not to start on a full disk.
  }
  return {
    release() {
      if (!held.delete(lock)) return
      rmSync(note, { force: true })
      lock.close()
    },
  }
}

function take(folder: string, note: string): DatabaseSync {
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(join(folder, 'lock'), { timeout: 0 })
    // Nothing is ever written to this database: an exclusive transaction that stays open is the lock.
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (cause) {
    lock?.close()
    if (cause instanceof Error && 'errcode' in cause && cause.errcode === busy) {
      throw new SallyportError(
        'DATA_FOLDER_IN_USE',
        `the data folder ${folder} is used by ${holder(note)}: stop that one, or set data to another folder`,
      )
    }
    throw new SallyportError(
      'DATA_FOLDER_UNUSABLE',
      `${join(folder, 'lock')} cannot be locked (${String(cause)}): set data to a folder on a local disk that this user may write`,
      { cause },
    )
  }
}

/** What the holder wrote about itself. */
function holder(note: string): string {
  try {
    const written: unknown = JSON.parse(readFileSync(note, 'utf8'))
    if (typeof written === 'object' && written !== null && 'pid' in written && 'host' in written) {
      return `process ${String(written.pid)}${written.host === hostname() ? '' : ` on ${String(written.host)}`}`
    }
  } catch {
    // It had no room for the note, or is about to write it.
  }
  return 'another process'
}
