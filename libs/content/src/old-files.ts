/** Deletes what is old, folder by folder, without looking at what is young. */
import { join } from 'node:path'
import { type FileOperations, systemCode } from './file-operations.ts'
import { minuteBegan, minuteMs } from './minute-folders.ts'

/** Resolves with how many files were deleted. Folders that become empty go, too. */
export async function deleteOlder(files: FileOperations, root: string, maxAgeMs: number, nowMs: number): Promise<number> {
  const madeBefore = nowMs - maxAgeMs
  let deleted = 0
  for (const day of await list(files, root)) {
    if (!/^\d{8}$/.test(day)) continue
    for (const minute of await list(files, join(root, day))) {
      const began = minuteBegan(`${day}/${minute}`)
      if (began === undefined || began >= madeBefore) continue
      const folder = join(root, day, minute)
      deleted += await deleteFiles(files, folder, began + minuteMs <= madeBefore ? undefined : madeBefore)
      if (began + minuteMs <= nowMs) await removeEmpty(files, folder)
    }
    await removeEmpty(files, join(root, day))
  }
  return deleted
}

/** All files of the folder, or those modified before. */
async function deleteFiles(files: FileOperations, folder: string, modifiedBefore: number | undefined): Promise<number> {
  let deleted = 0
  for (const name of await list(files, folder)) {
    const path = join(folder, name)
    try {
      if (modifiedBefore !== undefined && (await files.modifiedAt(path)) >= modifiedBefore) continue
      await files.unlink(path)
      deleted++
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error
    }
  }
  return deleted
}

/** A writer that finds its folder gone makes it again. */
async function removeEmpty(files: FileOperations, folder: string): Promise<void> {
  try {
    await files.rmdir(folder)
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(systemCode(error) ?? '')) throw error
  }
}

async function list(files: FileOperations, folder: string): Promise<readonly string[]> {
  try {
    return await files.list(folder)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}
