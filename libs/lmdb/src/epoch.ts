/** The epoch: one more with each start after an end that was not clean, kept in a small synced file. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { SallyportError } from '@sallyport/contracts'

interface State {
  readonly epoch: number
  readonly isClean: boolean
}

/** Reads the epoch of this start, and marks the folder as in use. */
export function beginEpoch(folder: string): number {
  const last = readState(folder)
  const epoch = last ? (last.isClean ? last.epoch : last.epoch + 1) : 0
  writeState(folder, { epoch, isClean: false })
  return epoch
}

/** Marks a clean end. */
export function endEpoch(folder: string, epoch: number): void {
  writeState(folder, { epoch, isClean: true })
}

function readState(folder: string): State | undefined {
  let text: string
  try {
    text = readFileSync(join(folder, 'epoch.json'), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    const { epoch, isClean } = JSON.parse(text)
    if (Number.isSafeInteger(epoch) && epoch >= 0 && typeof isClean === 'boolean') return { epoch, isClean }
  } catch {
    // told below
  }
  throw new SallyportError(
    'DATA_FOLDER_CORRUPT',
    `${join(folder, 'epoch.json')} is corrupt: restore the data folder from a backup, or move it away to start empty`,
  )
}

function writeState(folder: string, state: State): void {
  const path = join(folder, 'epoch.json')
  const fd = openSync(`${path}.new`, 'w', 0o600)
  writeSync(fd, JSON.stringify(state))
  fsyncSync(fd)
  closeSync(fd)
  renameSync(`${path}.new`, path)
  const directory = openSync(folder, 'r')
  fsyncSync(directory)
  closeSync(directory)
}
