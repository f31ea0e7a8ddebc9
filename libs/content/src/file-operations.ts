/** The system calls that the file store makes, as promises; tests put failing ones in their place. */
import fs from 'node:fs'
import { promisify } from 'node:util'

export interface FileOperations {
  open(path: string, flags: string, mode?: number): Promise<number>
  /** Writes all of it at the file's position. */
  write(fd: number, bytes: Uint8Array): Promise<void>
  /** Bytes read at the file's position; 0 at its end. */
  read(fd: number, into: Uint8Array): Promise<number>
  fdatasync(fd: number): Promise<void>
  fsync(fd: number): Promise<void>
  close(fd: number): Promise<void>
  rename(from: string, to: string): Promise<void>
  unlink(path: string): Promise<void>
  mkdir(path: string): Promise<void>
  rmdir(path: string): Promise<void>
  list(path: string): Promise<readonly string[]>
  modifiedAt(path: string): Promise<number>
  freeBytes(path: string): Promise<number>
}

const mkdir = promisify(fs.mkdir)
const stat = promisify(fs.stat)
const statfs = promisify(fs.statfs)

// The callback functions: a FileHandle of fs/promises costs about twice their CPU, and this runs once per large message.
export const nodeFileOperations: FileOperations = {
  open: promisify(fs.open),
  fdatasync: promisify(fs.fdatasync),
  fsync: promisify(fs.fsync),
  close: promisify(fs.close),
  rename: promisify(fs.rename),
  unlink: promisify(fs.unlink),
  rmdir: promisify(fs.rmdir),
  list: promisify(fs.readdir),
  mkdir: async (path) => void (await mkdir(path, { recursive: true, mode: 0o700 })),
  modifiedAt: async (path) => (await stat(path)).mtimeMs,
  async freeBytes(path) {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  },
  write: (fd, bytes) =>
    new Promise((resolve, reject) => {
      const writeFrom = (at: number): void =>
        fs.write(fd, bytes, at, bytes.byteLength - at, null, (error, written) => {
          if (error) reject(error)
          else if (at + written < bytes.byteLength) writeFrom(at + written)
          else resolve()
        })
      writeFrom(0)
    }),
  read: (fd, into) =>
    new Promise((resolve, reject) => {
      fs.read(fd, into, 0, into.byteLength, null, (error, bytesRead) => (error ? reject(error) : resolve(bytesRead)))
    }),
}

/** The `code` of a system error, e.g. `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
