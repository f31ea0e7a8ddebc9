/** The system calls that the file store makes, as promises; tests put failing ones in their place. */
import fs from 'node:fs'
import { promisify } from 'node:util'

export interface FileOperations {
  open(path: string, flags: string, mode?: number): Promise<number>
  /** Writes all of them at the file's position. */
  write(fd: number, chunks: readonly Uint8Array[]): Promise<void>
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
  write: (fd, chunks) =>
    new Promise((resolve, reject) => {
      const writeAll = (left: readonly Uint8Array[]): void =>
        fs.writev(fd, left, (error, written) => {
          if (error) return reject(error)
          const rest = after(left, written)
          if (rest.length === 0) resolve()
          else writeAll(rest)
        })
      writeAll(chunks)
    }),
  read: (fd, into) =>
    new Promise((resolve, reject) => {
      fs.read(fd, into, 0, into.byteLength, null, (error, bytesRead) => (error ? reject(error) : resolve(bytesRead)))
    }),
}

/** What is left of the chunks after so many bytes. */
export function after(chunks: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let at = bytes
  for (const [index, chunk] of chunks.entries()) {
    if (at < chunk.byteLength) return [chunk.subarray(at), ...chunks.slice(index + 1)]
    at -= chunk.byteLength
  }
  return []
}

/** The `code` of a system error, e.g. `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
