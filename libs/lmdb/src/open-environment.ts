/** Opens the embedded store of a data folder: locked, verified, with the epoch of this start. */
import { accessSync, constants, mkdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { SallyportError } from '@sallyport/contracts'
import { open, type RootDatabase } from 'lmdb'
import { verifyDataFile } from './data-file.ts'
import { DiskRoom } from './disk-room.ts'
import { beginEpoch, endEpoch } from './epoch.ts'
import { lockFolder } from './folder-lock.ts'
import { GroupCommit } from './group-commit.ts'
import { LmdbTable } from './lmdb-table.ts'
import type { Environment, EnvironmentOptions } from './port.ts'

const defaultMapBytes = 256 * 2 ** 30
/** A commit that failed with less than this free is taken to have found the disk full: the engine reports a short write. */
const fullBelowBytes = 4 * 2 ** 20

/**
 * Fails with DATA_FOLDER_IN_USE (another process has it), DATA_FOLDER_UNUSABLE (cannot be written), DATA_FOLDER_CORRUPT
 * (the file is damaged; it is left as it is) or STORE_FULL (no room for what a new folder needs). Each says what to do.
 */
export async function openEnvironment(options: EnvironmentOptions): Promise<Environment> {
  const { path: folder } = options
  makeWritable(folder)
  const lock = lockFolder(folder)
  try {
    verifyDataFile(join(folder, 'data.mdb'))
    const epoch = beginEpoch(folder)
    const root = openRoot(folder, options.mapBytes ?? defaultMapBytes)
    root.readerCheck()
    return environment(folder, root, epoch, lock.release)
  } catch (error) {
    lock.release()
    throw explained(folder, error)
  }
}

/** What the system says of files, in our words. */
function explained(folder: string, error: unknown): unknown {
  if (error instanceof SallyportError || !(error instanceof Error) || !('code' in error)) return error
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return full(folder, error, 'then start again')
  return new SallyportError('DATA_FOLDER_UNUSABLE', `the data folder ${folder} cannot be used: ${error.message}`, { cause: error })
}

const full = (folder: string, cause: unknown, next: string): SallyportError =>
  new SallyportError('STORE_FULL', `the disk of ${folder} is full: free space, ${next}`, { cause })

const freeBytes = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

function makeWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new SallyportError(
      'DATA_FOLDER_UNUSABLE',
      `the data folder ${folder} is not writable (${(cause as Error).message}): make it writable for this user, or set data to another folder`,
      { cause },
    )
  }
}

function openRoot(folder: string, mapSize: number): RootDatabase<Buffer, Buffer> {
  try {
    return open<Buffer, Buffer>({
      path: folder,
      noSubdir: false,
      mapSize,
      maxDbs: 32,
      maxReaders: 512,
      encoding: 'binary',
      keyEncoding: 'binary',
      cache: false,
      // We share commits ourselves, and its own batch of a turn leaves a rejected promise that nobody can handle.
      eventTurnBatching: false,
      // A commit is visible before it is on disk, and `flushed` tells when it is; recovery goes back to the last flushed one.
      overlappingSync: true,
    })
  } catch (cause) {
    if (freeBytes(folder) < fullBelowBytes) throw full(folder, cause, 'then start again')
    throw new SallyportError(
      'DATA_FOLDER_CORRUPT',
      `the store in ${folder} cannot be opened (${(cause as Error).message}): restore the data folder from a backup, or move it away to start empty`,
      { cause },
    )
  }
}

function environment(folder: string, root: RootDatabase<Buffer, Buffer>, epoch: number, release: () => void): Environment {
  const tables = new Map<string, LmdbTable>()
  const describe = (error: unknown): Error =>
    freeBytes(folder) < fullBelowBytes || /MAP_FULL|ENOSPC|No space/.test(String(error))
      ? full(folder, error, 'the gateway goes on by itself')
      : new SallyportError('BUS_UNAVAILABLE', `the store in ${folder} could not commit: ${String(error)}`, { cause: error })
  const commits = new GroupCommit(root, new DiskRoom(() => freeBytes(folder)), describe)
  return {
    epoch,
    table(name, tableOptions) {
      let table = tables.get(name)
      if (!table) {
        const database = root.openDB<Buffer, Buffer>({ name, encoding: 'binary', keyEncoding: 'binary', cache: false })
        table = new LmdbTable(database, tableOptions?.isReadInWrites ?? true)
        tables.set(name, table)
      }
      return table
    },
    write: (change, writeOptions = {}) => commits.write(change, writeOptions),
    statistics() {
      const stats = root.getStats() as { pageSize: number; lastPageNumber: number; lastTxnId: number }
      return {
        fileBytes: statSync(join(folder, 'data.mdb')).size,
        usedBytes: (stats.lastPageNumber + 1) * stats.pageSize,
        freeDiskBytes: freeBytes(folder),
        oldestReaderTransactions: oldestReader(root.readerList(), stats.lastTxnId),
      }
    },
    async close() {
      try {
        await commits.close()
        await root.close()
        // What could not be flushed may be gone with the next loss of power: then this end was not clean.
        if (!commits.isBroken) endEpoch(folder, epoch)
      } finally {
        release()
      }
    },
  }
}

/** Transactions since the oldest snapshot that a reader holds: pages freed since cannot be used again. */
function oldestReader(readerList: unknown, lastTransaction: number): number {
  const ages = Array.from(
    String(readerList).matchAll(/^\s*\d+\s+[0-9a-f]+\s+(\d+)/gm),
    (match) => lastTransaction - Number(match[1]),
  )
  return Math.max(0, ...ages)
}
