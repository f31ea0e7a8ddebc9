/**
 * The epoch: one more with each start after an end that was not clean. It is kept in the name of an empty file
 * (`epoch.3.open`, `epoch.3.clean`), since a rename is atomic and needs no room on a full disk.
 */
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

interface State {
  readonly file: string
  readonly epoch: number
  readonly isClean: boolean
}

/** The epoch of this start; the folder is marked as in use. */
export function beginEpoch(folder: string): number {
  const [last, ...older] = readStates(folder)
  const epoch = last ? (last.isClean ? last.epoch : last.epoch + 1) : 0
  move(folder, last?.file, `epoch.${epoch}.open`)
  // A copied folder may hold more than one.
  for (const { file } of older) rmSync(join(folder, file), { force: true })
  return epoch
}

/** Marks a clean end. */
export function endEpoch(folder: string, epoch: number): void {
  move(folder, `epoch.${epoch}.open`, `epoch.${epoch}.clean`)
}

/** The highest epoch first, and in it an end that was not clean. */
function readStates(folder: string): State[] {
  const states = readdirSync(folder).flatMap((file) => {
    const [, epoch, end] = /^epoch\.(\d{1,6})\.(open|clean)$/.exec(file) ?? []
    return epoch === undefined ? [] : [{ file, epoch: Number(epoch), isClean: end === 'clean' }]
  })
  return states.sort((a, b) => b.epoch - a.epoch || Number(a.isClean) - Number(b.isClean))
}

function move(folder: string, from: string | undefined, to: string): void {
  if (from === undefined) closeSync(openSync(join(folder, to), 'w', 0o600))
  else renameSync(join(folder, from), join(folder, to))
  const directory = openSync(folder, 'r')
  fsyncSync(directory)
  closeSync(directory)
}
